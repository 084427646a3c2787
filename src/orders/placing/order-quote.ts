import { err, ok, type Result } from 'neverthrow'
import type { CartLine, PersonLimitExceeded, StoredCart } from '../../cart/cart.js'
import { askCart, cartOwner } from '../../cart/change-cart.js'
import { catalogCurrencies, type PriceInputError, pointsCurrency, priceInputOf } from '../../cart/price-input.js'
import { askPurchases, type Purchases, remainingOf } from '../../cart/purchases.js'
import type { Product } from '../../catalog/product.js'
import { skuSpace } from '../../catalog/product.js'
import { products } from '../../catalog/product.schema.js'
import { askPartStock, askStock } from '../../catalog/stock-source.js'
import { findMissing } from '../../inventory/allocate-lines.js'
import type { InventoryPorts } from '../../inventory/ports.js'
import { type OutOfStock, stockCounters } from '../../inventory/stock.js'
import { askBuyer, type Buyer, type BuyerRead } from '../../membership/buyer.js'
import { pointsAccounts } from '../../membership/points-account.collection.schema.js'
import { availablePoints, type PointsAccount } from '../../membership/points-account.js'
import { askPriceLists, defaultChannel, priceListsFor } from '../../pricing/list-price-facts.js'
import type { PriceListBook } from '../../pricing/price-list.js'
import type { PriceCartError, PriceCartInput } from '../../pricing/priced-cart.js'
import { askRateBooks, type QuotedRates, type RateBooksRead, ratesIn } from '../../pricing/quote-rates.js'
import type { RatePorts } from '../../pricing/rate-sources.js'
import { currencySold } from '../../pricing/sold-currency.js'
import { coupons } from '../../promotions/coupon.collection.schema.js'
import type { Coupon } from '../../promotions/coupon.js'
import { askFirstOrder, askUsesLeft, type FirstOrderRead, isFirstOrder, toUsesLeft } from '../../promotions/limits.js'
import type { OfferBook } from '../../promotions/offer.js'
import { offerBookId, offerBooks } from '../../promotions/offer.schema.js'
import type { Actor, Denied } from '../../shared/actor.js'
import { book } from '../../shared/books.js'
import type { Currency } from '../../shared/currency.js'
import type { Instant } from '../../shared/instant.js'
import { type Asked, claims, row, rows, type Stored } from '../../shared/read-plan.js'
import type { OrderTotals } from '../order.js'
import type { OrderChoice } from '../order-inputs.js'
import { totalsOf } from '../order-totals.js'
import { defaultShopPolicy, type ShopPolicy, shopPolicyId } from '../policy/shop-policy.js'
import { policyBooks } from '../policy/shop-policy.schema.js'
import { priceForMethod } from './price-for-method.js'
import {
  freeStockOf,
  type GiftRead,
  giftSkusOf,
  giftStock,
  type PriceWithGifts,
  wantedLines,
  warehousesOf,
} from './quoted-gifts.js'

/** Everything that an order is priced and promised by, as it was read. */
export type QuoteRead = GiftRead &
  RateBooksRead &
  BuyerRead &
  FirstOrderRead & {
    readonly cart: Stored<StoredCart> | undefined
    readonly coupons: readonly Stored<Coupon>[]
    readonly points: Stored<PointsAccount> | undefined
    readonly offers: Stored<OfferBook> | undefined
    readonly priceLists: Stored<PriceListBook> | undefined
    readonly policy: Stored<ShopPolicy> | undefined
    readonly bought: Purchases
    readonly usesOfAll: ReadonlyMap<string, number>
    readonly usesOfCustomer: ReadonlyMap<string, number>
  }

/** The questions to which `QuoteRead` is the answer. */
export type QuotePlan = { readonly [Name in keyof QuoteRead]: Asked<QuoteRead[Name]> }

