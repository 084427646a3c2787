import { ok, type Result } from 'neverthrow'
import { priceCart } from './price-cart.js'
import type { AppliedOffer, PriceCartError, PriceCartInput, PricedCart } from './priced-cart.js'
import type { LinePieces } from './refund-of.js'

/** A price as an order keeps it: what it was made of, and what it came to. */
export type KeptPrice = { readonly input: PriceCartInput; readonly price: PricedCart }

/** Adds pieces to those returned before, by line. */
export const addPieces = (
  returned: Readonly<Record<string, number>>,
  pieces: readonly LinePieces[],
): Readonly<Record<string, number>> => {
  const sums = new Map(Object.entries(returned))
  for (const { lineId, quantity } of pieces) sums.set(lineId, (sums.get(lineId) ?? 0) + quantity)
  return Object.fromEntries(sums)
}

/** Tells an offer, or the coupon it came by, apart from all others of a price. */
export const nameOfOffer = ({ offerId, couponId }: Pick<AppliedOffer, 'offerId' | 'couponId'>): string =>
  `${offerId}\n${couponId ?? ''}`

/**
 * The price of what is left, made as the order's was, by its price lists and offers and with the coupons that it used;
 * nothing when all is returned. A price that asked for a number of pieces is lost with them, as an offer is.
 */
export const priceOfRest = (
  { input, price }: KeptPrice,
  returned: Readonly<Record<string, number>>,
): Result<PricedCart | undefined, PriceCartError> => {
  const lines = input.lines.flatMap((line) => {
    const gone = Object.hasOwn(returned, line.lineId) ? (returned[line.lineId] ?? 0) : 0
    return gone >= line.quantity ? [] : [{ ...line, quantity: line.quantity - gone }]
  })
  if (lines.length === 0) return ok(undefined)
  const coupons = input.coupons.filter(({ couponId }) => price.couponsUsed.includes(couponId))
  return priceCart({ ...input, lines, coupons, shipping: null, points: null }, { trace: false })
}
