import { err, type Result, type ResultAsync } from 'neverthrow'
import type { Product } from '../catalog/product.js'
import { products } from '../catalog/product.schema.js'
import { askPartStock, askStock, stockOf } from '../catalog/stock-source.js'
import type { InventoryPorts } from '../inventory/ports.js'
import { defaultWarehouse, stockCounters } from '../inventory/stock.js'
import { defaultShopPolicy, type NoReturnGround, type ShopPolicy, shopPolicyId } from '../orders/shop-policy.js'
import { policyBooks } from '../orders/shop-policy.schema.js'
import {
  askListPrices,
  defaultChannel,
  type ListPriceRead,
  listTiersOf,
  type PriceViewer,
} from '../pricing/list-price-facts.js'
import type { PriceTier } from '../pricing/price-list.js'
import { type CurrencyNotSold, type CurrencyPorts, currencySold } from '../pricing/sold-currency.js'
import type { Offer } from '../promotions/offer.js'
import { offerBookId, offerBooks } from '../promotions/offer.schema.js'
import { customerIdOf, groupsOf } from '../shared/actor.js'
import { book } from '../shared/books.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import type { Message } from '../shared/messages.js'
import { row } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseProductPage } from './page-inputs.schema.js'

/** What a product page shows of returns. */
export type ReturnTermsView = {
  /** Days after the day of signing within which it may be returned without reason; 0 where it may not. */
  readonly noReasonDays: number
  /** Days within which it may be returned with a fault. */
  readonly faultDays: number
  /** Why it cannot be returned without reason; null where it can. */
  readonly ground: NoReturnGround | null
}

/** The list price of a piece, from so many pieces on, with what its list is called. */
export type ShownTier = PriceTier & { readonly title: Message | null }

/** What a SKU costs whoever looks, before any offer. */
export type ShownPrice = {
  readonly sku: string
  readonly currency: string
  /** From one piece on, then from every number of pieces at which the price changes; none where it is not sold so. */
  readonly tiers: readonly ShownTier[]
}

/** A product as a buyer sees it. */
export type ProductPage = {
  readonly product: Extract<Product, { status: 'active' }>
  /** Pieces that may still be promised, by SKU. */
  readonly stock: readonly { readonly sku: string; readonly available: number }[]
  /** Prices by SKU: the catalog's, or those of the price lists that hold for whoever looks. */
  readonly prices: readonly ShownPrice[]
  /** Promotions and coupons that may speak of it now; whether they take effect only a price can say. */
  readonly offers: readonly Offer[]
  readonly returns: ReturnTermsView
  /** Days after payment within which it leaves. */
  readonly shipWithinDays: number
}

/**
 * Shows a product with its prices, its stock, the offers that may apply, and the terms of its return, in one read.
 *
 * @errors NotFound also where it is not on sale, CurrencyNotSold, QueryError
 */
export const productPage = (
  ports: InventoryPorts & CurrencyPorts,
  context: QueryContext,
  input: unknown,
): ResultAsync<ProductPage, NotFound | CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.productPage',
    parse: parseProductPage,
    plan: ({ input: { productId }, actor, now }) => ({
      product: row(products, productId),
      ...askStock(sourceOf(ports), { from: 'product', path: 'variants.*.sku' }),
      ...askPartStock(sourceOf(ports), 'product'),
      ...askListPrices(ports, customerIdOf(actor), now),
      offers: book(ports.books, offerBooks, offerBookId, now),
      policy: book(ports.books, policyBooks, shopPolicyId, now),
    }),
    answer: (
      { product, offers, policy, ...read },
      { input: { productId, channel = defaultChannel, region = null, currency: asked }, actor, now },
    ): Result<ProductPage, NotFound | CurrencyNotSold> => {
      if (product?.state.status !== 'active') {
        return err({ type: 'NotFound', entity: 'product', id: productId })
      }
      const shown = product.state
      const terms = policy?.state ?? defaultShopPolicy
      const own = [...new Set(shown.variants.map(({ listPrice }) => listPrice.currency))]
      return currencySold(ports, asked, own).map((currency): ProductPage => {
        const viewer = { groups: groupsOf(actor), channel, region, currency, now }
        return {
          product: shown,
          stock: shown.variants.map((variant) => ({
            sku: variant.sku,
            available: stockOf(sourceOf(ports), read, variant) ?? 0,
          })),
          prices: pricesOf(shown, read, viewer),
          offers: (offers?.state.offers ?? []).filter((offer) => mayApply(offer, shown, now)),
          returns: returnTermsOf(shown, terms),
          shipWithinDays: terms.shipWithinDays,
        }
      })
    },
  })

const sourceOf = ({ warehouses = [defaultWarehouse] }: InventoryPorts) => ({ family: stockCounters, warehouses })

const pricesOf = ({ variants }: Product, read: ListPriceRead, viewer: PriceViewer): readonly ShownPrice[] => {
  const titles = new Map(read.priceLists?.state.lists.map(({ listId, title }) => [listId, title ?? null]))
  return variants.map((variant) => ({
    sku: variant.sku,
    currency: viewer.currency ?? variant.listPrice.currency,
    tiers: listTiersOf(read, variant, viewer).map((tier) => ({
      ...tier,
      title: tier.listId === null ? null : (titles.get(tier.listId) ?? null),
    })),
  }))
}

const mayApply = (offer: Offer, product: Product, now: Instant): boolean => {
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

const returnTermsOf = (product: Product, { returns }: ShopPolicy): ReturnTermsView => {
  const rule = returns.exceptions.find(({ categoryId }) => product.categoryIds.includes(categoryId))
  return {
    noReasonDays: rule === undefined ? returns.noReasonDays : 0,
    faultDays: returns.faultDays,
    ground: rule?.ground ?? null,
  }
}
