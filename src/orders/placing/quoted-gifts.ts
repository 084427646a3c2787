import { ok, type Result } from 'neverthrow'
import type { CartLine } from '../../cart/cart.js'
import type { LocalText } from '../../catalog/local-text.js'
import type { KitPart, Product } from '../../catalog/product.js'
import { partStock, type StockFacts } from '../../catalog/stock-source.js'
import { type FreeStock, findMissing, type WantedLine } from '../../inventory/allocate-lines.js'
import type { InventoryPorts } from '../../inventory/ports.js'
import { defaultWarehouse } from '../../inventory/stock.js'
import { priceCart } from '../../pricing/price-cart.js'
import type {
  AppliedOffer,
  OfferTrace,
  PriceCartError,
  PriceCartInput,
  PricedCart,
  PricedGift,
} from '../../pricing/priced-cart.js'
import type { OfferBook } from '../../promotions/offer.js'
import type { Asked, IdsFrom, Stored } from '../../shared/read-plan.js'
import { giftLineId } from '../money/refund-shares.js'

/** What is read of goods and gifts and of where they lie. */
export type GiftRead = StockFacts & {
  readonly products: readonly Stored<Product>[]
  readonly giftOwners: ReadonlyMap<string, string>
  readonly giftProducts: readonly Stored<Product>[]
}

/** A gift that is not in stock any more; the order goes without it. */
export type MissingGift = { readonly offerId: string; readonly sku: string; readonly quantity: number }

/** A gift as it goes into the order. */
export type QuotedGift = PricedGift & {
  readonly lineId: string
  readonly productId: string
  readonly merchantId: string
  readonly title: LocalText
}

type QuotedLine = Pick<QuotedGift, 'lineId' | 'sku' | 'quantity'>

/** Under which name the stock of gifts is asked for. */
export const giftStock = 'gift '

/** The gifts that offers may bring. A book from the shelf is no query of the plan, so they are named at once; else the plan follows the book. */
export const giftSkusOf = (offers: Asked<Stored<OfferBook> | undefined>): readonly string[] | IdsFrom => {
  if (offers.query !== null) return { from: 'offers', path: 'offers.*.benefit.sku' }
  return offers.answer([]).match(
    (kept) => kept?.state.offers.flatMap(({ benefit }) => (benefit.kind === 'gift' ? [benefit.sku] : [])) ?? [],
    () => [],
  )
}

/** Where an order may take its pieces, in order of preference. */
export const warehousesOf = ({ warehouses }: InventoryPorts): readonly string[] => warehouses ?? [defaultWarehouse]

/** What an order may take, as it was read. */
export const freeStockOf = (read: StockFacts, warehouses: readonly string[]): FreeStock =>
  new Map(
    warehouses.flatMap((warehouse) => [
      ...(read[`stock:${warehouse}`] ?? []),
      ...(read[`stock:${partStock}${warehouse}`] ?? []),
      ...(read[`stock:${giftStock}${warehouse}`] ?? []),
      ...(read[`stock:${giftStock}${partStock}${warehouse}`] ?? []),
    ]),
  )

/** What the kits among the goods and gifts are made of now, by SKU. */
export const kitsIn = ({
  products,
  giftProducts,
}: Pick<GiftRead, 'products' | 'giftProducts'>): ReadonlyMap<string, readonly KitPart[]> =>
  new Map(
    [...products, ...giftProducts].flatMap(({ state }) =>
      state.variants.flatMap(({ sku, parts }) => (parts === undefined ? [] : [[sku, parts] as const])),
    ),
  )

/** What an order wants of the stock; kits with what they are made of now. */
export const wantedLines = (
  { products, giftProducts }: Pick<GiftRead, 'products' | 'giftProducts'>,
  lines: readonly Pick<CartLine, 'lineId' | 'sku' | 'quantity'>[],
  gifts: readonly QuotedLine[],
): readonly WantedLine[] => {
  const kits = kitsIn({ products, giftProducts })
  return [...lines, ...gifts].map(({ lineId, sku, quantity }) => {
    const parts = kits.get(sku)
    return parts === undefined ? { lineId, sku, quantity } : { lineId, sku, parts, quantity }
  })
}

