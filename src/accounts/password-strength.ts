import { repeatedPart } from './password-patterns.js'
import {
  type ContextWord,
  canonicalPassword,
  countCodePoints,
  judgePassword,
  type PasswordPolicy,
  type PasswordReason,
} from './password-policy.js'
import { type GuessingScore, scoreGuessing } from './score-guessing.js'

/** How strong a password is, for a person who is typing it. */
export type PasswordStrength = {
  /** 0 very weak, 1 weak, 2 fair, 3 good, 4 strong. */
  readonly score: GuessingScore
  readonly accepted: boolean
  /** What is lacking under the policy; where it is accepted and scores 1, what keeps it weak (`Guessable`). */
  readonly reasons: readonly PasswordReason[]
}

/**
 * Judges a password as one types: accepted or not, why not, and how strong.
 *
 * The score is an estimate of guessing cost (`scoreGuessing`). A password that is common or made of context words is very
 * weak whatever its length, and so is one that repeats such a text. Every score of 0 or 1 comes with a reason.
 */
export const strengthOf = (
  policy: PasswordPolicy,
  typed: string,
  context: readonly ContextWord[],
): PasswordStrength => {
  const password = canonicalPassword(typed.slice(0, 4 * policy.maxCodePoints))
  const reasons = judgePassword(policy, password, context)
  const known = [...reasons, ...judgePassword(policy, repeatedPart(password), context)].some(
    ({ type }) => type === 'TooCommon' || type === 'HoldsContextWord',
  )
  const score = known ? 0 : scoreGuessing(password)
  const weak: readonly PasswordReason[] = score < 2 && reasons.length === 0 ? [{ type: 'Guessable' }] : []
  return { score, accepted: reasons.length === 0, reasons: [...reasons, ...weak] }
}

/** Words of a person and a shop that no password may be made of. */
export const contextWordsOf = (facts: {
  readonly email?: string
  readonly phone?: string
  readonly userName?: string
  readonly name?: string
  readonly shopWords?: readonly string[]
}): readonly ContextWord[] => [
  ...wordsOf(facts.email?.split('@')[0] ?? '').map((word) => ({ source: 'email' as const, word })),
  // The number as people dial it, without its country.
  ...wordsOf(facts.phone?.slice(-8) ?? '').map((word) => ({ source: 'phone' as const, word })),
  ...wordsOf(facts.userName ?? '').map((word) => ({ source: 'userName' as const, word })),
  ...wordsOf(facts.name ?? '').map((word) => ({ source: 'name' as const, word })),
  ...(facts.shopWords ?? []).map((word) => ({ source: 'shop' as const, word })),
]

const wordsOf = (text: string): readonly string[] =>
  [text, ...text.split(/[^\p{L}\p{N}]+/u)].filter((word) => countCodePoints(word) >= 3)
