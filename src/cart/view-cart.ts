import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import type { LocalText } from '../catalog/local-text.js'
import type { Product } from '../catalog/product.js'
import { products } from '../catalog/product.schema.js'
import { askPartStock, askStock, type StockFacts, stockOf } from '../catalog/stock-source.js'
import {
  askListPrices,
  defaultChannel,
  type ListPriceRead,
  listPriceOf,
  type PriceViewer,
} from '../pricing/list-price-facts.js'
import { type CurrencyNotSold, currencySold, type NotSoldInCurrency } from '../pricing/sold-currency.js'
import { type Denied, groupsOf } from '../shared/actor.js'
import type { Money } from '../shared/money.js'
import { rows, type Stored } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { CartLine } from './cart.js'
import { askCart, cartOwner, hasNoCart, policyOf, stockItemOf, variantOnSale } from './change-cart.js'
import type { ViewCartInput } from './input.schema.js'
import { parseViewCart } from './input.schema.js'
import type { CartPorts } from './ports.js'
import { catalogCurrencies } from './price-input.js'
import { type CartReminder, remindersOf } from './reminders.js'

/** Why a line cannot be bought as it stands. */
export type LineProblem =
  /** The product is not on sale, or not in this choice. */
  | { readonly type: 'NotOnSale' }
  /** No price list has a price of it in the currency asked for. */
  | NotSoldInCurrency
  | { readonly type: 'SoldOut' }
  /** Fewer pieces can be had. */
  | { readonly type: 'FewerLeft'; readonly available: number }

/** A line as a buyer sees it. */
export type CartLineView = CartLine & {
  /** Null when the product is gone. */
  readonly title: LocalText | null
  readonly options: Readonly<Record<string, string>>
  /** A picture; null without one. */
  readonly imageUrl: string | null
  /** Price of a piece before any offer, for so many pieces; null when it is not on sale. */
  readonly listPrice: Money | null
  /** Price of a piece before a sale; the list price itself without one. */
  readonly originalPrice: Money | null
  /** Pieces that can be had; null where stock is not kept. */
  readonly available: number | null
  /** Null when it can be bought. */
  readonly problem: LineProblem | null
}

/** A cart as a buyer sees it. */
export type CartView = {
  readonly cartId: string
  readonly lines: readonly CartLineView[]
  readonly later: readonly CartLineView[]
  readonly couponIds: readonly string[]
  /** Pieces of all lines. */
  readonly pieceCount: number
  /** Pieces that the next order would buy: selected, and without a problem. */
  readonly selectedPieceCount: number
  /** The most lines it may hold. */
  readonly maxLines: number
  /** What there is to remind its owner of. */
  readonly reminders: readonly CartReminder[]
}

/**
 * Shows the actor's cart with what is now true of its items: title, price, stock, and why a line cannot be bought.
 *
 * @errors CurrencyNotSold, QueryError
 */