/** Asks for everything that an order is priced and promised by, in one read. */
export const askQuote = (ports: InventoryPorts & RatePorts, actor: Actor, now: Instant): QuotePlan => {
  const buyerId = cartOwner(actor)?.ownerId ?? ''
  const offers = book(ports.books, offerBooks, offerBookId, now)
  const giftSkus = giftSkusOf(offers)
  const stock = { family: stockCounters, warehouses: warehousesOf(ports) }
  return {
    cart: askCart(actor),
    products: rows(products, { from: 'cart', path: 'lines.*.productId' }),
    ...askStock(stock, { from: 'cart', path: 'lines.*.sku' }),
    ...askPartStock(stock, 'products'),
    // What is asked by it stands after it.
    offers,
    ...askStock(stock, giftSkus, giftStock),
    coupons: rows(coupons, { from: 'cart', path: 'couponIds.*' }),
    points: row(pointsAccounts, buyerId),
    ...askBuyer(ports, buyerId, now),
    ...askFirstOrder(buyerId),
    priceLists: askPriceLists(ports, now),
    ...askRateBooks(ports, now),
    policy: book(ports.books, policyBooks, shopPolicyId, now),
    bought: askPurchases(buyerId, { from: 'cart', path: 'lines.*.productId' }),
    ...askUsesLeft(offers, 'offers', buyerId),
    giftOwners: claims(skuSpace, giftSkus),
    giftProducts: rows(products, { from: 'giftOwners', path: '' }),
    ...askPartStock(stock, 'giftProducts', giftStock),
  }
}

/** What an order would be, priced now. */
export type OrderQuote = PriceWithGifts & {
  /** The rates in it that came from outside. */
  readonly rates: QuotedRates
  readonly totals: OrderTotals
  /** The cart lines that are bought. */
  readonly lines: readonly CartLine[]
  readonly products: readonly Stored<Product>[]
  /** Lines that cannot be had. */
  readonly missing: OutOfStock['lines']
  /** Pieces of products that one person may buy only so many of. */
  readonly limited: readonly LimitedPieces[]
  readonly policy: ShopPolicy
  readonly policyVersion: number
}

/** Pieces of a product that one person may buy only so many of. */
export type LimitedPieces = { readonly productId: string; readonly quantity: number; readonly limit: number }

/** The shop has no way to send to any region. */
export type ShippingNotSet = { readonly type: 'ShippingNotSet' }

/** A line that is to be bought is not in the cart. */
export type LineNotInCart = { readonly type: 'LineNotInCart'; readonly lineId: string }

/** Why nothing can be quoted. */
export type QuoteError =
  | PriceInputError
  | PriceCartError
  | PersonLimitExceeded
  | ShippingNotSet
  | LineNotInCart
  | Denied

/** What a quote is asked for, with everything that is not read from the storage. */
export type QuoteAsked = {
  readonly actor: Actor
  /** As `buyerOf` gives it from the same read. */
  readonly buyer: Buyer
  /** As `quoteRates` gives them for the lines chosen. */
  readonly rates: QuotedRates
  readonly choice: OrderChoice
  readonly region: string
  readonly now: Instant
  readonly trace: boolean
  readonly warehouses: readonly string[]
  /** In which currencies price lists are all that goods are sold by. */
  readonly soldCurrencies?: readonly Currency[] | undefined
}

/** The cart lines that a buyer chose. */
export const linesChosen = (read: QuoteRead, { lineIds }: OrderChoice): Result<readonly CartLine[], LineNotInCart> =>
  chooseLines(read.cart?.state.status === 'open' ? read.cart.state.lines : [], lineIds)

/**
 * Prices what a buyer chose from the cart; previews and orders are made by this one function.
 *
 * @errors QuoteError
 */
