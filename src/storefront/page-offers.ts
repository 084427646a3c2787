import type { Product } from '../catalog/product.js'
import type { Offer } from '../promotions/offer.js'
import type { Instant } from '../shared/instant.js'

/** Whether an offer may speak of a product now; whether it takes effect only a price can say. */
export const mayApply = (offer: Offer, product: Product, now: Instant): boolean => {
  const { from, to } = offer.window
  if ((from !== undefined && now < from) || (to !== undefined && now >= to)) return false
  if (offer.issuer.kind === 'merchant' && offer.issuer.merchantId !== product.merchantId) return false
  const { scope } = offer
  if (scope === undefined) return true
  const { not, ...named } = scope
  return isMeant(named, product, true) && !(not !== undefined && isMeant(not, product, false))
}

// A list that is not given leaves everything in, and shuts nothing out.
const isMeant = (filter: NonNullable<Offer['scope']>['not'] & object, product: Product, all: boolean): boolean => {
  const tests = [
    filter.skus?.some((sku) => product.variants.some((variant) => variant.sku === sku)),
    filter.productIds?.includes(product.productId),
    filter.categoryIds?.some((categoryId) => product.categoryIds.includes(categoryId)),
    filter.brands?.includes(product.brand),
  ].filter((test) => test !== undefined)
  return all ? tests.every(Boolean) : tests.some(Boolean)
}
