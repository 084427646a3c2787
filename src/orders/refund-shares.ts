import { ok, type Result } from 'neverthrow'
import type { LineQuantity } from '../inventory/reservation.js'
import type { PricedCart } from '../pricing/priced-cart.js'
import { type RefundSplitError, refundOf } from '../pricing/refund-of.js'
import type { OrderRefund } from './order.js'
import { refundableQuantity, refundableShippingMinor } from './order-machine.js'
import type { OrderRow } from './order-row.js'

/** A refund that is to begin. */
export type NewRefund = Omit<OrderRefund, 'status'>

/** What is paid for carriage, tax on it included, minor units. */
export const paidForShipping = (price: PricedCart): number =>
  price.shipping === null ? 0 : price.shipping.chargeMinor + (price.taxInclusive ? 0 : price.shipping.taxMinor)

/**
 * What giving back some pieces of an order comes to, by each means they were paid with; carriage is given back whole or
 * not at all.
 *
 * @errors LineUnknown, PiecesExceeded, PiecesInvalid
 */
export const newRefundOf = (
  order: OrderRow,
  asked: {
    readonly refundId: string
    readonly reason: OrderRefund['reason']
    readonly lines: readonly LineQuantity[]
    readonly withShipping: boolean
  },
): Result<NewRefund, RefundSplitError> => {
  const gifts = new Set(order.lines.filter((line) => line.gift).map((line) => line.lineId))
  const before = Object.fromEntries(order.lines.map((line) => [line.lineId, line.refundedQuantity]))
  const shippingMinor = asked.withShipping ? refundableShippingMinor(order) : 0
  const pieces = asked.lines.filter((line) => !gifts.has(line.lineId))
  return refundOf(order.details.units, before, pieces).andThen((split) =>
    ok({
      refundId: asked.refundId,
      reason: asked.reason,
      lines: asked.lines,
      shippingMinor,
      cashMinor: split.payMinor + shippingMinor,
      pointsMinor: split.pointsMinor,
      points: split.points,
      earnedPoints: split.earnedPoints,
      subsidyMinor: split.shares.reduce((sum, share) => sum + share.platformMinor, 0),
    }),
  )
}

/**
 * Everything of an order that was not given back yet.
 *
 * @errors LineUnknown, PiecesExceeded, PiecesInvalid
 */
export const wholeRefundOf = (
  order: OrderRow,
  refundId: string,
  reason: OrderRefund['reason'],
): Result<NewRefund, RefundSplitError> =>
  newRefundOf(order, {
    refundId,
    reason,
    lines: order.lines
      .map((line) => ({ lineId: line.lineId, quantity: refundableQuantity(line) }))
      .filter((line) => line.quantity > 0),
    withShipping: true,
  })

/**
 * The coupons whose every piece, and carriage where they touch it, is given back.
 *
 * @param order - as it stands after the refund
 */
export const couponsGivenBack = (order: OrderRow): readonly string[] =>
  order.couponIds.filter((couponId) => {
    const { price } = order.details
    const applied = price.applied.filter((each) => each.couponId === couponId)
    if (applied.some((each) => each.shippingMinor > 0) && refundableShippingMinor(order) > 0) return false
    return price.lines
      .filter((line) => line.shares.some((share) => share.couponId === couponId && share.amountMinor !== 0))
      .every((line) => order.lines.some((each) => each.lineId === line.lineId && refundableQuantity(each) === 0))
  })