export const quoteOrder = (read: QuoteRead, asked: QuoteAsked): Result<OrderQuote, QuoteError> => {
  const { actor, buyer, rates, choice, region, now, warehouses } = asked
  const buyerId = cartOwner(actor)?.ownerId
  if (buyerId === undefined) return err({ type: 'Denied', action: 'orders.place' })
  const policy = read.policy?.state ?? defaultShopPolicy
  const chosen = linesChosen(read, choice)
  if (chosen.isErr()) return err(chosen.error)
  const { shipping, tax } = ratesIn(read, rates)
  const lines = chosen.value
  const sold = currencySold(
    asked.soldCurrencies === undefined ? {} : { soldCurrencies: asked.soldCurrencies },
    choice.currency,
    catalogCurrencies({ lines, products: read.products }),
  )
  if (sold.isErr()) return err(sold.error)
  const currency = sold.value ?? currencyOf(read, lines)
  // What its amounts stand in, where it does not say so: those of the catalog.
  const ofTerms = policy.currency ?? currencyOf(read, lines)
  const limited = limitedPieces(read, lines)
  const beyond = findBeyondLimit(read, limited, buyerId)
  if (beyond !== undefined) return err(beyond)
  const usable = read.coupons
    .map(({ state }) => state)
    .filter((coupon) => 'holderId' in coupon && coupon.holderId === buyerId)
  return priceInputOf({
    now,
    currency,
    soldCurrencies: asked.soldCurrencies,
    lines,
    products: read.products,
    ...priceListsFor(read.priceLists, actor, region),
    coupons: usable,
    offers: read.offers?.state.offers ?? [],
    ...(read.offers === undefined ? {} : { usesLeft: toUsesLeft(read.offers.state, buyerId, read) }),
    buyer: {
      levelId: buyer.levelId,
      firstOrder: isFirstOrder(buyerId, read),
      birthdayToday: buyer.birthdayToday,
    },
    channel: choice.channel ?? defaultChannel,
    paymentMethod: choice.paymentMethod ?? null,
    shipping: shipping === null ? null : { book: shipping, methodId: choice.shippingMethodId, region },
    tax: tax === null ? null : { book: tax, region },
    points:
      policy.points === null || actor.kind === 'guest'
        ? null
        : {
            balance: availablePoints(read.points?.state, now),
            spend: choice.points ?? 0,
            spendRule: policy.points.spend,
            earnRule: policy.points.earn,
            earnMultiplierBasisPoints: buyer.earnMultiplierBasisPoints,
            ...pointsCurrency(ofTerms, currency),
          },
  })
    .andThen(
      (input): Result<PriceCartInput, QuoteError> =>
        input.shipping === null ? err({ type: 'ShippingNotSet' }) : ok(input),
    )
    .andThen((input) => priceForMethod(read, warehouses, { input, lines, trace: asked.trace }))
    .map((priced) => ({
      ...priced,
      rates,
      totals: totalsOf(priced.price),
      lines,
      limited,
      products: read.products.filter(({ id }) => lines.some((line) => line.productId === id)),
      missing: findMissing(freeStockOf(read, warehouses), warehouses, wantedLines(read, lines, [])),
      policy: ofTerms === currency ? policy : { ...policy, currency: ofTerms },
      policyVersion: read.policy?.version ?? 0,
    }))
}

const chooseLines = (
  lines: readonly CartLine[],
  lineIds: readonly string[] | undefined,
): Result<readonly CartLine[], LineNotInCart> => {
  if (lineIds === undefined) return ok(lines.filter((line) => line.selected))
  const absent = lineIds.find((lineId) => !lines.some((line) => line.lineId === lineId))
  return absent === undefined
    ? ok(lines.filter((line) => lineIds.includes(line.lineId)))
    : err({ type: 'LineNotInCart', lineId: absent })
}

const limitedPieces = (read: QuoteRead, lines: readonly CartLine[]): readonly LimitedPieces[] =>
  read.products.flatMap(({ id, state: { perPersonLimit } }) => {
    const quantity = lines.reduce((sum, line) => (line.productId === id ? sum + line.quantity : sum), 0)
    return perPersonLimit === null || quantity === 0 ? [] : [{ productId: id, quantity, limit: perPersonLimit }]
  })

const findBeyondLimit = (
  read: QuoteRead,
  limited: readonly LimitedPieces[],
  buyerId: string,
): PersonLimitExceeded | undefined => {
  for (const { productId, quantity } of limited) {
    const product = read.products.find(({ id }) => id === productId)?.state
    const remaining = remainingOf(product, buyerId, read.bought)
    if (remaining !== null && quantity > remaining) {
      return { type: 'PersonLimitExceeded', productId, requested: quantity, remaining }
    }
  }
  return undefined
}

/** The currency of the goods; that all lines have the same is `priceInputOf`'s to say. */
export const currencyOf = (read: QuoteRead, lines: readonly CartLine[]): string => {
  for (const line of lines) {
    const product = read.products.find(({ id }) => id === line.productId)
    const variant = product?.state.variants.find(({ sku }) => sku === line.sku)
    if (variant !== undefined) return variant.listPrice.currency
  }
  return read.shipping?.state.currency ?? 'CNY'
}
