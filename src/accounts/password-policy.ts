import { isCommonPassword, plainForm } from './password-blocklist.js'
import { repeatedPart } from './password-patterns.js'
import { scoreGuessing } from './score-guessing.js'

/** A kind of letter that a password may have to hold. */
export type LetterClass = 'upper' | 'lower' | 'digit' | 'symbol'

/** What a shop asks of passwords. */
export type PasswordPolicy = {
  readonly name: string
  /** Least length in Unicode code points, after NFKC. */
  readonly minCodePoints: number
  /** Greatest length in Unicode code points, after NFKC; nothing is cut off. */
  readonly maxCodePoints: number
  /** Classes that a password must hold. */
  readonly classes: readonly LetterClass[]
  /** From this length on no class is asked for; null asks always. */
  readonly classesWaivedAtCodePoints: number | null
  /** Whether passwords that are guessed first are refused: well-known ones, also when dressed up, repeats and runs. */
  readonly refuseCommon: boolean
  /** Whether passwords made of the person's own words or the shop's are refused. */
  readonly refuseContextWords: boolean
  /** What follows when a password is known to have leaked; whether nobody can say it is a refusal. */
  readonly breached: BreachRule
  /** How many of the passwords before, the present one among them, may not come again; 0 forgets them all. */
  readonly history: number
  /** For how long a password is good; null is for ever. */
  readonly age: PasswordAge | null
  /** Whether a password that is known to others signs nobody in any more, until it is reset by a code. */
  readonly forceOnCompromise: boolean
}

/** Whether it is asked if a password has leaked, and what counts when nobody can say: it is let through, or refused. */
export type BreachRule = 'ignored' | 'failOpen' | 'failClosed'

/** How old a password may grow. */
export type PasswordAge = {
  readonly days: number
  /** A sign-in reminds of it so many days before. */
  readonly remindDaysBefore: number
  /** Afterwards the person is reminded further, or has to reset it. */
  readonly afterwards: 'remind' | 'force'
}

/** What a password lacks, in words a person can act on; never says any of the password. */
export type PasswordReason =
  | { readonly type: 'TooShort'; readonly codePoints: number; readonly minCodePoints: number }
  | { readonly type: 'TooLong'; readonly codePoints: number; readonly maxCodePoints: number }
  | {
      readonly type: 'ClassesMissing'
      readonly classes: readonly LetterClass[]
      readonly waivedAtCodePoints: number | null
    }
  | { readonly type: 'TooCommon' }
  /** It is one text over and over, which by itself would be refused. */
  | { readonly type: 'Repetitive'; readonly partCodePoints: number }
  /** Few letters that differ, or neighbours: it is guessed soon, long as it may be. */
  | { readonly type: 'Guessable' }
  /** It is in a list of passwords that have leaked somewhere. */
  | { readonly type: 'Breached' }
  /** It is one of the last ones of the account. */
  | { readonly type: 'UsedBefore'; readonly history: number }
  | { readonly type: 'HoldsContextWord'; readonly source: ContextWord['source'] }

/** The password does not meet the policy. */
export type PasswordRefused = { readonly type: 'PasswordRefused'; readonly reasons: readonly PasswordReason[] }

/** A word that is too near to be a secret. */
export type ContextWord = { readonly source: 'email' | 'phone' | 'userName' | 'name' | 'shop'; readonly word: string }

/** The one form of a password that is judged and hashed: NFKC, nothing trimmed, no case folded. */
export const canonicalPassword = (typed: string): string => typed.normalize('NFKC')

/** How many UTF-16 units of a password are ever looked at; longer input is refused unread. */
export const longestTypedPassword = 1_024

/**
 * What a password lacks under a policy.
 *
 * @param password - in its canonical form
 * @returns every reason, in a fixed order; none when it is accepted
 */
export const judgePassword = (
  policy: PasswordPolicy,
  password: string,
  context: readonly ContextWord[],
): readonly PasswordReason[] => {
  const codePoints = countCodePoints(password)
  if (codePoints > policy.maxCodePoints) {
    // Work on what nobody may use is bounded by not doing it.
    return [{ type: 'TooLong', codePoints, maxCodePoints: policy.maxCodePoints }]
  }
  const reasons = judgeText(policy, password, codePoints, context)
  if (!policy.refuseCommon || reasons.some(({ type }) => type === 'TooCommon')) return reasons
  const part = repeatedPart(password)
  const partCodePoints = countCodePoints(part)
  if (partCodePoints < codePoints && judgeText(policy, part, partCodePoints, context).length > 0) {
    return [...reasons, { type: 'Repetitive', partCodePoints }]
  }
  return reasons.length === 0 && scoreGuessing(password) === 0 ? [{ type: 'Guessable' }] : reasons
}

const judgeText = (
  policy: PasswordPolicy,
  password: string,
  codePoints: number,
  context: readonly ContextWord[],
): readonly PasswordReason[] => {
  const reasons: PasswordReason[] = []
  if (codePoints < policy.minCodePoints) {
    reasons.push({ type: 'TooShort', codePoints, minCodePoints: policy.minCodePoints })
  }
  const waivedAt = policy.classesWaivedAtCodePoints
  const classes = policy.classes.filter((each) => !classPatterns[each].test(password))
  if (classes.length > 0 && (waivedAt === null || codePoints < waivedAt)) {
    reasons.push({ type: 'ClassesMissing', classes, waivedAtCodePoints: waivedAt })
  }
  if (policy.refuseCommon && isCommonPassword(password)) reasons.push({ type: 'TooCommon' })
  if (policy.refuseContextWords) {
    const held = heldWord(password, context)
    if (held !== undefined) reasons.push({ type: 'HoldsContextWord', source: held.source })
  }
  return reasons
}

/** How many Unicode code points a text has. */
export const countCodePoints = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

const classPatterns: Readonly<Record<LetterClass, RegExp>> = {
  upper: /\p{Lu}/u,
  lower: /\p{Ll}/u,
  digit: /\p{Nd}/u,
  symbol: /[^\p{L}\p{N}]/u,
}

// A word is held when most of the password is that word: naming one's town within a long sentence is no weakness.
const heldWord = (password: string, context: readonly ContextWord[]): ContextWord | undefined => {
  const plain = plainForm(password)
  return context.find(({ word }) => {
    // A number is looked for as it is dialled, not as the letters that its digits look like.
    if (/^\d+$/.test(word)) return password.includes(word) && countCodePoints(password) - word.length < 8
    const wanted = plainForm(word)
    return wanted.length >= 3 && plain.includes(wanted) && plain.length - wanted.length < 8
  })
}
