import { err, ok, type Result } from 'neverthrow'
import type { Order, OrderCommand, OrderError } from './order.js'
import type { OrderEvent } from './order-event.js'
import {
  addTo,
  factsOf,
  holdOf,
  paidFactsOf,
  sumQuantity,
  takeFrom,
  travellingQuantity,
  unshippedQuantity,
  untouchedLine,
} from './order-pieces.js'

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
    const lines = addTo(order.lines, 'cancelledQuantity', removed)
    // Gifts alone are no order.
    if (lines.every((line) => line.gift || line.quantity === (line.cancelledQuantity ?? 0))) {
      return err<never, OrderError>({ type: 'EditLeavesNothing', orderId })
    }
    const here = lines.reduce((sum, line) => sum + unshippedQuantity(line), 0)
    const travelling = lines.reduce((sum, line) => sum + travellingQuantity(line), 0)
    const arrived = here === 0 && travelling === 0 && lines.some((line) => line.signedQuantity > 0)
    const edited: Edited = { type: 'OrderEdited', by, newRecipient, removed, at, advanceAt }
    return ok({ edited, arrived })
  })
}

/** An order once pieces were taken out of it: where nothing is left to be sent, all of it has left. */
export const edited = (order: Order, { removed, at, advanceAt }: Edited): Order => {
  if (sumQuantity(removed) === 0 || (order.status !== 'paid' && order.status !== 'partlyShipped')) return order
  const facts = { ...factsOf(order), ...paidFactsOf(order), lines: addTo(order.lines, 'cancelledQuantity', removed) }
  return order.status === 'paid' || facts.lines.some((line) => unshippedQuantity(line) > 0)
    ? { ...facts, ...holdOf(order), status: order.status }
    : { ...facts, status: 'shipped', shippedAt: at, advanceAt }
}

/** An order that is not paid, with what it comes to now. */
export const repriced = (order: Order, { priced }: Extract<OrderEvent, { type: 'OrderRepriced' }>): Order => ({
  ...order,
  ...priced,
  lines: priced.lines.map(untouchedLine),
})
