import { type Change, put } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { rows, type Stored } from '../shared/read-plan.js'
import { signInGuards } from './accounts.schema.js'
import type { FailureLine } from './budgets.js'
import type { SignInGuard, SignInGuardEvent } from './sign-in-guard.js'

// A counter tells nobody anything; that one was used up stands in a row of its own, written once.
const prefix = 'spent:'

/** Asks which of the counters of failed sign-ins are known to be used up. */
export const askAlarms = (lines: readonly FailureLine[]) =>
  rows(
    signInGuards,
    lines.map(({ id }) => `${prefix}${id}`),
  )

/**
 * Tells, once for each counter and window, that it is used up: by the failure that takes the last of it, or by the first
 * that finds nothing left.
 *
 * @param counts - whether this failure is taken from the counters
 */
export const raiseAlarms = (
  lines: readonly FailureLine[],
  {
    left,
    raised,
    counts,
    at,
  }: {
    readonly left: ReadonlyMap<string, number>
    readonly raised: readonly Stored<SignInGuard>[]
    readonly counts: boolean
    readonly at: Instant
  },
): readonly Change[] =>
  lines
    .filter(({ id, codes }) => (left.get(id) ?? codes) <= (counts ? 1 : 0))
    .filter(({ id }) => !raised.some((row) => row.id === `${prefix}${id}`))
    .map(({ id, of, endsAt: until }) => {
      const event: SignInGuardEvent = { type: 'FailuresSpent', of, until }
      const state: SignInGuard = { restsSince: at, failures: 0, consecutive: 0, lastFailureAt: at, lockedUntil: at }
      return put(signInGuards, { id: `${prefix}${id}`, version: 0, state, events: [event] })
    })
