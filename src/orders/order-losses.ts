import type { LineQuantity } from '../inventory/reservation.js'
import type { Instant } from '../shared/instant.js'
import type { Order, OrderFacts, OrderLine, OrderRefund } from './order.js'
import {
  addTo,
  backQuantity,
  type GivenBack,
  quantityOf,
  refundableQuantity,
  travellingQuantity,
} from './order-pieces.js'

/**
 * Pieces of a line that left and did not arrive, and of which nobody has decided: neither refunded nor sent again. There are
 * never more than can still be refunded as lost.
 */
export const undecidedQuantity = (line: OrderLine): number =>
  Math.max(0, line.lostQuantity - (line.undeliveredQuantity ?? 0))

/** The same of all lines of an order. */
export const undecidedLosses = ({ lines }: Pick<OrderFacts, 'lines'>): readonly LineQuantity[] =>
  lines.flatMap((line) => {
    const quantity = undecidedQuantity(line)
    return quantity === 0 ? [] : [{ lineId: line.lineId, quantity }]
  })

/** Pieces of a line that are on their way and were not refunded before anybody knew whether they arrive. */
export const awaitedQuantity = (line: OrderLine): number => travellingQuantity(line) - refundedOnItsWay(line)

/** Pieces of a line that are on their way and were refunded as lost or as come back, which nobody has noted them as. */
export const refundedOnItsWay = (line: OrderLine): number =>
  Math.min(travellingQuantity(line), Math.max(0, (line.undeliveredQuantity ?? 0) - line.lostQuantity))

/** Whether pieces are all that is left of an order, so that nothing remains that its carriage was paid for. */
export const isAllThatIsLeft = ({ lines }: Pick<OrderFacts, 'lines'>, pieces: readonly LineQuantity[]): boolean =>
  lines.every((line) => refundableQuantity(line) === quantityOf(pieces, line.lineId))

/** Whether a refund is for pieces that did not arrive, are not expected to, or came back before the buyer had them. */
export const isForUndelivered = ({ reason, received }: Pick<OrderRefund, 'reason' | 'received'>): boolean =>
  (reason === 'lost' || reason === 'returned') && received !== true

/** Whether any of the pieces of a refund are lost, or on their way, and not refunded as such before. */
export const isMissingIn = ({ lines }: Pick<OrderFacts, 'lines'>, refund: Pick<OrderRefund, 'lines'>): boolean =>
  lines.some((line) => quantityOf(refund.lines, line.lineId) > 0 && missingQuantity(line) > 0)

const missingQuantity = (line: OrderLine): number =>
  line.lostQuantity + travellingQuantity(line) - (line.undeliveredQuantity ?? 0)

type WithLines = GivenBack & Pick<OrderFacts, 'lines'>

/**
 * The lines of an order as a refund leaves them. What is refunded as lost or as come back, unless the buyer had it, counts
 * for what did not arrive or is still on its way: whether the loss of it is noted before the refund or after it, it is made
 * good once.
 */
export const refundedLines = (
  { lines, refunds }: WithLines,
  refund: Pick<OrderRefund, 'reason' | 'received' | 'lines'>,
): readonly OrderLine[] => {
  const isUndelivered = isForUndelivered(refund)
  const marked = lines.map((line) => {
    const asked = isUndelivered ? quantityOf(refund.lines, line.lineId) : 0
    return markedUndelivered(
      line,
      (line.undeliveredQuantity ?? 0) + Math.min(asked, Math.max(0, missingQuantity(line))),
    )
  })
  return fitted({ lines: addTo(marked, 'refundedQuantity', refund.lines), refunds: [...refunds, refund] })
}

/** The lines of an order of which pieces are lost, or have come back. */
export const lostLines = ({ lines, refunds }: WithLines, lost: readonly LineQuantity[]): readonly OrderLine[] =>
  fitted({ lines: addTo(lines, 'lostQuantity', lost), refunds })

// Pieces that were refunded and are not lost fit into those that are not lost, and those of them that were given back into
// those that left: what does not is of those that did not arrive.
const fitted = (order: WithLines): readonly OrderLine[] =>
  order.lines.map((line) => {
    const { quantity, shippedQuantity, refundedQuantity, lostQuantity } = line
    const beyond = Math.max(refundedQuantity - quantity, backQuantity(order, line) - shippedQuantity)
    return markedUndelivered(line, Math.max(line.undeliveredQuantity ?? 0, lostQuantity + beyond))
  })

const markedUndelivered = (line: OrderLine, undeliveredQuantity: number): OrderLine =>
  undeliveredQuantity <= 0 ? line : { ...line, undeliveredQuantity }

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

/** An order that has left and is late no more: what is known to be lost has a moment of its own. */
export const notLate = (order: Order): Order => {
  if (order.status !== 'shipped' || order.lines.some((line) => travellingQuantity(line) > 0)) return order
  const { lateSince: _, ...rest } = order
  return rest
}