/** A price with the gifts that go with it. */
export type PriceWithGifts = {
  readonly input: PriceCartInput
  readonly price: PricedCart
  readonly gifts: readonly QuotedGift[]
  readonly missingGifts: readonly MissingGift[]
}

/**
 * Prices a cart without the coupons and promotions that would bring nothing but a gift that has run out: none is used up
 * for nothing, and none keeps another out that still has something to give.
 *
 * @errors PriceCartError
 */
export const priceWithGifts = (
  read: GiftRead,
  warehouses: readonly string[],
  asked: { readonly input: PriceCartInput; readonly lines: readonly CartLine[]; readonly trace: boolean },
): Result<PriceWithGifts, PriceCartError> => {
  const { input, lines, trace } = asked
  return priceCart(input, { trace }).andThen((price): Result<PriceWithGifts, PriceCartError> => {
    const taken = takeGifts(read, warehouses, price, lines)
    const idle = price.applied.filter((each) => gaveNothing(each, taken.gifts))
    if (idle.length === 0) return ok({ input, price, ...taken })
    const isIdle = ({ offerId, couponId }: Pick<AppliedOffer, 'offerId' | 'couponId'>): boolean =>
      idle.some((each) => each.offerId === offerId && each.couponId === couponId)
    const ranOut = price.gifts.filter(isIdle)
    const idleCoupons = idle.filter(({ couponId }) => couponId !== null)
    const idlePromotions = idle.flatMap(({ offerId, couponId }) => (couponId === null ? [offerId] : []))
    const others = {
      ...input,
      coupons: input.coupons.filter((each) => !isIdle(each)),
      ...(idlePromotions.length === 0 ? {} : { giftsRunOut: [...(input.giftsRunOut ?? []), ...idlePromotions] }),
    }
    return priceWithGifts(read, warehouses, { ...asked, input: others }).map((rest) => ({
      ...rest,
      price: trace ? { ...rest.price, trace: [...rest.price.trace, ...idleCoupons.map(fateOfIdle)] } : rest.price,
      missingGifts: [...ranOut.map(missingOf), ...rest.missingGifts],
    }))
  })
}

const fateOfIdle = ({ offerId, couponId, stage }: AppliedOffer): OfferTrace => ({
  offerId,
  couponId,
  stage,
  outcome: { kind: 'rejected', reason: { type: 'GiftRunOut' } },
})

/** The offers of a price that gave something, where these gifts go with the order. */
export const offersGiven = (
  price: Pick<PricedCart, 'applied'>,
  gifts: readonly Pick<PricedGift, 'offerId' | 'couponId'>[],
): readonly AppliedOffer[] => price.applied.filter((each) => !gaveNothing(each, gifts))

/** Whether an offer of a price brought nothing but a gift that did not go with the order. */
export const gaveNothing = (
  { offerId, couponId, goodsMinor, shippingMinor }: AppliedOffer,
  gifts: readonly Pick<PricedGift, 'offerId' | 'couponId'>[],
): boolean =>
  goodsMinor === 0 &&
  shippingMinor === 0 &&
  !gifts.some((gift) => gift.offerId === offerId && gift.couponId === couponId)

const missingOf = ({ offerId, sku, quantity }: PricedGift): MissingGift => ({ offerId, sku, quantity })

// A gift that has run out must not stand in the way of the order that would have brought it.
const takeGifts = (
  read: GiftRead,
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
    const missing = (all: readonly QuotedLine[]) => findMissing(free, warehouses, wantedLines(read, lines, all)).length
    if (product === undefined || missing([...gifts, quoted]) > missing(gifts)) {
      missingGifts.push(missingOf(gift))
    } else {
      gifts.push({ ...quoted, productId: product.productId, merchantId: product.merchantId, title: product.title })
    }
  }
  return { gifts, missingGifts }
}
