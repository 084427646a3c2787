import { err, ok, type Result } from 'neverthrow'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { Sealed } from '../../shared/personal-data.js'

/** An address that a customer keeps. */
export type KeptAddress = {
  readonly addressId: string
  /** Who gets the goods, and where: a `Recipient`, sealed with the customer's key. */
  readonly recipient: Sealed
  readonly savedAt: Instant
}

/** The addresses of a customer, in the order in which they were first kept. */
export type AddressBook = {
  readonly accountId: string
  readonly addresses: readonly KeptAddress[]
  /** What is offered first when ordering; null only while there are no addresses. */
  readonly defaultId: string | null
}

/** No more addresses are kept; one has to go first. */
export type AddressBookFull = { readonly type: 'AddressBookFull'; readonly most: number }

/** How many addresses a customer keeps at most. */
export const mostAddresses = 20

/** A book without addresses. */
export const emptyAddressBook = (accountId: string): AddressBook => ({ accountId, addresses: [], defaultId: null })

const holds = (book: AddressBook, addressId: string): boolean =>
  book.addresses.some((each) => each.addressId === addressId)

const notFound = (addressId: string): NotFound => ({ type: 'NotFound', entity: 'address', id: addressId })

/** Keeps a new address; the first one is the default. */
export const keepAddress = (
  book: AddressBook,
  address: KeptAddress,
  isDefault: boolean,
): Result<AddressBook, AddressBookFull> => {
  if (book.addresses.length >= mostAddresses) return err({ type: 'AddressBookFull', most: mostAddresses })
  return ok({
    ...book,
    addresses: [...book.addresses, address],
    defaultId: isDefault || book.defaultId === null ? address.addressId : book.defaultId,
  })
}

/** Writes an address anew, in its place. */
export const replaceAddress = (
  book: AddressBook,
  address: KeptAddress,
  isDefault: boolean,
): Result<AddressBook, NotFound> => {
  const { addressId } = address
  if (!holds(book, addressId)) return err(notFound(addressId))
  const addresses = book.addresses.map((each) => (each.addressId === addressId ? address : each))
  return ok({ ...book, addresses, defaultId: isDefault ? addressId : book.defaultId })
}

/** Offers an address first from now on. */
export const preferAddress = (book: AddressBook, addressId: string): Result<AddressBook, NotFound> =>
  holds(book, addressId) ? ok({ ...book, defaultId: addressId }) : err(notFound(addressId))

/** Forgets an address; where it was the default, the oldest one left is. */
export const dropAddress = (book: AddressBook, addressId: string): Result<AddressBook, NotFound> => {
  if (!holds(book, addressId)) return err(notFound(addressId))
  const addresses = book.addresses.filter((each) => each.addressId !== addressId)
  const defaultId = book.defaultId === addressId ? (addresses[0]?.addressId ?? null) : book.defaultId
  return ok({ ...book, addresses, defaultId })
}
