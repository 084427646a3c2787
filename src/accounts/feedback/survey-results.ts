import { ok, type ResultAsync } from 'neverthrow'
import { counters } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { AccountsPorts } from '../ports.js'
import type { MonthsInput } from './feedback-inputs.js'
import { monthsOf, parseMonths } from './feedback-inputs.schema.js'
import { feedbackTallies, monthOf, optionTally, surveyTally } from './feedback-tally.js'
import { optionsOf, type SurveyPolicy, type SurveyStage, surveyStages } from './survey.js'

/** What people said in a month, of a stage. */
export type SurveyMonth = {
  readonly month: string
  readonly stage: SurveyStage
  /**
   * Null where nothing is told: the month is not over, so that nobody sees a single answer come in, or too few answered.
   */
  readonly told: {
    readonly answered: number
    readonly declined: number
    /** How many chose each option, by question; null where too few answered the question. */
    readonly questions: Readonly<Record<string, Readonly<Record<string, number>> | null>>
  } | null
  readonly because: 'notOver' | 'tooFew' | null
}

/** The fewest answers that may be told of, whatever the policy says. */
const fewestTold = 5

/**
 * Shows staff what people said, in sums of whole months and with nobody named. That staff asked stands in the audit log.
 *
 * @errors QueryError
 */
export const surveyResults = (
  ports: AccountsPorts,
  context: QueryContext,
  input: MonthsInput,
): ResultAsync<{ readonly months: readonly SurveyMonth[] }, QueryError> => {
  const { survey } = ports.accountsPolicy
  return runQuery(ports, context, input, {
    action: 'accounts.surveyResults',
    parse: parseMonths,
    about: ({ input: { from, to } }) => `survey:${from}:${to}`,
    plan: ({ input }) => ({
      counted: counters(
        feedbackTallies,
        monthsOf(input).flatMap((month) => idsOf(survey, month)),
      ),
    }),
    answer: ({ counted }, { input, now }) =>
      ok({
        months: monthsOf(input).flatMap((month) =>
          surveyStages.map((stage) => tellMonth(survey, { month, stage, isOver: month < monthOf(now) }, counted)),
        ),
      }),
  })
}

const idsOf = ({ questions }: SurveyPolicy, month: string): readonly string[] =>
  surveyStages.flatMap((stage) => [
    surveyTally(stage, 'answered', month),
    surveyTally(stage, 'declined', month),
    ...Object.entries(questions[stage]).flatMap(([name, question]) =>
      optionsOf(question).map((option) => optionTally(stage, name, option, month)),
    ),
  ])

const tellMonth = (
  { questions, tellFrom }: SurveyPolicy,
  { month, stage, isOver }: { readonly month: string; readonly stage: SurveyStage; readonly isOver: boolean },
  counted: ReadonlyMap<string, number>,
): SurveyMonth => {
  const fewest = Math.max(tellFrom, fewestTold)
  const countOf = (id: string): number => counted.get(id) ?? 0
  const answered = countOf(surveyTally(stage, 'answered', month))
  if (!isOver) return { month, stage, told: null, because: 'notOver' }
  if (answered < fewest) return { month, stage, told: null, because: 'tooFew' }
  const tellQuestion = (name: string, options: readonly string[]) => {
    const counts = options.map((option) => [option, countOf(optionTally(stage, name, option, month))] as const)
    return counts.reduce((sum, [, count]) => sum + count, 0) < fewest ? null : Object.fromEntries(counts)
  }
  return {
    month,
    stage,
    because: null,
    told: {
      answered,
      declined: countOf(surveyTally(stage, 'declined', month)),
      questions: Object.fromEntries(
        Object.entries(questions[stage]).map(([name, question]) => [name, tellQuestion(name, optionsOf(question))]),
      ),
    },
  }
}
