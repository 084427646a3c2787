import type { EmailMalformed } from './email-address.js'
import type { ContactKind, IdentifierMalformed } from './identifier.js'
import type { PhoneMalformed } from './phone-number.js'

/** The one contact that an input names. */
export const contactMeant = ({
  email,
  phone,
}: {
  readonly email?: string
  readonly phone?: string
}): { readonly kind: ContactKind; readonly typed: string } =>
  phone === undefined ? { kind: 'email', typed: email ?? '' } : { kind: 'phone', typed: phone }

/** What input of a wrong shape names; it is refused at the command's door. */
export const noContact = contactMeant({})

/** Why a text is no contact; a user name was not asked for. */
export const asContactError = (error: IdentifierMalformed): EmailMalformed | PhoneMalformed =>
  error.type === 'UserNameMalformed' ? { type: 'EmailMalformed', reason: 'notOneAddress' } : error
