import type { EmailMalformed } from './email-address.js'
import type { ContactKind, IdentifierMalformed } from './identifier.js'
import type { PhoneMalformed } from './phone-number.js'
import type { AskedIdentifier } from './registration-fields.js'

/** The one contact that an input names. */
export const contactMeant = ({ email, phone }: { readonly email?: string; readonly phone?: string }): TypedContact =>
  phone === undefined ? { kind: 'email', typed: email ?? '' } : { kind: 'phone', typed: phone }

/** A contact as it was typed. */
export type TypedContact = { readonly kind: ContactKind; readonly typed: string }

/**
 * The contacts that a registration names: the one that the code goes to, which is the one that the shop asks for, else the
 * address; and the other, where both are named.
 */
export const contactsMeant = (
  { email, phone }: { readonly email?: string; readonly phone?: string },
  asked: AskedIdentifier = 'either',
): { readonly first: TypedContact; readonly second?: TypedContact } => {
  if (email === undefined || phone === undefined) {
    return {
      first: contactMeant({ ...(email === undefined ? {} : { email }), ...(phone === undefined ? {} : { phone }) }),
    }
  }
  const [byEmail, byPhone] = [contactMeant({ email }), contactMeant({ phone })]
  return asked === 'phone' ? { first: byPhone, second: byEmail } : { first: byEmail, second: byPhone }
}

/** What input of a wrong shape names; it is refused at the command's door. */
export const noContact = contactMeant({})

/** Why a text is no contact; a user name was not asked for. */
export const asContactError = (error: IdentifierMalformed): EmailMalformed | PhoneMalformed =>
  error.type === 'UserNameMalformed' ? { type: 'EmailMalformed', reason: 'notOneAddress' } : error