export const viewCart = (
  ports: CartPorts,
  context: QueryContext,
  input: ViewCartInput = {},
): ResultAsync<CartView, CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'cart.viewCart',
    parse: parseViewCart,
    plan: ({ actor, now }) => ({
      cart: askCart(actor),
      products: rows(products, { from: 'cart', path: 'lines.*.productId' }),
      laterProducts: rows(products, { from: 'cart', path: 'later.*.productId' }),
      ...askStock(ports.stock, { from: 'cart', path: 'lines.*.sku' }),
      ...askPartStock(ports.stock, 'products'),
      ...askStock(ports.stock, { from: 'cart', path: 'later.*.sku' }, 'later '),
      ...askPartStock(ports.stock, 'laterProducts', 'later '),
      ...askListPrices(ports, cartOwner(actor)?.ownerId ?? '', now),
    }),
    answer: (facts, { actor, input, now }): Result<CartView, CurrencyNotSold | Denied> => {
      const owner = cartOwner(actor)
      if (owner === undefined) return err(hasNoCart('cart.viewCart'))
      const cart = facts.cart?.state.status === 'open' ? facts.cart.state : undefined
      const sold = currencySold(
        ports,
        input.currency,
        catalogCurrencies({ lines: cart?.lines ?? [], products: facts.products }),
      )
      if (sold.isErr()) return err(sold.error)
      const { channel = defaultChannel, region = null } = input
      const viewer = { groups: groupsOf(actor), channel, region, currency: sold.value, now }
      const shown = { ports, facts, viewer, products: facts.products, stock: '' }
      const lines = (cart?.lines ?? []).map((line) => viewLine(shown, line))
      return ok({
        cartId: owner.cartId,
        lines,
        later: (cart?.later ?? []).map((line) =>
          viewLine({ ...shown, products: facts.laterProducts, stock: 'later ' }, line),
        ),
        couponIds: cart?.couponIds ?? [],
        pieceCount: countPieces(lines),
        selectedPieceCount: countPieces(lines.filter(({ selected, problem }) => selected && problem === null)),
        maxLines: policyOf(ports).maxLines,
        reminders:
          cart === undefined
            ? []
            : remindersOf(
                cart,
                (line) => ({
                  // In the currency it was put in at: of another no price is higher or lower.
                  price: priceOf(shown, line, 1, line.priceWhenAdded?.currency)?.price ?? null,
                  available: lines.find(({ lineId }) => lineId === line.lineId)?.available ?? null,
                }),
                policyOf(ports),
                now,
              ),
      })
    },
  })

/**
 * Why a line cannot be bought; null when it can. What can never be had as it is asked for comes before what is only short.
 */
export const problemOf = (
  read: ListPriceRead,
  product: Product | undefined,
  { sku, quantity }: CartLine,
  available: number | null,
  viewer: PriceViewer,
): LineProblem | null => {
  const variant = variantOnSale(product, sku)
  if (variant === undefined) return { type: 'NotOnSale' }
  const { currency } = viewer
  if (currency !== undefined && listPriceOf(read, variant, quantity, viewer) === undefined) {
    return { type: 'NotSoldInCurrency', sku, currency }
  }
  if (available === null || available >= quantity) return null
  return available <= 0 ? { type: 'SoldOut' } : { type: 'FewerLeft', available }
}

type Shown = {
  readonly ports: CartPorts
  readonly facts: StockFacts & ListPriceRead
  readonly viewer: PriceViewer
  readonly products: readonly Stored<Product>[]
  /** Under which name the stock was asked for. */
  readonly stock: string
}

const priceOf = (
  { facts, viewer, products: found }: Shown,
  { productId, sku }: CartLine,
  quantity: number,
  currency = viewer.currency,
): { readonly price: Money; readonly original: Money } | undefined => {
  const variant = variantOnSale(found.find(({ id }) => id === productId)?.state, sku)
  const listed = variant === undefined ? undefined : listPriceOf(facts, variant, quantity, { ...viewer, currency })
  if (listed === undefined) return undefined
  return {
    price: { minor: listed.unitMinor, currency: listed.currency },
    original: { minor: listed.originalUnitMinor, currency: listed.currency },
  }
}

const viewLine = (given: Shown, line: CartLine): CartLineView => {
  const { ports, facts, products: found, stock } = given
  const product = found.find(({ id }) => id === line.productId)?.state
  const shown = product?.status === 'draft' ? undefined : product
  const available = stockOf(ports.stock, facts, stockItemOf(product, line), stock)
  const listed = priceOf(given, line, line.quantity)
  return {
    ...line,
    title: shown?.title ?? null,
    options: shown?.variants.find(({ sku }) => sku === line.sku)?.options ?? {},
    imageUrl: shown?.media.find(({ kind }) => kind === 'image')?.url ?? null,
    listPrice: listed?.price ?? null,
    originalPrice: listed?.original ?? null,
    available,
    problem: problemOf(facts, product, line, available, given.viewer),
  }
}

const countPieces = (lines: readonly CartLine[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0)
