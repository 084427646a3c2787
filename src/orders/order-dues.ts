import type { DeliveryDues, Order } from './order.js'
import { refundedOnItsWay } from './order-losses.js'

/** What of an order is still to be collected as its goods are handed over, minor units; 0 where nothing is. */
export const dueOnDelivery = (order: Order): number =>
  'paidAt' in order && order.onDelivery !== undefined ? order.onDelivery.dueMinor : 0

/** What parcels that are out were to bring as they left, minor units; 0 where none is. */
export const outOnDelivery = (order: Order): number =>
  'paidAt' in order && order.onDelivery !== undefined ? order.onDelivery.outMinor : 0

/** What of it is for a return or a person, since its pieces count as received, minor units; 0 where nothing is. */
export const unbroughtOnDelivery = (order: Order): number =>
  'paidAt' in order && order.onDelivery !== undefined ? (order.onDelivery.unbroughtMinor ?? 0) : 0

/** What is due on delivery, that no parcel is out for and nobody is to decide about, minor units. */
export const unaskedDues = (order: Order): number =>
  'paidAt' in order && order.onDelivery !== undefined
    ? Math.max(0, order.onDelivery.dueMinor - order.onDelivery.outMinor - unbroughtOnDelivery(order))
    : 0

/** What is to be collected of a whole order, before anything has left. */
export const newDues = (dueMinor: number): DeliveryDues => ({ dueMinor, outMinor: 0 })

/** What a parcel asks of its receiver now: what it left with, unless less is owed since. */
export const askedOf = (order: Order, { collectMinor = 0 }: { readonly collectMinor?: number }): number =>
  Math.min(collectMinor, dueOnDelivery(order))

/**
 * An order of which more or less is to be collected, or is out with parcels. Where nothing is any more, the clock that
 * completes it goes on.
 *
 * @param at - when it goes on, where it waited for nothing but this money
 */
export const withDues = (
  order: Order,
  moved: {
    readonly dueMinor?: number
    readonly outMinor?: number
    readonly unbroughtMinor?: number
    readonly handedMinor?: number
  },
  at: number,
): Order => {
  if (!('paidAt' in order) || order.onDelivery === undefined) return order
  const { onDelivery } = order
  const dueMinor = Math.max(0, onDelivery.dueMinor + (moved.dueMinor ?? 0))
  const outMinor = Math.max(0, onDelivery.outMinor + (moved.outMinor ?? 0))
  const {
    completeAt,
    unbroughtMinor: before = 0,
    handedMinor: handed = 0,
    ...rest
  } = { ...onDelivery, dueMinor, outMinor }
  const handedMinor = Math.min(outMinor, Math.max(0, handed + (moved.handedMinor ?? 0)))
  // What was printed for pieces that were refunded since is not due, so it takes nothing off what is undecided.
  const isPrinted = order.lines.every((line) => refundedOnItsWay(line) === 0)
  const most = isPrinted ? Math.max(0, dueMinor - outMinor) : dueMinor
  const unbroughtMinor = Math.min(most, before + (moved.unbroughtMinor ?? 0))
  const dues = {
    ...rest,
    ...(unbroughtMinor > 0 ? { unbroughtMinor } : {}),
    ...(handedMinor > 0 ? { handedMinor } : {}),
  }
  if (dueMinor > 0) return { ...order, onDelivery: completeAt === undefined ? dues : { ...dues, completeAt } }
  return order.status === 'signed' && order.openReturnIds.length === 0 && order.advanceAt === null
    ? { ...order, onDelivery: dues, advanceAt: completeAt ?? at }
    : { ...order, onDelivery: dues }
}

/** What collected money takes off the dues. */
export const collectedDues = ({
  amountMinor,
  collectMinor,
  handedMinor = 0,
}: {
  readonly amountMinor: number
  readonly collectMinor: number
  readonly handedMinor?: number
}) => ({ dueMinor: 0 - amountMinor, outMinor: 0 - collectMinor, handedMinor: 0 - handedMinor })

/** An order of which pieces were received: whoever has them has paid what their parcels were to bring. */
export const handedOver = (
  order: Order,
  { by, handedMinor = 0 }: { readonly by: 'buyer' | 'carrier' | 'clock'; readonly handedMinor?: number },
): Order => {
  if (!('paidAt' in order) || order.onDelivery === undefined) return order
  const { onDelivery } = order
  const all = by === 'carrier' ? (onDelivery.handedMinor ?? 0) + handedMinor : onDelivery.outMinor
  const handed = Math.min(onDelivery.outMinor, all)
  return handed === 0 ? order : { ...order, onDelivery: { ...onDelivery, handedMinor: handed } }
}

/** What of it receivers have paid, and couriers have not brought, minor units; 0 where nothing is. */
export const handedOnDelivery = (order: Order): number =>
  'paidAt' in order && order.onDelivery !== undefined ? (order.onDelivery.handedMinor ?? 0) : 0

/** When a received order is complete: not before what it is to bring has been collected, nor while a return is open. */
export const completesAt = (
  order: Extract<Order, { paidAt: number }>,
  advanceAt: number,
): { readonly advanceAt: number | null; readonly onDelivery?: DeliveryDues } => {
  const { onDelivery, openReturnIds } = order
  const waits = openReturnIds.length > 0
  if (onDelivery === undefined) return { advanceAt: waits ? null : advanceAt }
  return onDelivery.dueMinor > 0
    ? { advanceAt: null, onDelivery: { ...onDelivery, completeAt: advanceAt } }
    : { advanceAt: waits ? null : advanceAt, onDelivery }
}
