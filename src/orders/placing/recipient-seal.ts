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
import type { OrderRow } from '../order-row.js'
import type { Recipient } from './recipient.js'
import { parseRecipient } from './recipient.schema.js'

/** An order, and whether it is a part of a checkout. */
type OfCheckout = Pick<OrderRow, 'orderId'> & { readonly details?: Pick<OrderRow['details'], 'partOf'> }

// What an order of one merchant has was sealed with the checkout that it is a part of, and what is sealed later goes there too.
const placeOf = ({ orderId, details }: OfCheckout): Place => ({
  collection: 'order',
  id: details?.partOf?.checkoutId ?? orderId,
  field: 'recipient',
})

/** Seals who gets an order. */
export const sealRecipient = (
  sealer: Sealer,
  key: SubjectKey,
  order: OfCheckout,
  recipient: Recipient,
): ResultAsync<Sealed, CryptoUnavailable> => sealValue(sealer, key, placeOf(order), recipient)

/**
 * Opens who gets an order, or was to get it.
 *
 * @errors Unreadable where the key of the buyer is gone, CryptoUnavailable
 */
export const openRecipient = (
  sealer: Sealer,
  key: SubjectKey | undefined,
  order: OfCheckout,
  sealed: Sealed,
): ResultAsync<Recipient, Unreadable | CryptoUnavailable> =>
  openValue(sealer, key, placeOf(order), sealed, parseRecipient)
