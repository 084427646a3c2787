import { err, ok, type Result } from 'neverthrow'
import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'
import { daysMs, hoursMs, type Instant } from '../shared/instant.js'
import type { CodePolicy } from './accounts-policy.js'

/** How often a code may still be tried, by challenge. */
export const challengeAttempts: CounterFamily = { name: 'challengeAttempts', rank: 4, minimum: 0 }

/** How much of something may still be done in a window of time, by what it is about. */
export const rateBudgets: CounterFamily = { name: 'rateBudget', rank: 5, minimum: 0 }

/** Too many codes were asked for with one address; says nothing of whether an account has it. */
export type TooManyCodes = { readonly type: 'TooManyCodes'; readonly retryAt: Instant }

/** A span of time in which an address may be sent so many codes. */
type CodeWindow = { readonly prefix: string; readonly codes: number; readonly endsAt: Instant }

/** The windows that a code sent at a moment counts in; their counters are named by prefix and identifier key. */
export const codeWindows = (policy: CodePolicy, now: Instant): readonly [CodeWindow, CodeWindow] => [
  windowOf(hoursMs, policy.perHour, now),
  windowOf(daysMs, policy.perDay, now),
]

const windowOf = (windowMs: number, codes: number, now: Instant): CodeWindow => {
  const start = now - (now % windowMs)
  return { prefix: `code:${windowMs}:${start}:`, codes, endsAt: start + windowMs }
}

/** The counters of an address in every window. */
export const codeBudgetIds = (windows: readonly CodeWindow[], identifierKey: string): readonly string[] =>
  windows.map(({ prefix }) => `${prefix}${identifierKey}`)

/**
 * Takes one code out of every window.
 *
 * @errors TooManyCodes when a window is used up
 */
export const spendCode = (
  windows: readonly CodeWindow[],
  identifierKey: string,
  left: ReadonlyMap<string, number>,
): Result<readonly Change[], TooManyCodes> => {
  const used = windows.filter(({ prefix, codes }) => (left.get(`${prefix}${identifierKey}`) ?? codes) < 1)
  if (used.length > 0) return err({ type: 'TooManyCodes', retryAt: Math.max(...used.map(({ endsAt }) => endsAt)) })
  return ok(
    windows.map(({ prefix, codes }) =>
      adjust(rateBudgets, { id: `${prefix}${identifierKey}`, by: -1, initial: codes }),
    ),
  )
}
