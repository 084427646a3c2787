import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import { openValue, type Place, type Sealed, type SubjectKey } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { StandingAccount } from '../account-machine.js'
import type { ContactKind } from '../identifier.js'
import type { AccountsPorts } from '../ports.js'
import { parseText, profilePlace } from '../profile.js'
import type { FormerContacts } from './former-contact.js'
import { formerPlace } from './keep-former.js'

/** Where somebody was reached; the text is its canonical form. */
export type ReachedAt = { readonly kind: ContactKind; readonly address: string }

/**
 * The contact by which an account was told things at a moment: its address, else its number, as it was before whatever
 * took its place since. Undefined where it cannot be opened.
 *
 * @errors CryptoUnavailable
 */
export const contactAt = (
  ports: AccountsPorts,
  {
    account,
    key,
    former,
  }: { readonly account: StandingAccount; readonly key: SubjectKey; readonly former: FormerContacts | undefined },
  moment: Instant,
): ResultAsync<ReachedAt | undefined, CryptoUnavailable> => {
  const [contact] = (['email', 'phone'] as const).flatMap((kind) => contactOfKind(account, former, kind, moment))
  if (contact === undefined) return okAsync(undefined)
  const { kind, place, value } = contact
  return openValue(ports.sealer, key, place, value, parseText)
    .map((address): ReachedAt | undefined => ({ kind, address }))
    .orElse((error) => (error.type === 'Unreadable' ? ok(undefined) : err(error)))
}

type SealedContact = { readonly kind: ContactKind; readonly place: Place; readonly value: Sealed }

// The first that was replaced or taken off since is the one there was; one that was added since was none.
const contactOfKind = (
  { accountId, identifiers }: StandingAccount,
  former: FormerContacts | undefined,
  kind: ContactKind,
  moment: Instant,
): readonly SealedContact[] => {
  const replaced = former?.contacts.find((each) => each.kind === kind && each.replacedAt >= moment)
  if (replaced !== undefined && (replaced.boundAt ?? 0) < moment) {
    return [{ kind, place: formerPlace(accountId, replaced.formerId), value: replaced.value }]
  }
  const present = replaced === undefined ? identifiers[kind] : undefined
  return present === undefined || (present.boundAt ?? 0) >= moment
    ? []
    : [{ kind, place: profilePlace(accountId, kind), value: present.value }]
}
