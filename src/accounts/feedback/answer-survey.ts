import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { type Change, claim, expectRow, put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { daysMs, type Instant } from '../../shared/instant.js'
import { known, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { isStanding } from '../account-machine.js'
import { accounts, challenges } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { AnswerSurveyInput } from './feedback-inputs.js'
import { parseAnswerSurvey } from './feedback-inputs.schema.js'
import { countOne, monthOf, optionTally, surveyTally } from './feedback-tally.js'
import { judgeAnswers, type SurveyAnswerRefused, type SurveyNotDue, type SurveyPolicy, surveyDue } from './survey.js'
import { surveyStandings } from './survey-standing.schema.js'

/** Why a reply to a survey is not taken. */
export type AnswerSurveyError = SurveyNotDue | SurveyAnswerRefused | CommandError

/** A reply was counted. */
export type SurveyAnswered = { readonly stage: AnswerSurveyInput['stage'] }

/** Sign-ups of which a reply was taken, by the id of their challenge. */
export const surveySpace = 'survey'
// A sign-up is over by then, and its challenge is swept.
const claimedMs = 31 * daysMs

/**
 * Takes in a reply to a survey. What was said is counted and stands nowhere with whoever said it; of a person with an
 * account is kept when they were asked, so that they are not asked again too soon.
 *
 * @errors SurveyNotDue, SurveyAnswerRefused, CommandError
 */
export const answerSurvey = (
  ports: AccountsPorts,
  context: CommandContext,
  input: AnswerSurveyInput,
): ResultAsync<SurveyAnswered, AnswerSurveyError> => {
  const typed = parseAnswerSurvey(input)
  const reply = typed.match(
    (given) => given.reply,
    (): AnswerSurveyInput['reply'] => ({ kind: 'declined' }),
  )
  const { survey } = ports.accountsPolicy
  return runCommand(ports, context, input, {
    action: 'accounts.answerSurvey',
    // The answers stay out of what is remembered of the command, which names its actor.
    parse: () => typed.map(({ reply: _, ...rest }) => rest),
    plan: ({ actor, input: { challengeId } }) => {
      const accountId = actor.kind === 'customer' ? actor.accountId : undefined
      return {
        account: accountId === undefined ? known(undefined) : row(accounts, accountId),
        standing: accountId === undefined ? known(undefined) : row(surveyStandings, accountId),
        challenge: challengeId === undefined ? known(undefined) : row(challenges, challengeId),
      }
    },
    decide: ({ account, standing, challenge }, { input: { stage }, now: at }) => {
      const notDue = err<Decision<SurveyAnswered>, AnswerSurveyError>({ type: 'SurveyNotDue', stage })
      const counted = countReply(survey, stage, reply, at)
      if (stage === 'signUp') {
        const waits = challenge?.state.purpose === 'activate' && Object.keys(survey.questions.signUp).length > 0
        if (!waits || challenge === undefined) return notDue
        const once = { space: surveySpace, key: challenge.id, owner: stage, expiresAt: at + claimedMs }
        return counted.map((changes) => ({ answer: { stage }, changes: [...changes, claim(once)] }))
      }
      if (account === undefined || !isStanding(account.state)) return notDue
      if (surveyDue(survey, account.state.activatedAt, standing?.state, at).stage !== stage) return notDue
      const accountId = account.id
      return counted.map((changes) => ({
        answer: { stage },
        changes: [
          ...changes,
          expectRow(accounts, account),
          put(surveyStandings, {
            id: accountId,
            version: standing?.version ?? 0,
            state: { ...standing?.state, accountId, ...(stage === 'welcome' ? { welcomeAt: at } : { periodicAt: at }) },
          }),
        ],
      }))
    },
    claimed: (taken) =>
      taken.space === surveySpace ? err({ type: 'SurveyNotDue' as const, stage: 'signUp' as const }) : undefined,
  })
}

const countReply = (
  { questions }: SurveyPolicy,
  stage: AnswerSurveyInput['stage'],
  reply: AnswerSurveyInput['reply'],
  at: Instant,
): Result<readonly Change[], SurveyAnswerRefused> => {
  const month = monthOf(at)
  if (reply.kind === 'declined') return ok([countOne(surveyTally(stage, 'declined', month))])
  return judgeAnswers(questions[stage], reply.answers).map((given) => [
    countOne(surveyTally(stage, 'answered', month)),
    ...given.map(([question, option]) => countOne(optionTally(stage, question, option, month))),
  ])
}
