import { err, ok, type Result } from 'neverthrow'
import type { CartLine, PersonLimitExceeded, StoredCart } from '../cart/cart.js'
import { askCart, cartOwner } from '../cart/change-cart.js'
import { type PriceInputError, priceInputOf } from '../cart/price-input.js'
import { askPurchases, type Purchases, remainingOf } from '../cart/purchases.js'
import type { LocalText } from '../catalog/local-text.js'
import type { Product } from '../catalog/product.js'
import { products } from '../catalog/product.schema.js'
import { skuSpace } from '../catalog/save-product.js'
import { askStock, type StockFacts } from '../catalog/stock-source.js'
import { type FreeStock, findMissing, type WantedLine } from '../inventory/allocate-lines.js'
import type { InventoryPorts } from '../inventory/ports.js'
import { defaultWarehouse, type OutOfStock, stockCounters } from '../inventory/stock.js'
import { askBuyer, type Buyer, type BuyerRead } from '../membership/buyer.js'
import { pointsAccounts } from '../membership/points-account.collection.schema.js'
import { availablePoints, type PointsAccount } from '../membership/points-account.js'
import { shippingBookId, shippingBooks, taxBookId, taxBooks } from '../pricing/books.schema.js'
import { askPriceLists, defaultChannel, priceListsFor } from '../pricing/list-price-facts.js'
import { priceCart } from '../pricing/price-cart.js'
import type { PriceListBook } from '../pricing/price-list.js'
import type { PriceCartError, PriceCartInput, PricedCart, PricedGift } from '../pricing/priced-cart.js'
import type { ShippingBook } from '../pricing/shipping-book.js'
import type { TaxBook } from '../pricing/tax-book.js'
import { coupons } from '../promotions/coupon.collection.schema.js'
import type { Coupon } from '../promotions/coupon.js'
import { askUsesLeft, toUsesLeft } from '../promotions/limits.js'
import type { OfferBook } from '../promotions/offer.js'
import { offerBookId, offerBooks } from '../promotions/offer.schema.js'
import type { Actor, Denied } from '../shared/actor.js'
import { book } from '../shared/books.js'
import type { Instant } from '../shared/instant.js'
import { type Asked, claims, type IdsFrom, row, rows, type Stored } from '../shared/read-plan.js'
import type { OrderTotals } from './order.js'
import { firstOrderSpace } from './order-draft.js'
import type { OrderChoice } from './order-inputs.js'
import { giftLineId, paidForShipping } from './refund-shares.js'
import { defaultShopPolicy, type ShopPolicy, shopPolicyId } from './shop-policy.js'
import { policyBooks } from './shop-policy.schema.js'

/** Everything that an order is priced and promised by, as it was read. */
export type QuoteRead = StockFacts &
  BuyerRead & {
    readonly cart: Stored<StoredCart> | undefined
    readonly products: readonly Stored<Product>[]
    readonly coupons: readonly Stored<Coupon>[]
    readonly points: Stored<PointsAccount> | undefined
    readonly firstOrder: ReadonlyMap<string, string>
    readonly offers: Stored<OfferBook> | undefined
    readonly priceLists: Stored<PriceListBook> | undefined
    readonly shipping: Stored<ShippingBook> | undefined
    readonly tax: Stored<TaxBook> | undefined
    readonly policy: Stored<ShopPolicy> | undefined
    readonly bought: Purchases
    readonly usesOfAll: ReadonlyMap<string, number>
    readonly usesOfCustomer: ReadonlyMap<string, number>
    readonly giftOwners: ReadonlyMap<string, string>
    readonly giftProducts: readonly Stored<Product>[]
  }

/** The questions to which `QuoteRead` is the answer. */
export type QuotePlan = { readonly [Name in keyof QuoteRead]: Asked<QuoteRead[Name]> }

