import { isCommonPassword, plainForm } from './password-blocklist.js'

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
  /** Whether well-known passwords are refused, also when dressed up. */
  readonly refuseCommon: boolean
  /** Whether passwords made of the person's own words or the shop's are refused. */
  readonly refuseContextWords: boolean
  /** After so many days the person is reminded, never forced; null reminds never. */
  readonly remindAfterDays: number | null
}

/**
 * The trade's guide: 8 letters of four classes, reminders to change. Asking for classes breaks NIST SP 800-63B-4
 * 3.1.1.2 and OWASP ASVS 5.0 6.2.5, knowingly.
 */
export const guidePasswordPolicy: PasswordPolicy = {
  name: 'guide',
  minCodePoints: 8,
  maxCodePoints: 128,
  classes: ['upper', 'lower', 'digit', 'symbol'],
  classesWaivedAtCodePoints: null,
  refuseCommon: true,
  refuseContextWords: true,
  remindAfterDays: 90,
}

/** NIST SP 800-63B-4 for a password that is the only factor: 15 letters, no classes, no age. */
export const nistPasswordPolicy: PasswordPolicy = {
  name: 'nist',
  minCodePoints: 15,
  maxCodePoints: 128,
  classes: [],
  classesWaivedAtCodePoints: null,
  refuseCommon: true,
  refuseContextWords: true,
  remindAfterDays: null,
}

/** Both: four classes below 15 letters, as the guide asks; none from there on, as NIST asks. */
export const hybridPasswordPolicy: PasswordPolicy = {
  name: 'hybrid',
  minCodePoints: 8,
  maxCodePoints: 128,
  classes: ['upper', 'lower', 'digit', 'symbol'],
  classesWaivedAtCodePoints: 15,
  refuseCommon: true,
  refuseContextWords: true,
  remindAfterDays: 90,
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
  const reasons: PasswordReason[] = []
  if (codePoints < policy.minCodePoints) {
    reasons.push({ type: 'TooShort', codePoints, minCodePoints: policy.minCodePoints })
  }
  if (codePoints > policy.maxCodePoints) {
    // Work on what nobody may use is bounded by not doing it.
    return [{ type: 'TooLong', codePoints, maxCodePoints: policy.maxCodePoints }]
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
