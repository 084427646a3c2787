import type { LineQuantity } from '../inventory/reservation.js'
import type { Instant } from '../shared/instant.js'
import type { Order, OrderFacts, OrderLine, OrderRefund } from './order.js'
import { quantityOf, refundableQuantity, travellingQuantity } from './order-pieces.js'

type WithRefunds = Pick<OrderFacts, 'refunds'>

const undeliveredSoFar = ({ refunds }: WithRefunds, lineId: string): number =>
  refunds.reduce((sum, { undelivered = [] }) => sum + quantityOf(undelivered, lineId), 0)

/** Pieces of a line that left and did not arrive, and of which nobody has decided: neither refunded nor sent again. */
export const undecidedQuantity = (order: WithRefunds, line: OrderLine): number =>
  Math.max(0, Math.min(line.lostQuantity - undeliveredSoFar(order, line.lineId), refundableQuantity(line)))

/** The same of all lines of an order. */
export const undecidedLosses = (order: Pick<OrderFacts, 'lines' | 'refunds'>): readonly LineQuantity[] =>
  order.lines.flatMap((line) => {
    const quantity = undecidedQuantity(order, line)
    return quantity === 0 ? [] : [{ lineId: line.lineId, quantity }]
  })

/** Whether pieces are all that is left of an order, so that nothing remains that its carriage was paid for. */
export const isAllThatIsLeft = ({ lines }: Pick<OrderFacts, 'lines'>, pieces: readonly LineQuantity[]): boolean =>
  lines.every((line) => refundableQuantity(line) === quantityOf(pieces, line.lineId))

/**
 * Which pieces of a refund are of those that did not arrive: of goods that are refunded as lost or as come back, unless
 * the buyer had them. What is refunded as lost may be noted as lost only later.
 */
export const undeliveredOf = (
  order: Pick<OrderFacts, 'lines' | 'refunds'>,
  { reason, received, lines }: Pick<OrderRefund, 'reason' | 'received' | 'lines'>,
): readonly LineQuantity[] => {
  if (received === true || (reason !== 'lost' && reason !== 'returned')) return []
  return lines.flatMap(({ lineId, quantity: asked }) => {
    const line = order.lines.find((each) => each.lineId === lineId)
    if (line === undefined) return []
    const missing = line.lostQuantity + (reason === 'lost' ? travellingQuantity(line) : 0)
    const quantity = Math.min(asked, Math.max(0, missing - undeliveredSoFar(order, lineId)))
    return quantity === 0 ? [] : [{ lineId, quantity }]
  })
}

/** An order of which pieces were lost: until when that is to be decided. What was to be decided before stays so. */
export const withLoss = (order: Order, makeGoodBy: Instant): Order =>
  order.makeGoodBy === undefined ? { ...order, makeGoodBy } : order

/** An order that waits for no decision where none is open, and that no clock takes further before it is made. */
export const afterLosses = (order: Order): Order => {
  const { makeGoodBy, ...rest } = order
  if (makeGoodBy === undefined) return order
  if (undecidedLosses(order).length === 0) return rest
  return 'advanceAt' in order && order.advanceAt !== null && order.advanceAt < makeGoodBy
    ? { ...order, advanceAt: makeGoodBy }
    : order
}
