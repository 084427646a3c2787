import type { PricedCart } from '../../pricing/priced-cart.js'
import type { OfferDiscount } from '../order.js'
import { liveRefunds } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'

/** Discounts with one for each offer and coupon, in the order of the first of each. */
export const sumDiscounts = (discounts: readonly OfferDiscount[]): readonly OfferDiscount[] => {
  const sums = new Map<string, OfferDiscount>()
  for (const { offerId, couponId, amountMinor } of discounts) {
    const key = JSON.stringify([offerId, couponId])
    sums.set(key, { offerId, couponId, amountMinor: (sums.get(key)?.amountMinor ?? 0) + amountMinor })
  }
  return [...sums.values()]
}

/** The offers that take effect in a price, with what each takes off goods and carriage. */
export const discountsIn = ({ applied }: PricedCart): readonly OfferDiscount[] =>
  sumDiscounts(
    applied.map(({ offerId, couponId, goodsMinor, shippingMinor }) => ({
      offerId,
      couponId,
      amountMinor: goodsMinor + shippingMinor,
    })),
  )

/** The same of an order as it stands, without what they had taken off pieces that changes of it took out. */
export const discountsLeft = (order: OrderRow): readonly OfferDiscount[] =>
  sumDiscounts([
    ...discountsIn(order.details.price),
    ...liveRefunds(order)
      .flatMap(({ discounts = [] }) => discounts)
      .map((each) => ({ ...each, amountMinor: 0 - each.amountMinor })),
  ])
