import { err, ok, type Result } from 'neverthrow'
import type { LineQuantity } from '../inventory/reservation.js'
import type { Order, OrderLine, PendingEdit } from './order.js'
import type { OrderCommand, PlacedLine } from './order-command.js'
import { withDues } from './order-dues.js'
import type { OrderError } from './order-error.js'
import type { OrderEvent } from './order-event.js'
import {
  addTo,
  factsOf,
  holdOf,
  paidFactsOf,
  payEditBy,
  soldPieces,
  sumQuantity,
  takeFrom,
  travellingQuantity,
  unshippedQuantity,
  untouchedLine,
} from './order-pieces.js'
import { attempted } from './order-share-steps.js'

type Edited = Extract<OrderEvent, { type: 'OrderEdited' }>

/**
 * Whether an order that is paid can be changed so.
 *
 * @returns what happens to it, and whether everything that is owed has arrived with it
 * @errors RecipientFixed, EditLeavesNothing, NothingToDo, OrderLineUnknown, QuantityExceedsOrder
 */
export const checkEdit = (
  order: Order,
  edit: Extract<OrderCommand, { type: 'Edit' }>,
): Result<{ readonly edited: Edited; readonly arrived: boolean }, OrderError> => {
  const { by, newRecipient, at, advanceAt } = edit
  const { orderId } = order
  if (newRecipient && order.status === 'partlyShipped') return err({ type: 'RecipientFixed', orderId })
  if (edit.removed.length === 0) {
    const edited: Edited = { type: 'OrderEdited', by, newRecipient, removed: [], at, advanceAt }
    return newRecipient ? ok({ edited, arrived: false }) : err({ type: 'NothingToDo', command: 'Edit' })
  }
  return takeFrom(order, 'Edit', edit.removed, unshippedQuantity).andThen((removed) => {
    if (isEmptiedBy(order, removed)) return err<never, OrderError>({ type: 'EditLeavesNothing', orderId })
    const lines = addTo(order.lines, 'cancelledQuantity', removed)
    const here = lines.reduce((sum, line) => sum + unshippedQuantity(line), 0)
    const travelling = lines.reduce((sum, line) => sum + travellingQuantity(line), 0)
    const arrived = here === 0 && travelling === 0 && lines.some((line) => line.signedQuantity > 0)
    const sold = soldPieces(order.lines, removed, -1)
    const edited: Edited = { type: 'OrderEdited', by, newRecipient, removed, sold, at, advanceAt }
    return ok({ edited, arrived })
  })
}

/** Whether nothing would be left of an order: gifts alone are none, but for those that have left, which take their way. */
export const isEmptiedBy = ({ lines }: Order, removed: readonly LineQuantity[]): boolean =>
  lines.every((line) => line.shippedQuantity === 0) &&
  addTo(lines, 'cancelledQuantity', removed).every(
    (line) => line.gift || line.quantity === (line.cancelledQuantity ?? 0),
  )

/** An order once pieces were taken out of it: where nothing is left to be sent, all of it has left. */
export const edited = (order: Order, { removed, at, advanceAt }: Edited): Order => {
  if (sumQuantity(removed) === 0 || (order.status !== 'paid' && order.status !== 'partlyShipped')) return order
  const facts = { ...factsOf(order), ...paidFactsOf(order), lines: addTo(order.lines, 'cancelledQuantity', removed) }
  return order.status === 'paid' || facts.lines.some((line) => unshippedQuantity(line) > 0)
    ? { ...facts, ...holdOf(order), status: order.status }
    : { ...facts, status: 'shipped', shippedAt: at, advanceAt }
}

/** An order that is not paid, with what it comes to now. */
export const repriced = (order: Order, { priced }: Extract<OrderEvent, { type: 'OrderRepriced' }>): Order => {
  const { payers, ...rest } = order
  // What several were to pay of another price is to be shared anew.
  const isSharedStill = payers !== undefined && priced.totals.payableMinor === order.totals.payableMinor
  return { ...rest, ...(isSharedStill ? { payers } : {}), ...priced, lines: priced.lines.map(untouchedLine) }
}

/** The pieces of which more is bought than was left of a line; a dearer change takes none out, and gifts are not bought. */
export const addedPieces = (before: readonly OrderLine[], after: readonly PlacedLine[]): readonly LineQuantity[] =>
  after.flatMap(({ lineId, gift, quantity }) => {
    const line = before.find((each) => each.lineId === lineId)
    const more = quantity - (line === undefined ? 0 : line.quantity - (line.cancelledQuantity ?? 0))
    return gift || more <= 0 ? [] : [{ lineId, quantity: more }]
  })

/** A paid order priced anew, the difference paid: what has left of it has left, and what went back before is folded in. */
export const extended = (
  order: Order,
  { paymentId, paidMinor, onDelivery, priced, at }: Extract<OrderEvent, { type: 'OrderExtended' }>,
): Order => {
  if (order.status !== 'paid' && order.status !== 'partlyShipped') return order
  const { edit: _, closeAt: __, ...rest } = order
  const more: Order = {
    ...rest,
    ...priced,
    lines: priced.lines.map((line) => {
      const before = order.lines.find(({ lineId }) => lineId === line.lineId)
      const { shippedQuantity = 0, signedQuantity = 0, lostQuantity = 0 } = before ?? {}
      const { reshippedQuantity, undeliveredQuantity } = before ?? {}
      return {
        ...untouchedLine(line),
        ...{ shippedQuantity, signedQuantity, lostQuantity },
        ...(reshippedQuantity === undefined ? {} : { reshippedQuantity }),
        ...(undeliveredQuantity === undefined ? {} : { undeliveredQuantity }),
      }
    }),
    refunds: order.refunds.map((refund) => ({ ...refund, folded: true })),
    extraPaymentIds: [...(order.extraPaymentIds ?? []), paymentId],
  }
  return onDelivery === undefined ? more : withDues(more, { dueMinor: paidMinor }, at)
}

/** An order, or the dearer change that it waits for, of which a payment is tried; it is kept no shorter for that. */
export const tried = (order: Order, event: Extract<OrderEvent, { type: 'AttemptStarted' }>): Order => {
  const { paymentId, payBy } = event
  const begun = withEdit(attempted(order, event), (edit) => ({
    ...edit,
    paymentIds: [...edit.paymentIds, paymentId],
    ...(payBy === undefined ? {} : { payBy: Math.max(edit.payBy ?? payBy, payBy) }),
  }))
  return payBy === undefined || !('closeAt' in begun) || begun.closeAt === undefined
    ? begun
    : { ...begun, closeAt: Math.max(begun.closeAt, payBy) }
}

// Without one it is as it was.
const withEdit = (order: Order, change: (edit: PendingEdit) => PendingEdit): Order =>
  (order.status === 'paid' || order.status === 'partlyShipped') && order.edit !== undefined
    ? { ...order, edit: change(order.edit) }
    : order

/** An order that waits for no dearer change any more. */
export const withoutEdit = (order: Order): Order => {
  if (order.status !== 'paid' && order.status !== 'partlyShipped') return order
  const { edit: _, closeAt: __, ...rest } = order
  return rest
}

/**
 * What is decided of an order that waits for no dearer change.
 *
 * @errors EditUnderway where it waits for one
 */
export const whileNoEdit = (
  order: Order,
  decided: () => Result<readonly OrderEvent[], OrderError>,
): Result<readonly OrderEvent[], OrderError> => {
  const payBy = payEditBy(order)
  return payBy === undefined ? decided() : err({ type: 'EditUnderway', orderId: order.orderId, payBy })
}
