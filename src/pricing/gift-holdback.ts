import { ok, type Result } from 'neverthrow'
import { type KeptPrice, nameOfOffer, priceOfRest } from './price-of-rest.js'
import type { PriceCartError, PricedGift } from './priced-cart.js'

/**
 * Gifts of an order that what is left of it no longer brings, by the rules of the order.
 *
 * @param returned - all pieces returned so far, by line; lines left out have none
 * @errors PriceCartError
 */
export const lostGifts = (
  kept: KeptPrice,
  returned: Readonly<Record<string, number>>,
): Result<readonly PricedGift[], PriceCartError> => {
  if (kept.price.gifts.length === 0) return ok([])
  return priceOfRest(kept, returned).map((rest) => {
    const stays = new Set(rest?.gifts.map(nameOfOffer))
    return kept.price.gifts.filter((gift) => !stays.has(nameOfOffer(gift)))
  })
}

/**
 * What is held back of a refund for gifts that are kept without right: their declared worth, never more than is paid
 * back. What could not be held back is held back from the next refund; what was is given back with the gift.
 *
 * @param payMinor - what the refund would pay
 * @param lostMinor - worth of the gifts that the order lost and the buyer keeps
 * @param heldMinor - what earlier refunds held back
 * @returns below 0 where more was held back than those gifts are worth now
 */
export const giftHoldback = (payMinor: number, lostMinor: number, heldMinor: number): number =>
  Math.min(payMinor, lostMinor - heldMinor)
