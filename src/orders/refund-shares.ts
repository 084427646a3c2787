import type { LineQuantity } from '../inventory/reservation.js'
import type { PricedLine } from '../pricing/priced-cart.js'
import type { OrderRefund } from './order.js'
import { refundableQuantity, refundableShippingMinor } from './order-machine.js'
import type { OrderRow } from './order-row.js'

/** What pieces of a line come to, by each means they were paid with. */
export type PieceShare = {
  readonly cashMinor: number
  readonly pointsMinor: number
  readonly points: number
  readonly earnedPoints: number
  readonly subsidyMinor: number
}

/**
 * The part of a whole that falls on some of its pieces; taken piece by piece in any steps, the parts sum to the whole.
 *
 * @param whole - not below zero
 * @param pieces - all pieces, at least 1
 * @param from - pieces taken before
 * @param count - pieces taken now
 */
export const cumulativeShare = (whole: number, pieces: number, from: number, count: number): number =>
  Number(upTo(whole, pieces, from + count) - upTo(whole, pieces, from))

const upTo = (whole: number, pieces: number, count: number): bigint =>
  (2n * BigInt(whole) * BigInt(count) + BigInt(pieces)) / (2n * BigInt(pieces))

/**
 * What the next pieces of a line come to.
 *
 * @param from - pieces refunded before
 */
export const shareOfPieces = (
  line: PricedLine,
  pieces: { readonly from: number; readonly count: number; readonly taxInclusive: boolean },
): PieceShare => {
  const take = (whole: number): number => cumulativeShare(whole, line.quantity, pieces.from, pieces.count)
  return {
    cashMinor: take(line.cashMinor) + (pieces.taxInclusive ? 0 : take(line.taxMinor)),
    pointsMinor: take(line.pointsMinor),
    points: take(line.points),
    earnedPoints: take(line.earnedPoints),
    subsidyMinor: take(line.shares.reduce((sum, share) => sum + share.platformMinor, 0)),
  }
}

/** What is paid for a line in all, in money and in points, tax included, minor units. */
export const paidForLine = (line: PricedLine, taxInclusive: boolean): number =>
  line.netMinor + (taxInclusive ? 0 : line.taxMinor)

/** What carriage costs in all, tax included, minor units. */
export const paidForShipping = (price: OrderRow['details']['price']): number =>
  price.shipping === null ? 0 : price.shipping.chargeMinor + (price.taxInclusive ? 0 : price.shipping.taxMinor)

/**
 * What giving back some pieces comes to; carriage is given back whole or not at all.
 *
 * @param lines - no line more than is refundable of it; the order's machine is the judge of that
 */
export const refundOf = (
  order: OrderRow,
  asked: {
    readonly refundId: string
    readonly reason: OrderRefund['reason']
    readonly lines: readonly LineQuantity[]
    readonly withShipping: boolean
  },
): Omit<OrderRefund, 'status'> => {
  const { price } = order.details
  const shares = asked.lines.flatMap(({ lineId, quantity }) => {
    const line = order.lines.find((each) => each.lineId === lineId)
    const priced = price.lines.find((each) => each.lineId === lineId)
    if (line === undefined || priced === undefined) return []
    const count = Math.min(quantity, refundableQuantity(line))
    return [shareOfPieces(priced, { from: line.refundedQuantity, count, taxInclusive: price.taxInclusive })]
  })
  const sum = (pick: (share: PieceShare) => number): number => shares.reduce((total, share) => total + pick(share), 0)
  const shippingMinor = asked.withShipping ? refundableShippingMinor(order) : 0
  return {
    refundId: asked.refundId,
    reason: asked.reason,
    lines: asked.lines,
    shippingMinor,
    cashMinor: sum((share) => share.cashMinor) + shippingMinor,
    pointsMinor: sum((share) => share.pointsMinor),
    points: sum((share) => share.points),
    earnedPoints: sum((share) => share.earnedPoints),
    subsidyMinor: sum((share) => share.subsidyMinor),
  }
}

/** Everything of an order that was not given back yet. */
export const wholeRefundOf = (
  order: OrderRow,
  refundId: string,
  reason: OrderRefund['reason'],
): Omit<OrderRefund, 'status'> =>
  refundOf(order, {
    refundId,
    reason,
    lines: order.lines
      .map((line) => ({ lineId: line.lineId, quantity: refundableQuantity(line) }))
      .filter((line) => line.quantity > 0),
    withShipping: true,
  })

/**
 * The coupons whose every piece, and carriage where they touch it, is given back once a refund is made.
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