/** Asks for everything that an order is priced and promised by, in one read. */
export const askQuote = (ports: InventoryPorts, actor: Actor, now: Instant): QuotePlan => {
  const buyerId = cartOwner(actor)?.ownerId ?? ''
  const offers = book(ports.books, offerBooks, offerBookId, now)
  const giftSkus = giftSkusOf(offers)
  const stock = { family: stockCounters, warehouses: warehousesOf(ports) }
  return {
    cart: askCart(actor),
    products: rows(products, { from: 'cart', path: 'lines.*.productId' }),
    ...askStock(stock, { from: 'cart', path: 'lines.*.sku' }),
    ...askStock(stock, giftSkus, giftStock),
    coupons: rows(coupons, { from: 'cart', path: 'couponIds.*' }),
    points: row(pointsAccounts, buyerId),
    ...askBuyer(ports, buyerId, now),
    firstOrder: claims(firstOrderSpace, [buyerId]),
    offers,
    priceLists: askPriceLists(ports, now),
    shipping: book(ports.books, shippingBooks, shippingBookId, now),
    tax: book(ports.books, taxBooks, taxBookId, now),
    policy: book(ports.books, policyBooks, shopPolicyId, now),
    bought: askPurchases(buyerId, { from: 'cart', path: 'lines.*.productId' }),
    ...askUsesLeft(offers, 'offers', buyerId),
    giftOwners: claims(skuSpace, giftSkus),
    giftProducts: rows(products, { from: 'giftOwners', path: '' }),
  }
}

/** Where an order may take its pieces, in order of preference. */
export const warehousesOf = ({ warehouses }: InventoryPorts): readonly string[] => warehouses ?? [defaultWarehouse]

/** What an order may take, as it was read. */
export const freeStockOf = (read: StockFacts, warehouses: readonly string[]): FreeStock =>
  new Map(
    warehouses.flatMap((warehouse) => [
      ...(read[`stock:${warehouse}`] ?? []),
      ...(read[`stock:${giftStock}${warehouse}`] ?? []),
    ]),
  )

const giftStock = 'gift '

// A book from the shelf is no query of the plan, so its gifts are named at once; else the plan follows the book.
const giftSkusOf = (offers: Asked<Stored<OfferBook> | undefined>): readonly string[] | IdsFrom => {
  if (offers.query !== null) return { from: 'offers', path: 'offers.*.benefit.sku' }
  return offers.answer([]).match(
    (kept) => kept?.state.offers.flatMap(({ benefit }) => (benefit.kind === 'gift' ? [benefit.sku] : [])) ?? [],
    () => [],
  )
}

/** A gift that is not in stock any more; the order goes without it. */
export type MissingGift = { readonly offerId: string; readonly sku: string; readonly quantity: number }

/** What an order would be, priced now. */
export type OrderQuote = {
  readonly price: PricedCart
  /** What the price was made of. */
  readonly input: PriceCartInput
  readonly totals: OrderTotals
  /** The cart lines that are bought. */
  readonly lines: readonly CartLine[]
  readonly products: readonly Stored<Product>[]
  readonly gifts: readonly QuotedGift[]
  readonly missingGifts: readonly MissingGift[]
  /** Lines that cannot be had. */
  readonly missing: OutOfStock['lines']
  /** Pieces of products that one person may buy only so many of. */
  readonly limited: readonly LimitedPieces[]
  readonly policy: ShopPolicy
  readonly policyVersion: number
}

/** Pieces of a product that one person may buy only so many of. */
export type LimitedPieces = { readonly productId: string; readonly quantity: number; readonly limit: number }

/** A gift as it goes into the order. */
export type QuotedGift = PricedGift & {
  readonly lineId: string
  readonly productId: string
  readonly merchantId: string
  readonly title: LocalText
}

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

/**
 * Prices what a buyer chose from the cart; previews and orders are made by this one function.
 *
 * @errors QuoteError
 */
