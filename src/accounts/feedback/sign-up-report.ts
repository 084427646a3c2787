import { ok, type ResultAsync } from 'neverthrow'
import { counters } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { AccountsPorts } from '../ports.js'
import type { MonthsInput } from './feedback-inputs.js'
import { monthsOf, parseMonths } from './feedback-inputs.schema.js'
import {
  feedbackTallies,
  providerTally,
  type SignUpStep,
  signUpSteps,
  stepTally,
  stepTimeBounds,
} from './feedback-tally.js'

/** A step of a sign-up in a month: how many came to it, and how long it took. */
export type SignUpStepReport = {
  readonly step: SignUpStep
  readonly reached: number
  /** Of those who came to the step before, those who did not come to this one; null for the first. */
  readonly lost: number | null
  /** How many took no longer than the bound, milliseconds, and longer than the one before; null is past the last. */
  readonly times: readonly { readonly upToMs: number | null; readonly count: number }[]
  /** The bound within which half of them were done; null where no time is known, or it is past the last. */
  readonly medianUpToMs: number | null
}

/** What sign-ups of a month came to. */
export type SignUpMonth = {
  readonly month: string
  readonly steps: readonly SignUpStepReport[]
  /** How many came by a third party that vouches for them, beside: they are registered at once, and lost at no step. */
  readonly byProvider: number
}

/**
 * Shows staff how far sign-ups came, month by month, and how long each step took, with nobody named. A sign-up counts in the
 * month in which its step before was done.
 *
 * @errors QueryError
 */
export const reportSignUps = (
  ports: AccountsPorts,
  context: QueryContext,
  input: MonthsInput,
): ResultAsync<{ readonly months: readonly SignUpMonth[] }, QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.signUpReport',
    parse: parseMonths,
    plan: ({ input }) => ({
      counted: counters(
        feedbackTallies,
        monthsOf(input).flatMap((month) =>
          signUpSteps
            .flatMap((step) => [stepTally(step, month), ...bounds.map((bound) => stepTally(step, month, bound))])
            .concat(providerTally(month)),
        ),
      ),
    }),
    answer: ({ counted }, { input }) =>
      ok({
        months: monthsOf(input).map((month) => ({
          month,
          byProvider: counted.get(providerTally(month)) ?? 0,
          steps: signUpSteps.map((step, place) => {
            const reached = counted.get(stepTally(step, month)) ?? 0
            const before = signUpSteps[place - 1]
            const came = before === undefined ? null : (counted.get(stepTally(before, month)) ?? 0)
            const times = bounds.map((upToMs) => ({ upToMs, count: counted.get(stepTally(step, month, upToMs)) ?? 0 }))
            return {
              step,
              reached,
              // A form that was not opened by `openSignUp` may be sent all the same.
              lost: came === null ? null : Math.max(0, came - reached),
              times,
              medianUpToMs: medianOf(times),
            }
          }),
        })),
      }),
  })

const bounds: readonly (number | null)[] = [...stepTimeBounds, null]

const medianOf = (times: SignUpStepReport['times']): number | null => {
  const all = times.reduce((sum, { count }) => sum + count, 0)
  let sofar = 0
  for (const { upToMs, count } of times) {
    sofar += count
    if (all > 0 && sofar * 2 >= all) return upToMs
  }
  return null
}
