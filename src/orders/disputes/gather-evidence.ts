import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import type { DisputeEvidence } from '../../payments/ports.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { NotFound, StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Asked, entries, row, rows, type Stored } from '../../shared/read-plan.js'
import { orders, parcels } from '../order.collection.schema.js'
import { orderHistory } from '../order-history.schema.js'
import type { OrderRow } from '../order-row.js'
import type { HistoryEntry } from '../pages/order-history.js'
import type { Parcel } from '../parcels/parcel.js'

/** Nothing could be read, or what is stored is none of it. */
type Unread = StorageUnavailable | StoredDataInvalid

/** What the shop knows of what a payment was for; staff adds words and files. */
export type KnownEvidence = Omit<DisputeEvidence, 'explanation' | 'files'>

/** A payment, what it was for, and what has left of that. */
export type EvidenceRead = {
  readonly payment: Stored<Payment> | undefined
  readonly order: Stored<OrderRow> | undefined
  readonly parts: readonly Stored<OrderRow>[]
  readonly sent: readonly Stored<Parcel>[]
  readonly sentApart: readonly Stored<Parcel>[]
}

/** Asks for a payment, for the order that it was begun for, and the orders into which that was divided. */
export const askEvidence = (
  paymentId: string,
): { readonly [Name in keyof EvidenceRead]: Asked<EvidenceRead[Name]> } => ({
  payment: row(payments, paymentId),
  order: row(orders, { from: 'payment', path: 'orderId' }),
  parts: rows(orders, { from: 'order', path: 'orderIds.*' }),
  sent: rows(parcels, { from: 'order', path: 'parcelIds.*' }),
  sentApart: rows(parcels, { from: 'parts', path: 'parcelIds.*' }),
})

/**
 * What the shop knows of a payment that its payer wants back: what was bought, which parcels went, which of them came, and
 * what of the money went back.
 *
 * @errors NotFound of a payment or its order; StorageUnavailable, StoredDataInvalid
 */
export const gatherEvidence = (
  ports: CorePorts,
  paymentId: string,
  { payment, order, sent, sentApart }: EvidenceRead,
): ResultAsync<
  { readonly payment: Payment; readonly order: OrderRow; readonly known: KnownEvidence },
  NotFound | Unread
> => {
  if (payment === undefined || order === undefined) {
    return errAsync<never, NotFound>({ type: 'NotFound', entity: 'payment', id: paymentId })
  }
  const parcelsSent = [...sent, ...sentApart].map(({ state }) => state)
  return confirmations(ports, parcelsSent).map((confirmed) => ({
    payment: payment.state,
    order: order.state,
    known: {
      goods: order.state.details.items.map(({ title }) => title.en),
      parcels: parcelsSent.map((parcel) => ({
        carrier: parcel.carrier,
        trackingNumber: parcel.trackingNumber,
        shippedAt: parcel.shippedAt,
        deliveredAt: deliveredAtOf(parcel, confirmed),
      })),
      refunded: { minor: payment.state.refundedMinor, currency: payment.state.currency },
    },
  }))
}

const mayHaveCome = ({ status }: Parcel): boolean => status !== 'lost' && status !== 'cameBack'

// Whichever was first. Who confirms an order has all that had left by then, and says it of no parcel. That the clock took
// goods as received tells a bank nothing.
const deliveredAtOf = (parcel: Parcel, confirmed: readonly HistoryEntry[]): Instant | null => {
  if (!mayHaveCome(parcel)) return null
  const told = parcel.status === 'delivered' ? parcel.deliveredAt : null
  const confirmedAt = confirmed.find(({ orderId, at }) => orderId === parcel.orderId && at >= parcel.shippedAt)?.at
  return told === null || confirmedAt === undefined ? (confirmedAt ?? told) : Math.min(told, confirmedAt)
}

/** When buyers confirmed the orders of parcels that may have come, oldest first. */
const confirmations = (
  { storage, shop, clock }: CorePorts,
  sent: readonly Parcel[],
): ResultAsync<readonly HistoryEntry[], Unread> => {
  const orderIds = new Set(sent.filter(mayHaveCome).map(({ orderId }) => orderId))
  const where = [{ field: 'orderId', is: 'in', values: [...orderIds] }] as const
  const plan = {
    told: entries(orderHistory, { where, orderBy: { field: 'at', direction: 'ascending' }, limit: 1_000 }),
  }
  return orderIds.size === 0
    ? okAsync([])
    : readFacts(storage, { shop, scope: { kind: 'all' }, at: clock.now(), plan }).map(({ told }) =>
        told.map(({ body }) => body).filter(({ happened, by }) => happened === 'received' && by === 'buyer'),
      )
}
