import { compareCodePoints } from '../shared/json.js'
import { at, splitOver } from './goods.js'
import type { PricedCart, PricedLine } from './priced-cart.js'

/** What an offer took off each piece of a line. */
export type UnitShare = {
  readonly offerId: string
  readonly couponId: string | null
  /** By piece, minor units. */
  readonly amountMinor: readonly number[]
  /** The platform's part of it, by piece. */
  readonly platformMinor: readonly number[]
}

/** The pieces of a line; every list has an item for each. Unit list price = shares + points + cash. */
export type UnitLine = {
  readonly lineId: string
  readonly sku: string
  readonly merchantId: string
  readonly quantity: number
  readonly unitListMinor: number
  readonly shares: readonly UnitShare[]
  /** Worth of the points spent on a piece. */
  readonly pointsMinor: readonly number[]
  readonly cashMinor: readonly number[]
  readonly taxMinor: readonly number[]
  /** Whether what is paid for it in money earns points. */
  readonly earnsPoints: boolean
}

/** What every piece of an order cost and how it was paid, as its price says it; refunds are read from it. */
export type UnitTable = {
  readonly currency: string
  /** Whether the tax of a piece lies within what was paid for it, or came on top. */
  readonly taxInclusive: boolean
  readonly lines: readonly UnitLine[]
  /**
   * Points spent on the whole. A piece has no whole number of them where a point is worth more than the least unit of
   * money: what goes back is reckoned of all that comes back, by its `pointsMinor`.
   */
  readonly pointsSpent: number
  /** Points that the whole earns; those of pieces that come back are reckoned of all of them, by their `cashMinor`. */
  readonly pointsEarned: number
  /** Coupons that took nothing off the goods, but brought a gift or paid for carriage: they belong to the whole order. */
  readonly couponsOfOrder: readonly string[]
}

/**
 * Splits a priced cart down to its pieces: each share of an offer, by offer and coupon id, then points, over what is
 * left of the pieces; the rest is paid in money. Every row sums to the list price of a piece, every column to what the
 * line says. Of one price the same table comes every time: what splits otherwise is another version of pricing.
 */
export const unitTableOf = (priced: PricedCart): UnitTable => ({
  currency: priced.currency,
  taxInclusive: priced.taxInclusive,
  lines: priced.lines.map(unitsOf),
  pointsSpent: priced.pointsSpent,
  pointsEarned: priced.pointsEarned,
  couponsOfOrder: priced.applied.flatMap((each) =>
    each.couponId === null || each.goodsMinor > 0 ? [] : [each.couponId],
  ),
})

const unitsOf = (line: PricedLine): UnitLine => {
  let left: readonly number[] = new Array<number>(line.quantity).fill(line.listUnitMinor)
  const take = (amountMinor: number): readonly number[] => {
    const parts = splitOver(amountMinor, left, left)
    left = left.map((amount, piece) => amount - at(parts, piece))
    return parts
  }
  const byId = [...line.shares].sort(
    (a, b) => compareCodePoints(a.offerId, b.offerId) || compareCodePoints(a.couponId ?? '', b.couponId ?? ''),
  )
  const shares = byId.map(({ offerId, couponId, amountMinor, platformMinor }): UnitShare => {
    const amounts = take(amountMinor)
    return { offerId, couponId, amountMinor: amounts, platformMinor: splitOver(platformMinor, amounts, amounts) }
  })
  const net = left
  const pointsMinor = take(line.pointsMinor)
  const cashMinor = left
  return {
    lineId: line.lineId,
    sku: line.sku,
    merchantId: line.merchantId,
    quantity: line.quantity,
    unitListMinor: line.listUnitMinor,
    shares,
    pointsMinor,
    cashMinor,
    taxMinor: splitOver(line.taxMinor, net),
    earnsPoints: line.earnsPoints !== false,
  }
}
