import type { Result } from 'neverthrow'
import { canonicalEmail, type EmailMalformed } from './email-address.js'
import type { PhoneMalformed, PhoneNumbers } from './phone-number.js'
import { canonicalUserName, type UserNameMalformed } from './user-name.js'

/** What an account can be found by. */
export type IdentifierKind = 'email' | 'phone' | 'userName'

/** What a person can also be reached at. */
export type ContactKind = Exclude<IdentifierKind, 'userName'>

/** Every kind, those a person is reached at first. */
export const identifierKinds = ['email', 'phone', 'userName'] as const satisfies readonly IdentifierKind[]

/** Every kind of contact. */
export const contactKinds = ['email', 'phone'] as const satisfies readonly ContactKind[]

/** A text is no identifier of its kind. */
export type IdentifierMalformed = EmailMalformed | PhoneMalformed | UserNameMalformed

/** Which kind of identifier a text is meant to be: with an at sign an address, of digits a number, else a name. */
export const kindOfIdentifier = (typed: string): IdentifierKind => {
  const text = typed.slice(0, 400).normalize('NFKC')
  if (text.includes('@')) return 'email'
  return /^[\s+().\d-]+$/.test(text) ? 'phone' : 'userName'
}

/**
 * The one form of all spellings of an identifier.
 *
 * @errors EmailMalformed, PhoneMalformed, UserNameMalformed
 */
export const canonicalIdentifier = (
  phones: PhoneNumbers,
  kind: IdentifierKind,
  typed: string,
): Result<string, IdentifierMalformed> => {
  switch (kind) {
    case 'email':
      return canonicalEmail(typed)
    case 'phone':
      return phones.canonical(typed)
    case 'userName':
      return canonicalUserName(typed)
  }
}