export const quoteOrder = (
  read: QuoteRead,
  asked: {
    readonly actor: Actor
    /** As `buyerOf` gives it from the same read. */
    readonly buyer: Buyer
    readonly choice: OrderChoice
    readonly region: string
    readonly now: Instant
    readonly trace: boolean
    readonly warehouses: readonly string[]
  },
): Result<OrderQuote, QuoteError> => {
  const { actor, buyer, choice, region, now, warehouses } = asked
  const buyerId = cartOwner(actor)?.ownerId
  if (buyerId === undefined) return err({ type: 'Denied', action: 'orders.place' })
  const policy = read.policy?.state ?? defaultShopPolicy
  const cart = read.cart?.state.status === 'open' ? read.cart.state : undefined
  const chosen = chooseLines(cart?.lines ?? [], choice.lineIds)
  if (chosen.isErr()) return err(chosen.error)
  if (read.shipping === undefined) return err({ type: 'ShippingNotSet' })
  const lines = chosen.value
  const limited = limitedPieces(read, lines)
  const beyond = findBeyondLimit(read, limited, buyerId)
  if (beyond !== undefined) return err(beyond)
  const usable = read.coupons
    .map(({ state }) => state)
    .filter((coupon) => 'holderId' in coupon && coupon.holderId === buyerId)
  return priceInputOf({
    now,
    currency: currencyOf(read, lines),
    lines,
    products: read.products,
    ...priceListsFor(read.priceLists, actor, region),
    coupons: usable,
    offers: read.offers?.state.offers ?? [],
    ...(read.offers === undefined ? {} : { usesLeft: toUsesLeft(read.offers.state, buyerId, read) }),
    buyer: {
      levelId: buyer.levelId,
      firstOrder: !read.firstOrder.has(buyerId),
      birthdayToday: buyer.birthdayToday,
    },
    channel: choice.channel ?? defaultChannel,
    paymentMethod: choice.paymentMethod ?? null,
    shipping: { book: read.shipping.state, methodId: choice.shippingMethodId, region },
    tax: read.tax === undefined ? null : { book: read.tax.state, region },
    points:
      policy.points === null || actor.kind === 'guest'
        ? null
        : {
            balance: availablePoints(read.points?.state, now),
            spend: choice.points ?? 0,
            spendRule: policy.points.spend,
            earnRule: policy.points.earn,
            earnMultiplierBasisPoints: buyer.earnMultiplierBasisPoints,
          },
  })
    .mapErr((error): QuoteError => error)
    .andThen((input) => priceCart(input, { trace: asked.trace }).map((price) => ({ input, price })))
    .map(({ input, price }) => {
      const { gifts, missingGifts } = takeGifts(read, warehouses, price, lines)
      return {
        price,
        input,
        totals: totalsOf(price),
        lines,
        limited,
        products: read.products.filter(({ id }) => lines.some((line) => line.productId === id)),
        gifts,
        missingGifts,
        missing: findMissing(freeStockOf(read, warehouses), warehouses, wantedLines(lines, [])),
        policy,
        policyVersion: read.policy?.version ?? 0,
      }
    })
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

// The currency of the goods; that all lines have the same is priceInputOf's to say.
const currencyOf = (read: QuoteRead, lines: readonly CartLine[]): string => {
  for (const line of lines) {
    const product = read.products.find(({ id }) => id === line.productId)
    const variant = product?.state.variants.find(({ sku }) => sku === line.sku)
    if (variant !== undefined) return variant.listPrice.currency
  }
  return read.shipping?.state.currency ?? 'CNY'
}

/** What an order wants of the stock. */
export const wantedLines = (
  lines: readonly Pick<CartLine, 'lineId' | 'sku' | 'quantity'>[],
  gifts: readonly Pick<QuotedGift, 'lineId' | 'sku' | 'quantity'>[],
): readonly WantedLine[] => [...lines, ...gifts].map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity }))

// A gift that has run out must not stand in the way of the order that would have brought it.
const takeGifts = (
  read: QuoteRead,
  warehouses: readonly string[],
  price: PricedCart,
  lines: readonly CartLine[],
): { readonly gifts: readonly QuotedGift[]; readonly missingGifts: readonly MissingGift[] } => {
  const gifts: QuotedGift[] = []
  const missingGifts: MissingGift[] = []
  const free = freeStockOf(read, warehouses)
  for (const [index, gift] of price.gifts.entries()) {
    const productId = read.giftOwners.get(gift.sku)
    const product = [...read.giftProducts, ...read.products].find(({ id }) => id === productId)?.state
    const quoted = { ...gift, lineId: giftLineId(index) }
    const wanted = wantedLines(lines, [...gifts, quoted]).filter(({ sku }) => sku === gift.sku)
    if (product === undefined || findMissing(free, warehouses, wanted).length > 0) {
      missingGifts.push({ offerId: gift.offerId, sku: gift.sku, quantity: gift.quantity })
    } else {
      gifts.push({ ...quoted, productId: product.productId, merchantId: product.merchantId, title: product.title })
    }
  }
  return { gifts, missingGifts }
}

const totalsOf = (price: PricedCart): OrderTotals => ({
  listMinor: price.totals.listMinor,
  discountMinor: price.totals.discountMinor,
  goodsMinor: price.totals.goodsMinor,
  shippingMinor: price.totals.shippingMinor,
  taxMinor: price.totals.taxMinor,
  taxOnTopMinor: price.totals.taxOnTopMinor,
  pointsMinor: price.totals.pointsMinor,
  shippingPaidMinor: paidForShipping(price),
  subsidyMinor: price.applied.reduce((sum, offer) => sum + offer.platformGoodsMinor, 0),
  payableMinor: price.totals.payableMinor,
})
