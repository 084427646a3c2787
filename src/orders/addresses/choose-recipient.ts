import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { Actor } from '../../shared/actor.js'
import { customerIdOf } from '../../shared/actor.js'
import type { NotFound } from '../../shared/errors.js'
import type { Sealer, SubjectKey, Unreadable } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { type Asked, known, row, type Stored } from '../../shared/read-plan.js'
import type { PlaceOrderInput } from '../order-inputs.js'
import type { AddressBook } from './address-book.js'
import { addressBooks } from './address-book.schema.js'
import { openAddress } from './address-seal.js'
import type { Recipient } from './recipient.js'

/** Why the goods cannot go where it was said. */
export type ChosenRecipientError = NotFound | Unreadable | CryptoUnavailable

/** Asks for the buyer's address book where the order names an address of it. */
export const askRecipient = (
  actor: Actor,
  given: PlaceOrderInput['recipient'],
): { readonly addresses: Asked<Stored<AddressBook> | undefined> } => ({
  addresses: 'addressId' in given ? row(addressBooks, customerIdOf(actor)) : known(undefined),
})

/**
 * Who gets the goods: as written, or as kept in the buyer's book.
 *
 * @errors NotFound, Unreadable, CryptoUnavailable
 */
export const recipientOf = (
  sealer: Sealer,
  read: { readonly addresses: Stored<AddressBook> | undefined; readonly memberKey: Stored<SubjectKey> | undefined },
  given: PlaceOrderInput['recipient'],
): ResultAsync<Recipient, ChosenRecipientError> => {
  if (!('addressId' in given)) return okAsync(given)
  const { addressId } = given
  const kept = read.addresses?.state.addresses.find((each) => each.addressId === addressId)
  if (read.addresses === undefined || kept === undefined) {
    return errAsync({ type: 'NotFound', entity: 'address', id: addressId })
  }
  return openAddress(sealer, read.memberKey?.state, read.addresses.state.accountId, kept)
}
