import { okAsync, type ResultAsync } from 'neverthrow'
import type { RecipientAddress, RecipientBook } from '../../notify/ports.js'
import { isGuestOwner } from '../../shared/actor.js'
import { openValue, type Sealed, type Sealer, type SubjectKey, sealValue } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CorePorts, CryptoUnavailable } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import { openRecipient, type SealedWithOrder, sealedWithOrder } from '../addresses/recipient-seal.js'
import { orders } from '../order.collection.schema.js'
import type { OrderRow } from '../order-row.js'
import type { OrderContact } from './order-contact.js'
import { parseOrderContact } from './order-contact.schema.js'

/** Seals how the buyer of an order is reached. */
export const sealContact = (
  sealer: Sealer,
  key: SubjectKey,
  order: SealedWithOrder,
  contact: OrderContact,
): ResultAsync<Sealed, CryptoUnavailable> => sealValue(sealer, key, sealedWithOrder(order, 'contact'), contact)

/**
 * The book of addresses, and for the buyer of an order of whom it knows none what the order says: the contact that was named
 * with it, and for a visitor who named none the telephone number of who gets the goods. Nobody else is reached by an order.
 */
export const withOrderContacts = (
  ports: CorePorts & { readonly sealer: Sealer },
  book: RecipientBook,
): RecipientBook => ({
  find: (accountId, channel, orderId) =>
    book
      .find(accountId, channel)
      .andThen((known) =>
        known !== undefined || orderId === undefined || channel === 'inApp'
          ? okAsync(known)
          : askOrder(ports, accountId, orderId),
      ),
})

const askOrder = (
  ports: CorePorts & { readonly sealer: Sealer },
  accountId: string,
  orderId: string,
): ReturnType<RecipientBook['find']> =>
  readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at: ports.clock.now(),
    plan: { order: row(orders, orderId), key: row(subjectKeys, { from: 'order', path: 'accountId' }) },
  }).andThen(({ order, key }) =>
    order === undefined || order.state.accountId !== accountId
      ? okAsync(undefined)
      : contactOf(ports.sealer, key?.state, order.state),
  )

const contactOf = (sealer: Sealer, key: SubjectKey | undefined, order: OrderRow): ReturnType<RecipientBook['find']> => {
  const { contact, recipient } = order.details
  if (contact !== undefined) {
    return openValue(sealer, key, sealedWithOrder(order, 'contact'), contact, parseOrderContact).map(addressOf)
  }
  return recipient === null || !isGuestOwner(order.accountId)
    ? okAsync(undefined)
    : openRecipient(sealer, key, order, recipient).map(({ phone }) => addressOf({ phone }))
}

const addressOf = (contact: OrderContact): RecipientAddress =>
  'email' in contact ? { to: contact.email, channel: 'email' } : { to: contact.phone, channel: 'sms' }
