import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { CodePolicy } from './accounts-policy.js'

/** How often a code may still be tried, by challenge. */
export const challengeAttempts: CounterFamily = { name: 'challengeAttempts', rank: 4, minimum: 0 }

/** How much of something may still be done in a window of time, by what it is about. */
export const rateBudgets: CounterFamily = { name: 'rateBudget', rank: 5, minimum: 0 }

/** Too many codes were asked for with one address; says nothing of whether an account has it. */
export type TooManyCodes = { readonly type: 'TooManyCodes'; readonly retryAt: Instant }

type Window = { readonly id: string; readonly codes: number; readonly endsAt: Instant }

/** The windows that a code sent to an address at a moment counts in. */
export const codeWindows = (policy: CodePolicy, identifierKey: string, now: Instant): readonly Window[] =>
  policy.budgets.map(({ windowMs, codes }) => {
    const start = now - (now % windowMs)
    return { id: `code:${windowMs}:${start}:${identifierKey}`, codes, endsAt: start + windowMs }
  })

/** The moment a code may be sent again, when a window is used up; undefined when one may be sent now. */
export const usedUpUntil = (
  windows: readonly Window[],
  left: ReadonlyMap<string, number>,
): Instant | undefined => {
  const full = windows.filter(({ id, codes }) => (left.get(id) ?? codes) < 1)
  return full.length === 0 ? undefined : Math.max(...full.map(({ endsAt }) => endsAt))
}

/** Takes one code out of every window. */
export const spendCode = (windows: readonly Window[]): readonly Change[] =>
  windows.map(({ id, codes }) => adjust(rateBudgets, { id, by: -1, initial: codes }))
