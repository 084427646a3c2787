import type { ResultAsync } from 'neverthrow'
import {
  openValue,
  type Place,
  type Sealed,
  type Sealer,
  type SubjectKey,
  sealValue,
  type Unreadable,
} from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { KeptAddress } from './address-book.js'
import type { Recipient } from './recipient.js'
import { parseRecipient } from './recipient.schema.js'

const placeOf = (accountId: string, addressId: string): Place => ({
  collection: 'addressBook',
  id: accountId,
  field: `addresses.${addressId}`,
})

/** Seals an address of a customer. */
export const sealAddress = (
  sealer: Sealer,
  key: SubjectKey,
  given: { readonly accountId: string; readonly addressId: string; readonly recipient: Recipient },
): ResultAsync<Sealed, CryptoUnavailable> =>
  sealValue(sealer, key, placeOf(given.accountId, given.addressId), given.recipient)

/**
 * Opens an address of a customer.
 *
 * @errors Unreadable, CryptoUnavailable
 */
export const openAddress = (
  sealer: Sealer,
  key: SubjectKey | undefined,
  accountId: string,
  { addressId, recipient }: KeptAddress,
): ResultAsync<Recipient, Unreadable | CryptoUnavailable> =>
  openValue(sealer, key, placeOf(accountId, addressId), recipient, parseRecipient)
