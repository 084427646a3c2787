import {
  type ContextWord,
  canonicalPassword,
  countCodePoints,
  judgePassword,
  type PasswordPolicy,
  type PasswordReason,
} from './password-policy.js'

/** How strong a password is, for a person who is typing it. */
export type PasswordStrength = {
  /** 0 very weak, 1 weak, 2 fair, 3 good, 4 strong. */
  readonly score: 0 | 1 | 2 | 3 | 4
  readonly accepted: boolean
  /** What is lacking under the policy. */
  readonly reasons: readonly PasswordReason[]
}

// Letters beyond this add nothing to the estimate, which keeps its cost small on any input.
const estimatedCodePoints = 64

/**
 * Judges a password as one types: accepted or not, why not, and how strong.
 *
 * The score is an estimate of guessing cost: code points that are neither repeated nor the neighbour of the one
 * before count in full, the others a quarter, each by the size of the alphabets used; a password that is common or made of context
 * words is very weak whatever its length.
 */
export const strengthOf = (
  policy: PasswordPolicy,
  typed: string,
  context: readonly ContextWord[],
): PasswordStrength => {
  const password = canonicalPassword(typed.slice(0, 4 * policy.maxCodePoints))
  const reasons = judgePassword(policy, password, context)
  const guessable = reasons.some(({ type }) => type === 'TooCommon' || type === 'HoldsContextWord')
  return { score: guessable ? 0 : scoreOf(estimateBits(password)), accepted: reasons.length === 0, reasons }
}

const scoreOf = (bits: number): PasswordStrength['score'] => {
  if (bits < 25) return 0
  if (bits < 40) return 1
  if (bits < 55) return 2
  return bits < 75 ? 3 : 4
}

const estimateBits = (password: string): number => {
  const letters = [...password].slice(0, estimatedCodePoints)
  const bitsEach = Math.log2(Math.max(2, alphabetSize(password)))
  let weight = 0
  const seen = new Set<string>()
  for (const [index, letter] of letters.entries()) {
    const before = letters[index - 1]
    weight += seen.has(letter) || (before !== undefined && areNeighbours(before, letter)) ? 0.25 : 1
    seen.add(letter)
  }
  return weight * bitsEach
}

const areNeighbours = (left: string, right: string): boolean =>
  Math.abs((left.codePointAt(0) ?? 0) - (right.codePointAt(0) ?? 0)) <= 1

const alphabetSize = (password: string): number =>
  [
    [/\p{Ll}/u, 26],
    [/\p{Lu}/u, 26],
    [/\p{Nd}/u, 10],
    [/\p{Lo}/u, 2_000],
    [/[^\p{L}\p{N}]/u, 33],
  ].reduce(
    (size, [pattern, letters]) => size + (pattern instanceof RegExp && pattern.test(password) ? Number(letters) : 0),
    0,
  )

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
