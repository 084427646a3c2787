import { errAsync, type ResultAsync } from 'neverthrow'
import { type DescribedAttribute, describeAttributes } from '../catalog/attributes/described-attributes.js'
import { definitionsOf } from '../catalog/attributes/read-attributes.js'
import type { Category } from '../catalog/category.js'
import { categories } from '../catalog/category.schema.js'
import { depthsOf } from '../catalog/category-lineage.js'
import type { Product } from '../catalog/product.js'
import { products } from '../catalog/product.schema.js'
import { cardOf, type ProductCard } from '../catalog/product-card.js'
import { isProductIn } from '../catalog/product-scope.js'
import { askTallies, tallyOf } from '../catalog/product-tally.js'
import { type ReviewSummary, summaryOf } from '../catalog/reviews/review-summary.js'
import { askPartStock, askStock, stockOf } from '../catalog/stock-source.js'
import type { InventoryPorts } from '../inventory/ports.js'
import { defaultWarehouse, stockCounters } from '../inventory/stock.js'
import { levelIdAt } from '../membership/member.js'
import {
  defaultShopPolicy,
  type NoReturnGround,
  type ServiceContact,
  type ShopPolicy,
  shopPolicyId,
} from '../orders/policy/shop-policy.js'
import { policyBooks } from '../orders/policy/shop-policy.schema.js'
import {
  askListPrices,
  defaultChannel,
  type ListPriceRead,
  listTiersOf,
  type PriceViewer,
} from '../pricing/list-price-facts.js'
import type { PriceTier } from '../pricing/price-list.js'
import { type CurrencyNotSold, type CurrencyPorts, currencySold } from '../pricing/sold-currency.js'
import { askIssues, type ClaimableCoupon, claimableCoupons } from '../promotions/claimable-coupons.js'
import { offerBookId, offerBooks } from '../promotions/offer.schema.js'
import { type ShownOffer, showOffer } from '../promotions/shown-offer.js'
import { customerIdOf, groupsOf } from '../shared/actor.js'
import { book } from '../shared/books.js'
import type { NotFound } from '../shared/errors.js'
import { compareCodePoints } from '../shared/json.js'
import type { Message } from '../shared/messages.js'
import type { Sealer } from '../shared/personal-data.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { row, rows } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { ProductPageInput } from './page-inputs.schema.js'
import { parseProductPage } from './page-inputs.schema.js'
import { mayApply } from './page-offers.js'
import { askPiecePrices, type PiecePrice, piecePricesOf } from './piece-prices.js'

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
  /** What one piece of each SKU costs after the promotions that take effect for it alone. */
  readonly piecePrices: readonly PiecePrice[]
  /** Promotions and coupons that may speak of it now; whether they take effect only a price can say. */
  readonly offers: readonly ShownOffer[]
  /** Coupons among them that may be had at a click. */
  readonly coupons: readonly ClaimableCoupon[]
  /** Its places in the tree, from the top down. */
  readonly categories: readonly Pick<Category, 'categoryId' | 'parentId' | 'name' | 'slug'>[]
  readonly attributes: readonly DescribedAttribute[]
  readonly reviews: ReviewSummary
  /** Pieces sold. */
  readonly sold: number
  /** What goes with it and is on sale. */
  readonly accessories: readonly ProductCard[]
  readonly returns: ReturnTermsView
  /** For how many months the seller stands for it, beyond the law; null without such a promise. */
  readonly warrantyMonths: number | null
  /** Whom to turn to, and when; null where the shop has not said. */
  readonly service: ServiceContact | null
  /** Days after payment within which it leaves. */
  readonly shipWithinDays: number
}

/**
 * Shows a product with its prices, before offers and after, its stock, the offers that may apply and the coupons to be
 * had, what its reviews come to, what goes with it, and the terms of its return, in one read.
 *
 * @errors NotFound also where it is not on sale or outside what whoever looks may see, CurrencyNotSold, CryptoUnavailable, QueryError
 */
