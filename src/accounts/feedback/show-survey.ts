import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import { claims, known, row } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { isStanding } from '../account-machine.js'
import { accounts, challenges } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import { surveySpace } from './answer-survey.js'
import type { ShowSurveyInput } from './feedback-inputs.js'
import { parseShowSurvey } from './feedback-inputs.schema.js'
import { type SurveyQuestion, type SurveyStage, surveyDue } from './survey.js'
import { surveyStandings } from './survey-standing.schema.js'

/** What somebody is asked now. */
export type SurveyShown =
  | { readonly stage: SurveyStage; readonly questions: Readonly<Record<string, SurveyQuestion>> }
  /** Nothing before `from`; null where nothing will be. */
  | { readonly stage: null; readonly from: Instant | null }

/**
 * Says what a person is asked about the shop now: a visitor whose sign-up waits for its code, or a person with an account
 * when it is due. Whoever answered or declined is not asked again before the policy says so.
 *
 * @errors QueryError
 */
export const showSurvey = (
  ports: AccountsPorts,
  context: QueryContext,
  input: ShowSurveyInput = {},
): ResultAsync<SurveyShown, QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.survey',
    parse: parseShowSurvey,
    plan: ({ actor, input: { challengeId } }) => {
      const accountId = actor.kind === 'customer' ? actor.accountId : undefined
      return {
        account: accountId === undefined ? known(undefined) : row(accounts, accountId),
        standing: accountId === undefined ? known(undefined) : row(surveyStandings, accountId),
        challenge: challengeId === undefined ? known(undefined) : row(challenges, challengeId),
        replied: claims(surveySpace, challengeId === undefined ? [] : [challengeId]),
      }
    },
    answer: ({ account, standing, challenge, replied }, { now }) => {
      const { survey } = ports.accountsPolicy
      const show = (stage: SurveyStage): SurveyShown => ({ stage, questions: survey.questions[stage] })
      if (account !== undefined && isStanding(account.state)) {
        const { stage, from } = surveyDue(survey, account.state.activatedAt, standing?.state, now)
        return ok<SurveyShown, never>(stage === null ? { stage, from } : show(stage))
      }
      // As `answerSurvey` takes it: of a sign-up, and once.
      const isAsked =
        challenge?.state.purpose === 'activate' &&
        !replied.has(challenge.id) &&
        Object.keys(survey.questions.signUp).length > 0
      return ok<SurveyShown, never>(isAsked ? show('signUp') : { stage: null, from: null })
    },
  })
