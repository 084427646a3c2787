import type { Product } from '../catalog/product.js'
import { speaksOf } from '../pricing/eligible-offers.js'
import type { Offer } from '../promotions/offer.js'
import type { Instant } from '../shared/instant.js'

/**
 * Whether an offer may speak of a product now; whether it takes effect only a price can say.
 *
 * @param unitPrices - what a piece of each SKU costs whoever looks, before offers, minor units; none where it is not sold so
 */
export const mayApply = (
  offer: Offer,
  product: Product,
  unitPrices: ReadonlyMap<string, number>,
  now: Instant,
): boolean => {
  const { from, to } = offer.window
  if ((from !== undefined && now < from) || (to !== undefined && now >= to)) return false
  const { productId, merchantId, categoryIds, brand } = product
  return product.variants.some(({ sku, discountable }) => {
    const listUnitMinor = unitPrices.get(sku)
    return (
      discountable &&
      listUnitMinor !== undefined &&
      speaksOf(offer, { sku, productId, merchantId, categoryIds, brand, listUnitMinor })
    )
  })
}
