import type { CounterFamily } from '../../shared/collection.js'
import { adjust, type Change } from '../../shared/commit.js'
import { hoursMs, type Instant, minutesMs, secondsMs } from '../../shared/instant.js'
import type { SurveyStage } from './survey.js'

/**
 * What sign-ups and surveys came to, by month of UTC: `signUp/STEP@2026-11`, `signUp/STEP/SECONDS@2026-11`,
 * `signUp/byProvider@2026-11`, `survey/STAGE/answered@2026-11`, `survey/STAGE/QUESTION/OPTION@2026-11`. Nobody is named by them, and no answer is kept
 * anywhere else.
 */
export const feedbackTallies: CounterFamily = { name: 'feedbackTally', rank: 11, minimum: 0 }

/** The steps of a sign-up: the form was opened, it was sent with what it asks, its code came back. */
export const signUpSteps = ['opened', 'registered', 'activated'] as const

export type SignUpStep = (typeof signUpSteps)[number]

/** How long a step took is told within these bounds, milliseconds; what took longer is past the last. */
export const stepTimeBounds: readonly number[] = [
  30 * secondsMs,
  minutesMs,
  2 * minutesMs,
  5 * minutesMs,
  15 * minutesMs,
  hoursMs,
  6 * hoursMs,
]

/** The month of a moment, of UTC (`2026-11`). */
export const monthOf = (at: Instant): string => new Date(at).toISOString().slice(0, 7)

/** The tally of a step, or of those of them that took no longer than a bound; null is past the last. */
export const stepTally = (step: SignUpStep, month: string, bound?: number | null): string =>
  `signUp/${step}${bound === undefined ? '' : `/${bound === null ? 'longer' : bound / secondsMs}`}@${month}`

/** The tally of those who were registered by a third party: in one step, by no form. */
export const providerTally = (month: string): string => `signUp/byProvider@${month}`

/** The tally of a survey, or of an option of a question of it. */
export const surveyTally = (stage: SurveyStage, what: 'answered' | 'declined', month: string): string =>
  `survey/${stage}/${what}@${month}`

/** The tally of an option of a question. */
export const optionTally = (stage: SurveyStage, question: string, option: string, month: string): string =>
  `survey/${stage}/${encodeURIComponent(question)}/${encodeURIComponent(option)}@${month}`

/** Adds one to a tally. */
export const countOne = (id: string): Change => adjust(feedbackTallies, { id, by: 1 })

/**
 * Counts a step of a sign-up, and how long it took where that is known.
 *
 * @param began - when the step before was done; a moment after `at` counts as that moment
 */
export const countStep = (
  step: SignUpStep,
  {
    began,
    at,
    month = monthOf(at),
  }: { readonly began?: Instant | undefined; readonly at: Instant; readonly month?: string },
): readonly Change[] => {
  if (began === undefined) return [countOne(stepTally(step, month))]
  const bound = stepTimeBounds.find((each) => at - began <= each) ?? null
  return [countOne(stepTally(step, month)), countOne(stepTally(step, month, bound))]
}