export const productPage = (
  ports: InventoryPorts & CurrencyPorts & { readonly sealer?: Sealer },
  context: QueryContext,
  input: ProductPageInput,
): ResultAsync<ProductPage, NotFound | CurrencyNotSold | CryptoUnavailable | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.productPage',
    parse: parseProductPage,
    plan: ({ input: { productId }, actor, now }) => {
      const offers = book(ports.books, offerBooks, offerBookId, now)
      return {
        product: row(products, productId),
        branch: rows(categories, { from: 'product', path: 'categoryIds.*' }),
        accessories: rows(products, { from: 'product', path: 'accessoryIds.*' }),
        ...askStock(sourceOf(ports), { from: 'accessories', path: 'variants.*.sku' }, accessoryStock),
        ...askPartStock(sourceOf(ports), 'accessories', accessoryStock),
        ...askTallies([productId]),
        ...askStock(sourceOf(ports), { from: 'product', path: 'variants.*.sku' }),
        ...askPartStock(sourceOf(ports), 'product'),
        offers,
        ...askIssues(offers, 'offers', customerIdOf(actor)),
        ...askPiecePrices(ports, actor, now, offers, 'offers'),
        policy: book(ports.books, policyBooks, shopPolicyId, now),
      }
    },
    own: ({ actor, now }) => askListPrices(ports, customerIdOf(actor), now),
    answer: (
      { product, offers, policy, branch, accessories, ...read },
      { input: { productId, channel = defaultChannel, region = null, currency: asked }, actor, scope, now },
    ): ResultAsync<ProductPage, NotFound | CurrencyNotSold | CryptoUnavailable> => {
      if (product?.state.status !== 'active' || !isProductIn(product.state, scope)) {
        return errAsync({ type: 'NotFound', entity: 'product', id: productId })
      }
      const shown = product.state
      const terms = policy?.state ?? defaultShopPolicy
      const own = [...new Set(shown.variants.map(({ listPrice }) => listPrice.currency))]
      const source = sourceOf(ports)
      return currencySold(ports, asked, own)
        .asyncAndThen((currency) =>
          piecePricesOf(
            ports,
            shown,
            { ...read, offers },
            { actor, channel, region, currency: currency ?? own[0] ?? '', now },
          ).map((piecePrices) => ({ currency, piecePrices })),
        )
        .map(({ currency, piecePrices }): ProductPage => {
          const viewer = { groups: groupsOf(actor), channel, region, currency, now }
          const prices = pricesOf(shown, read, viewer)
          const unitPrices = new Map(
            prices.flatMap(({ sku, tiers: [first] }) => (first === undefined ? [] : [[sku, first.unitMinor]])),
          )
          const spoken = (offers?.state.offers ?? []).filter((offer) => mayApply(offer, shown, unitPrices, now))
          const places = fromTheTop(branch.map(({ state }) => state))
          return {
            product: shown,
            stock: shown.variants.map((variant) => ({
              sku: variant.sku,
              available: stockOf(source, read, variant) ?? 0,
            })),
            prices,
            piecePrices,
            offers: spoken.map(showOffer),
            coupons: claimableCoupons(offers?.state, spoken, read, {
              accountId: customerIdOf(actor),
              levelId: levelIdAt(read.member?.state, now),
              now,
            }),
            categories: places.map(({ categoryId, parentId, name, slug }) => ({ categoryId, parentId, name, slug })),
            attributes: describeAttributes(shown, definitionsOf(places)),
            reviews: summaryOf(read, productId),
            sold: tallyOf(read, productId, 'sold'),
            accessories: accessories.flatMap(({ state }) =>
              state.status === 'active' && isProductIn(state, scope)
                ? [cardOf(state, source, read, accessoryStock)]
                : [],
            ),
            warrantyMonths: shown.warrantyMonths ?? null,
            service: terms.service ?? null,
            returns: returnTermsOf(shown, terms),
            shipWithinDays: terms.shipWithinDays,
          }
        })
    },
  })

const sourceOf = ({ warehouses = [defaultWarehouse] }: InventoryPorts) => ({ family: stockCounters, warehouses })

/** What the names of questions about accessories end with. */
const accessoryStock = 'accessories '

const fromTheTop = (places: readonly Category[]): readonly Category[] => {
  const depths = depthsOf(places)
  const depthOf = ({ categoryId }: Category): number => depths.get(categoryId) ?? 0
  return [...places].sort((a, b) => depthOf(a) - depthOf(b) || compareCodePoints(a.categoryId, b.categoryId))
}

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

const returnTermsOf = (product: Product, { returns }: ShopPolicy): ReturnTermsView => {
  const rule = returns.exceptions.find(({ categoryId }) => product.categoryIds.includes(categoryId))
  return {
    noReasonDays: rule === undefined ? returns.noReasonDays : 0,
    faultDays: returns.faultDays,
    ground: rule?.ground ?? null,
  }
}
