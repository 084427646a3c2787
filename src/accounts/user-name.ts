import { err, ok, type Result } from 'neverthrow'
import { countCodePoints } from './password-policy.js'

/** The text can be nobody's user name. */
export type UserNameMalformed = {
  readonly type: 'UserNameMalformed'
  readonly reason: 'tooShort' | 'tooLong' | 'otherLetters' | 'mixedScripts' | 'noLetter'
}

/** The longest user name, in code points. */
const longestUserName = 32

/**
 * The one form of all spellings of a user name: NFKC, lower case, letters of one script (Latin, or unified ideographs
 * and 々) with digits and `_`, `-`, `.` between them, so that no name can pass for another.
 *
 * At least 3 code points, 2 in Han; at least one letter, so that a name is never a number.
 *
 * @param typed - as it was typed; white space around it is dropped
 * @errors UserNameMalformed
 */
export const canonicalUserName = (typed: string): Result<string, UserNameMalformed> => {
  if (typed.length > 400) return refuse('tooLong')
  const text = typed.normalize('NFKC').toLowerCase().trim()
  const length = countCodePoints(text)
  if (length > longestUserName) return refuse('tooLong')
  // Look-alikes of other scripts, invisible signs and combining marks are none of these; NFKC folds no such letter. Nor are
  // signs of the Han script that no name needs and that pass for a letter: radicals (⻢ is not 马), numerals, and 〇 for a nought.
  if (!/^[a-z0-9\p{Unified_Ideograph}々_.-]*$/u.test(text)) return refuse('otherLetters')
  const latin = /[a-z]/.test(text)
  const han = /\p{Unified_Ideograph}/u.test(text)
  if (latin && han) return refuse('mixedScripts')
  if (length < (han ? 2 : 3)) return refuse('tooShort')
  if (!latin && !han) return refuse('noLetter')
  // 々 says the letter before it once more, and nothing where there is none.
  if (/(?<!\p{Unified_Ideograph})々/u.test(text)) return refuse('otherLetters')
  return /^[_.-]|[_.-]$|[_.-]{2}/.test(text) ? refuse('otherLetters') : ok(text)
}

const refuse = (reason: UserNameMalformed['reason']): Result<never, UserNameMalformed> =>
  err({ type: 'UserNameMalformed', reason })
