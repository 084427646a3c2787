import { err, ok, type Result } from 'neverthrow'
import type { LineQuantity } from '../inventory/reservation.js'
import type { RefundAsked } from '../orders/money/refund-shares.js'
import { askedBackQuantity, refundableQuantity, returnableQuantity } from '../orders/order-pieces.js'
import type { OrderRow } from '../orders/order-row.js'
import { isFault } from '../orders/policy/return-window.js'
import type { ReturnReason } from '../orders/policy/shop-policy.js'

/** More pieces are asked back than were bought and are not back already, or being returned. */
export type ReturnTooLarge = {
  readonly type: 'ReturnTooLarge'
  readonly lineId: string
  readonly asked: number
  readonly left: number
}

/**
 * The pieces of a return, each line once; what another open return asks for is spoken for.
 *
 * @errors ReturnTooLarge
 */
export const withinReach = (
  order: OrderRow,
  asked: readonly LineQuantity[],
): Result<readonly LineQuantity[], ReturnTooLarge> => {
  const sums = new Map<string, number>()
  for (const { lineId, quantity } of asked) sums.set(lineId, (sums.get(lineId) ?? 0) + quantity)
  for (const [lineId, quantity] of sums) {
    const line = order.lines.find((each) => each.lineId === lineId)
    const left = line === undefined ? 0 : Math.max(0, refundableQuantity(line) - askedBackQuantity(order, lineId))
    if (quantity > left) return err({ type: 'ReturnTooLarge', lineId, asked: quantity, left })
  }
  return ok([...sums].map(([lineId, quantity]) => ({ lineId, quantity })))
}

/** The pieces of a return that its order has not given back otherwise, as goodwill or as lost. */
export const stillOwed = (order: OrderRow, accepted: readonly LineQuantity[]): readonly LineQuantity[] =>
  accepted.flatMap(({ lineId, quantity }) => {
    const line = order.lines.find((each) => each.lineId === lineId)
    const owed = line === undefined ? 0 : Math.min(quantity, returnableQuantity(order, line))
    return owed === 0 ? [] : [{ lineId, quantity: owed }]
  })

/**
 * What a return asks of its order: its pieces; carriage too, where the shop is at fault and nothing of the order is left.
 */
export const refundOfReturn = (
  order: OrderRow,
  asked: { readonly refundId: string; readonly reason: ReturnReason; readonly lines: readonly LineQuantity[] },
): RefundAsked => {
  const { refundId, reason, lines } = asked
  const sellerAtFault = isFault(reason)
  const everything = order.lines.every((line) => {
    const accepted = lines.find((each) => each.lineId === line.lineId)?.quantity ?? 0
    return line.gift || refundableQuantity(line) === accepted
  })
  return {
    refundId,
    ...(reason === 'notReceived' ? { reason: 'lost' } : { reason: 'returned', received: true }),
    lines,
    withShipping: everything && sellerAtFault,
    sellerAtFault,
  }
}
