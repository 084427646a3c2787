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
export type SealedWithOrder = Pick<OrderRow, 'orderId'> & { readonly details?: Pick<OrderRow['details'], 'partOf'> }

/**
 * Where something stands that was sealed with an order. What an order of one merchant has was sealed with the checkout that it
 * is a part of, and what is sealed later goes there too.
 */
export const sealedWithOrder = (
  { orderId, details }: SealedWithOrder,
  field: 'recipient' | 'contact' = 'recipient',
): Place => ({ collection: 'order', id: details?.partOf?.checkoutId ?? orderId, field })

/** Seals who gets an order. */
export const sealRecipient = (
  sealer: Sealer,
  key: SubjectKey,
  order: SealedWithOrder,
  recipient: Recipient,
): ResultAsync<Sealed, CryptoUnavailable> => sealValue(sealer, key, sealedWithOrder(order), recipient)

/**
 * Opens who gets an order, or was to get it.
 *
 * @errors Unreadable where the key of the buyer is gone, CryptoUnavailable
 */
export const openRecipient = (
  sealer: Sealer,
  key: SubjectKey | undefined,
  order: SealedWithOrder,
  sealed: Sealed,
): ResultAsync<Recipient, Unreadable | CryptoUnavailable> =>
  openValue(sealer, key, sealedWithOrder(order), sealed, parseRecipient)
