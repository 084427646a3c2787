import { err, ok, type Result } from 'neverthrow'
import type { Order, OrderCommand } from './order.js'
import { whileNoEdit } from './order-edit-steps.js'
import type { OrderError } from './order-error.js'
import type { OrderEvent } from './order-event.js'
import { sumQuantity, takeFrom, travellingQuantity, unshippedQuantity } from './order-pieces.js'

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
  { parcelId, lines, by, at, advanceAt }: Extract<OrderCommand, { type: 'Sign' }>,
): Decision => {
  const rest = order.lines
    .map((line) => ({ lineId: line.lineId, quantity: travellingQuantity(line) }))
    .filter((line) => line.quantity > 0)
  const signed: OrderEvent = { type: 'OrderSigned', at, advanceAt }
  // When everything that had not arrived is lost there is nothing to sign for, and the order must still come to its end.
  if (rest.length === 0 && lines === null && by === 'clock' && order.status === 'shipped') return ok([signed])
  return takeFrom(order, 'Sign', lines ?? rest, travellingQuantity).map((taken): readonly OrderEvent[] => {
    const goods: OrderEvent = { type: 'GoodsSigned', parcelId, lines: taken, by, at }
    const travelling = sumQuantity(rest) - sumQuantity(taken)
    return order.status === 'shipped' && travelling === 0 ? [goods, signed] : [goods]
  })
}

/** Notes pieces as lost on their way, or as here again. */
export const loseParcel = (
  order: Order,
  { parcelId, lines, cameBack, collectMinor = 0, at, advanceAt }: Extract<OrderCommand, { type: 'LoseParcel' }>,
): Decision =>
  takeFrom(order, 'LoseParcel', lines, travellingQuantity).map((taken): readonly OrderEvent[] => {
    const lost: OrderEvent = {
      type: 'GoodsLost',
      parcelId,
      lines: taken,
      at,
      ...(cameBack === undefined ? {} : { cameBack }),
      ...(collectMinor > 0 ? { collectMinor } : {}),
    }
    const travelling = order.lines.reduce((sum, line) => sum + travellingQuantity(line), 0) - sumQuantity(taken)
    const arrived = order.lines.some((line) => line.signedQuantity > 0)
    return order.status === 'shipped' && travelling === 0 && arrived
      ? [lost, { type: 'OrderSigned', at, advanceAt }]
      : [lost]
  })
