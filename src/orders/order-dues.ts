import type { LineQuantity } from '../inventory/reservation.js'
import type { DeliveryDues, Order } from './order.js'
import { refundedOnItsWay } from './order-losses.js'

/** What of an order is still to be collected as its goods are handed over, minor units; 0 where nothing is. */
export const dueOnDelivery = (order: Order): number =>
  'paidAt' in order && order.onDelivery !== undefined ? order.onDelivery.dueMinor : 0

/** What of that is owed, and does not go back as it comes, minor units; 0 where nothing is. */
export const owedOnDelivery = (order: Order): number =>
  'paidAt' in order && order.onDelivery !== undefined ? owedDues(order.onDelivery) : 0

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
  const owedMinor = Math.max(0, owedDues(onDelivery) + (moved.dueMinor ?? 0))
  const outMinor = Math.max(0, onDelivery.outMinor + (moved.outMinor ?? 0))
  const {
    completeAt,
    unbroughtMinor: before = 0,
    handedMinor: _,
    surplusMinor: __,
    ...rest
  } = { ...onDelivery, outMinor }
  const handedMinor = Math.min(outMinor, Math.max(0, handedIn(onDelivery) + (moved.handedMinor ?? 0)))
  // What receivers have paid is to come, whatever is owed by now.
  const surplusMinor = Math.max(0, handedMinor - owedMinor)
  const dueMinor = owedMinor + surplusMinor
  // What was printed for pieces that were refunded since is not due, so it takes nothing off what is undecided.
  const isPrinted = order.lines.every((line) => refundedOnItsWay(line) === 0)
  const most = isPrinted ? Math.max(0, dueMinor - outMinor) : owedMinor
  const unbroughtMinor = Math.min(most, before + (moved.unbroughtMinor ?? 0))
  const dues = {
    ...rest,
    dueMinor,
    ...(unbroughtMinor > 0 ? { unbroughtMinor } : {}),
    ...(handedMinor > 0 ? { handedMinor } : {}),
    ...(surplusMinor > 0 ? { surplusMinor } : {}),
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

/** What a parcel takes off the dues that is lost or here again. Whose pieces count as received is owed all the same. */
export const unbroughtDues = ({
  lines,
  collectMinor = 0,
}: {
  readonly lines: readonly LineQuantity[]
  readonly collectMinor?: number
}) => ({ outMinor: 0 - collectMinor, unbroughtMinor: lines.length === 0 ? collectMinor : 0 })

// What is still to be paid of it.
const owedDues = ({ dueMinor, surplusMinor = 0 }: DeliveryDues): number => dueMinor - surplusMinor

// Where nothing is due, what was paid at a door was let go: rows from before it was noted so name it still.
const handedIn = ({ dueMinor, handedMinor = 0 }: DeliveryDues): number => (dueMinor === 0 ? 0 : handedMinor)

/**
 * What a refund takes off the dues that is not collected any more. Where it takes of what receivers have paid, nobody waits
 * for that: a person has let it go.
 */
export const uncollectedDues = (order: Order, uncollectedMinor: number) => {
  const dueMinor = 0 - uncollectedMinor
  if (!('paidAt' in order) || order.onDelivery === undefined) return { dueMinor }
  const [owed, handed] = [owedDues(order.onDelivery), handedIn(order.onDelivery)]
  const leftMinor = Math.max(0, owed - uncollectedMinor)
  const isLetGo = uncollectedMinor > Math.max(0, owed - handed)
  return { dueMinor, handedMinor: isLetGo ? Math.min(0, leftMinor - handed) : 0 }
}

/** An order of which pieces were received: whoever has them has paid what their parcels were to bring. */
export const handedOver = (
  order: Order,
  { by, handedMinor = 0 }: { readonly by: 'buyer' | 'carrier' | 'clock'; readonly handedMinor?: number },
): Order => {
  if (!('paidAt' in order) || order.onDelivery === undefined) return order
  const { onDelivery } = order
  const most = Math.min(onDelivery.outMinor, onDelivery.dueMinor)
  const handed = by === 'carrier' ? Math.min(most, handedIn(onDelivery) + handedMinor) : most
  return handed === 0 ? order : { ...order, onDelivery: { ...onDelivery, handedMinor: handed } }
}

/** What of it receivers have paid, and couriers have not brought, minor units; 0 where nothing is. */
export const handedOnDelivery = (order: Order): number =>
  'paidAt' in order && order.onDelivery !== undefined ? handedIn(order.onDelivery) : 0

/** What of that goes back once it comes, since refunds wait for it, minor units. */
export const awaitedOnDelivery = ({ refunds }: Pick<Order, 'refunds'>): number =>
  refunds.reduce((sum, { awaitedMinor = 0 }) => sum + awaitedMinor, 0)

/** What of it receivers have paid, and no refund waits for yet, minor units. */
export const freeHandedMinor = (order: Order): number => Math.max(0, handedOnDelivery(order) - awaitedOnDelivery(order))

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
