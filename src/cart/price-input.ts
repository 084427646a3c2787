import { err, ok, type Result } from 'neverthrow'
import type { Product } from '../catalog/product.js'
import type { CatalogLine, PriceCartInput, PriceCoupon } from '../pricing/priced-cart.js'
import type { RatedLine } from '../pricing/rate-sources.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import type { Coupon } from '../promotions/coupon.js'
import type { Currency } from '../shared/currency.js'
import type { MethodId } from '../shared/payment-method.js'
import type { CartLine, ItemUnavailable } from './cart.js'
import { variantOnSale } from './change-cart.js'

/** What `priceMyCart` is asked. */
export type PriceMyCartInput = {
  /** Where to and how it shall be sent; without it neither carriage nor tax is reckoned. */
  readonly shipping?: { readonly methodId: string; readonly region: string }
  /** Sales channel, for offers that ask for it; `web` when absent. */
  readonly channel?: string
  /** What it is to be paid in, one that the shop sells in; the currency of the catalog when absent. */
  readonly currency?: Currency
  /** How it will be paid, for offers that ask for it. */
  readonly paymentMethod?: MethodId
  /** Points the buyer would spend. */
  readonly points?: number
}

/** A line's price is in another currency than the one asked for. */
export type LineCurrencyDiffers = {
  readonly type: 'LineCurrencyDiffers'
  readonly lineId: string
  readonly expected: string
  readonly actual: string
}

/** Nothing in the cart is selected. */
export type NothingSelected = { readonly type: 'NothingSelected' }

/** What rates from outside are asked for; lines of goods that are not on sale are left out. */
export const ratedLinesOf = ({ lines, products }: Pick<PriceSources, 'lines' | 'products'>): readonly RatedLine[] =>
  lines.flatMap(({ productId, sku, quantity }) => {
    const variant = variantOnSale(products.find(({ id }) => id === productId)?.state, sku)
    return variant === undefined
      ? []
      : [{ sku, quantity, weightGrams: variant.weightGrams, taxClass: variant.taxClass }]
  })

/** Why no price can be made of a cart. */
export type PriceInputError = ItemUnavailable | LineCurrencyDiffers | NothingSelected | CurrencyNotSold

/** What a price is made of, as it was read: the cart's lines beside everything that pricing takes as it is. */
export type PriceSources = Omit<PriceCartInput, 'pricingVersion' | 'lines' | 'coupons'> & {
  /** The lines to be bought. */
  readonly lines: readonly CartLine[]
  readonly products: readonly { readonly id: string; readonly state: Product }[]
  /** The coupons attached, as they stand. */
  readonly coupons: readonly Coupon[]
  /** In which currencies price lists are all that goods are sold by. */
  readonly soldCurrencies?: readonly Currency[] | undefined
}

/**
 * Turns a cart and what was read beside it into the input of `priceCart`; what a buyer is shown and what an order is
 * placed on are made by this one function.
 *
 * @errors NothingSelected, ItemUnavailable, LineCurrencyDiffers
 */
export const priceInputOf = (sources: PriceSources): Result<PriceCartInput, PriceInputError> => {
  const { lines, products, coupons, soldCurrencies = [], ...rest } = sources
  if (lines.length === 0) return err({ type: 'NothingSelected' })
  const priced: CatalogLine[] = []
  const { currency } = sources
  const by = { currency, isSold: soldCurrencies.includes(currency) }
  for (const line of lines) {
    const made = priceLineOf(line, products.find(({ id }) => id === line.productId)?.state, by)
    if (made.isErr()) return err(made.error)
    priced.push(made.value)
  }
  return ok({ ...rest, pricingVersion: 1, lines: priced, coupons: coupons.map(priceCouponOf) })
}

const priceLineOf = (
  line: CartLine,
  product: Product | undefined,
  { currency, isSold }: { readonly currency: Currency; readonly isSold: boolean },
): Result<CatalogLine, PriceInputError> => {
  const { lineId, productId, sku, quantity } = line
  const variant = variantOnSale(product, sku)
  if (product === undefined || variant === undefined) return err({ type: 'ItemUnavailable', productId, sku })
  const { listPrice, weightGrams, taxClass, discountable } = variant
  const inCatalog = listPrice.currency === currency
  if (!inCatalog && !isSold) {
    return err({ type: 'LineCurrencyDiffers', lineId, expected: currency, actual: listPrice.currency })
  }
  return ok({
    lineId,
    productId,
    sku,
    merchantId: product.merchantId,
    categoryIds: product.categoryIds,
    brand: product.brand,
    quantity,
    listUnitMinor: inCatalog ? listPrice.minor : null,
    weightGrams,
    taxClass,
    discountable,
  })
}

const priceCouponOf = (coupon: Coupon): PriceCoupon => {
  const { couponId, offerId, status } = coupon
  switch (coupon.status) {
    case 'issued':
      return { couponId, offerId, status, validFrom: coupon.issuedAt, validTo: coupon.claimableTo }
    case 'claimed':
    case 'locked':
    case 'used':
      return { couponId, offerId, status, validFrom: coupon.validFrom, validTo: coupon.validTo }
    case 'expired':
      return { couponId, offerId, status, validFrom: coupon.issuedAt, validTo: coupon.expiredAt }
    case 'revoked':
      return { couponId, offerId, status, validFrom: coupon.issuedAt, validTo: coupon.revokedAt }
  }
}

/** The currencies that the catalog prices lines in, each once. */
export const catalogCurrencies = ({
  lines,
  products,
}: Pick<PriceSources, 'lines' | 'products'>): readonly Currency[] => [
  ...new Set(
    lines.flatMap(({ productId, sku }) => {
      const variant = variantOnSale(products.find(({ id }) => id === productId)?.state, sku)
      return variant === undefined ? [] : [variant.listPrice.currency]
    }),
  ),
]

/** Names the currency of points where it is another than that of the cart. */
export const pointsCurrency = (ofPoints: Currency, ofCart: Currency): { readonly currency?: Currency } =>
  ofPoints === ofCart ? {} : { currency: ofPoints }
