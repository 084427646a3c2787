import { ok, type Result } from 'neverthrow'
import { methodsOfOffers } from '../../pricing/methods-of-offers.js'
import type { PriceCartError } from '../../pricing/priced-cart.js'
import { offersGiven, type PriceWithGifts, priceWithGifts } from './quoted-gifts.js'

/**
 * Prices a cart for the way of paying that its buyer named. The name stays with the price only where an offer is given for
 * it and money is paid by it: what points pay whole is paid by none, and an order that its buyer may pay any way shall not
 * come by such an offer later, when it is changed.
 *
 * @errors PriceCartError
 */
export const priceForMethod = (
  ...[read, warehouses, asked]: Parameters<typeof priceWithGifts>
): Result<PriceWithGifts, PriceCartError> =>
  priceWithGifts(read, warehouses, asked).andThen((priced): Result<PriceWithGifts, PriceCartError> => {
    if (asked.input.paymentMethod === null) return ok(priced)
    const isGiven = methodsOfOffers(offersGiven(priced.price, priced.gifts)) !== null
    if (isGiven && priced.price.totals.payableMinor > 0) return ok(priced)
    const input = { ...asked.input, paymentMethod: null }
    return priceWithGifts(read, warehouses, { ...asked, input }).map((unbound) =>
      // What an offer that asks for the way named lacks is still told.
      isGiven ? unbound : { ...unbound, price: { ...unbound.price, trace: priced.price.trace } },
    )
  })
