import type { AppliedOffer, LineShare, PricedCart, PricedLine } from './priced-cart.js'

/** A price as its buyer is shown it: who bears a discount is between the platform and its sellers. */
export type BuyerPrice = Omit<PricedCart, 'lines' | 'applied'> & {
  readonly lines: readonly BuyerPriceLine[]
  /** The offers that took effect, in the order they did. */
  readonly applied: readonly Omit<AppliedOffer, 'platformGoodsMinor'>[]
}

/** A priced line as its buyer is shown it. */
export type BuyerPriceLine = Omit<PricedLine, 'shares'> & {
  /** In the order of `BuyerPrice.applied`; none is 0. */
  readonly shares: readonly Omit<LineShare, 'platformMinor'>[]
}

/** Leaves out of a price what the platform, not the seller, bears of each discount. */
export const priceForBuyer = (price: PricedCart): BuyerPrice => ({
  ...price,
  lines: price.lines.map((line) => ({ ...line, shares: line.shares.map(({ platformMinor: _, ...share }) => share) })),
  applied: price.applied.map(({ platformGoodsMinor: _, ...offer }) => offer),
})

/** Whether a price says who bears its discounts: one that the shop or a merchant reads does, and one without discounts. */
export const tellsWhoBears = (price: PricedCart | BuyerPrice): price is PricedCart =>
  price.applied.every((offer) => 'platformGoodsMinor' in offer) &&
  price.lines.every(({ shares }) => shares.every((share) => 'platformMinor' in share))
