import { err, ok, type Result } from 'neverthrow'
import type { LineQuantity } from '../inventory/reservation.js'
import type { Order } from './order.js'
import type { OrderCommand } from './order-command.js'
import { whileNoEdit } from './order-edit-steps.js'
import type { OrderError } from './order-error.js'
import type { OrderEvent } from './order-event.js'
import { undecidedQuantity } from './order-losses.js'
import {
  editOf,
  factsOf,
  holdOf,
  paidFactsOf,
  quantityOf,
  sumQuantity,
  takeFrom,
  travellingQuantity,
  unshippedQuantity,
} from './order-pieces.js'

type Decision = Result<readonly OrderEvent[], OrderError>

/** Lets pieces leave that nobody holds back. */
export const ship = (
  order: Order,
  { type, parcelId, lines, collectMinor = 0, at, advanceAt }: Extract<OrderCommand, { type: 'Ship' }>,
): Decision => {
  const { orderId, hold } = order
  if (hold !== undefined) return err({ type: 'OrderOnHold', orderId, until: hold.until })
  return takeFrom(order, type, lines, unshippedQuantity).andThen((taken) => {
    const asked = collectMinor > 0 ? { collectMinor } : {}
    const shipped: OrderEvent = { type: 'GoodsShipped', parcelId, lines: taken, at, advanceAt, ...asked }
    const left = order.lines.reduce((sum, line) => sum + unshippedQuantity(line), 0) - sumQuantity(taken)
    return left > 0 ? ok([shipped]) : whileNoEdit(order, () => ok([shipped]))
  })
}

/** Notes pieces as received; with the last of them all of the order is. */
export const sign = (
  order: Order,
  { parcelId, lines, by, handedMinor = 0, at, advanceAt }: Extract<OrderCommand, { type: 'Sign' }>,
): Decision => {
  const rest = order.lines
    .map((line) => ({ lineId: line.lineId, quantity: travellingQuantity(line) }))
    .filter((line) => line.quantity > 0)
  const signed: OrderEvent = { type: 'OrderSigned', at, advanceAt }
  // When everything that had not arrived is lost there is nothing to sign for, and the order must still come to its end.
  if (rest.length === 0 && lines === null && by === 'clock' && order.status === 'shipped') {
    return whenDecided(order, () => (isMoneyOut(order) ? err({ type: 'NothingToDo', command: 'Sign' }) : ok([signed])))
  }
  return takeFrom(order, 'Sign', lines ?? rest, travellingQuantity).map((taken): readonly OrderEvent[] => {
    const handed = handedMinor > 0 ? { handedMinor } : {}
    const goods: OrderEvent = { type: 'GoodsSigned', parcelId, lines: taken, by, ...handed, at }
    const travelling = sumQuantity(rest) - sumQuantity(taken)
    return order.status === 'shipped' && travelling === 0 ? [goods, signed] : [goods]
  })
}

/** Whether nothing of an order arrived, and money for what did not is on its way back. */
export const isMoneyOut = ({ lines, refunds }: Order): boolean =>
  lines.every((line) => line.signedQuantity === 0) && refunds.some(({ status }) => status !== 'succeeded')

/**
 * What is decided of an order of which no loss waits to be made good.
 *
 * @errors LossUndecided
 */
export const whenDecided = (order: Order, decided: () => Decision): Decision =>
  order.makeGoodBy === undefined
    ? decided()
    : err({ type: 'LossUndecided', orderId: order.orderId, makeGoodBy: order.makeGoodBy })

/** Sends pieces again that were lost and not refunded. What a return asks for may be the same pieces: that comes first. */
export const reship = (order: Order, { lines, at }: Extract<OrderCommand, { type: 'Reship' }>): Decision =>
  order.openReturnIds.length > 0
    ? err({ type: 'ReturnOpen', returnIds: order.openReturnIds })
    : takeFrom(order, 'Reship', lines, undecidedQuantity).map((taken) => [
        { type: 'ReshipmentBegun', lines: taken, at },
      ])

/** An order whose lost pieces are still to leave, once more: where nothing else has left, nothing has. */
export const reshipped = (order: Order, { lines }: Extract<OrderEvent, { type: 'ReshipmentBegun' }>): Order => {
  if (!('paidAt' in order)) return order
  const facts = {
    ...factsOf(order),
    ...paidFactsOf(order),
    lines: order.lines.map((line) => {
      const quantity = quantityOf(lines, line.lineId)
      if (quantity === 0) return line
      return {
        ...line,
        shippedQuantity: line.shippedQuantity - quantity,
        lostQuantity: line.lostQuantity - quantity,
        reshippedQuantity: (line.reshippedQuantity ?? 0) + quantity,
      }
    }),
  }
  const status = facts.lines.some((line) => line.shippedQuantity > 0) ? 'partlyShipped' : 'paid'
  return { ...facts, ...editOf(order), ...holdOf(order), status }
}

/** Notes pieces as lost on their way, or as here again. */
export const loseParcel = (
  order: Order,
  {
    parcelId,
    lines,
    cameBack,
    collectMinor = 0,
    at,
    advanceAt,
    makeGoodBy,
  }: Extract<OrderCommand, { type: 'LoseParcel' }>,
): Decision => {
  const lostOf = (taken: readonly LineQuantity[]): OrderEvent => ({
    type: 'GoodsLost',
    parcelId,
    lines: taken,
    at,
    makeGoodBy,
    ...(cameBack === undefined ? {} : { cameBack }),
    ...(collectMinor > 0 ? { collectMinor } : {}),
  })
  // What counts as received stays so: only the parcel did not bring it.
  if (lines.length === 0) return ok([lostOf([])])
  return takeFrom(order, 'LoseParcel', lines, travellingQuantity).map((taken): readonly OrderEvent[] => {
    const lost = lostOf(taken)
    const travelling = order.lines.reduce((sum, line) => sum + travellingQuantity(line), 0) - sumQuantity(taken)
    const arrived = order.lines.some((line) => line.signedQuantity > 0)
    return order.status === 'shipped' && travelling === 0 && arrived
      ? [lost, { type: 'OrderSigned', at, advanceAt }]
      : [lost]
  })
}
