import { err, ok, type Result } from 'neverthrow'

/** The text is not one mobile number of a region that the shop serves. */
export type PhoneMalformed = {
  readonly type: 'PhoneMalformed'
  readonly reason: 'notOneNumber' | 'notMobile' | 'otherRegion'
}

/** Knows telephone numbers. */
export type PhoneNumbers = {
  /**
   * The one form of all spellings of a mobile number, E.164 (`+8613800138000`).
   *
   * @errors PhoneMalformed
   */
  readonly canonical: (typed: string) => Result<string, PhoneMalformed>
}

/** The longest text that is looked at as a number, in UTF-16 units. */
export const longestTypedPhone = 40

// The mobile prefixes in use on the mainland, as the numbering plan of +86 gives them out.
const mainlandMobile = /^1(?:[38]\d|4[57]|5[0-35-9]|6[25-7]|7[0-35-8]|9[0-35-9])\d{8}$/

/** Mobile numbers of mainland China, with or without +86; those of other regions are refused. */
export const mainlandPhones: PhoneNumbers = {
  canonical: (typed) => {
    if (typed.length > longestTypedPhone) return refuse('notOneNumber')
    const text = typed.normalize('NFKC').trim()
    if (!/^[+0-9() .-]+$/.test(text)) return refuse('notOneNumber')
    const digits = text.replace(/[() .-]/g, '')
    const [, sign = '', rest = ''] = /^(\+|00)?(\d+)$/.exec(digits) ?? []
    if (rest === '') return refuse('notOneNumber')
    if (sign !== '' && !rest.startsWith('86')) return refuse('otherRegion')
    const national = sign !== '' || (rest.length === 13 && rest.startsWith('86')) ? rest.slice(2) : rest
    return mainlandMobile.test(national) ? ok(`+86${national}`) : refuse('notMobile')
  },
}

const refuse = (reason: PhoneMalformed['reason']): Result<never, PhoneMalformed> =>
  err({ type: 'PhoneMalformed', reason })
