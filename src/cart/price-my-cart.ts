import { err, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { products } from '../catalog/product.schema.js'
import { askPartStock, askStock, stockOf } from '../catalog/stock-source.js'
import { askBuyer, buyerOf } from '../membership/buyer.js'
import { pointsAccounts } from '../membership/points-account.collection.schema.js'
import { availablePoints } from '../membership/points-account.js'
import { type BuyerPrice, priceForBuyer } from '../pricing/buyer-price.js'
import { askPriceLists, defaultChannel, priceListsFor } from '../pricing/list-price-facts.js'
import { priceCart } from '../pricing/price-cart.js'
import type { PriceCartError } from '../pricing/priced-cart.js'
import { askRateBooks, noRates, quoteRates, ratesIn, ratesValidUntil } from '../pricing/quote-rates.js'
import type { RatesUnavailable } from '../pricing/rate-sources.js'
import { currencySold } from '../pricing/sold-currency.js'
import { coupons } from '../promotions/coupon.collection.schema.js'
import { askFirstOrder, askUsesLeft, isFirstOrder, toUsesLeft } from '../promotions/limits.js'
import { offerBookId, offerBooks } from '../promotions/offer.schema.js'
import { groupsOf } from '../shared/actor.js'
import { book } from '../shared/books.js'
import type { Instant } from '../shared/instant.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { known, row, rows } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { askCart, cartOwner, hasNoCart, stockItemOf, variantOnSale } from './change-cart.js'
import { parsePriceMyCart } from './input.schema.js'
import type { CartPorts } from './ports.js'
import type { PriceMyCartInput } from './price-input.js'
import { catalogCurrencies, type PriceInputError, pointsCurrency, priceInputOf, ratedLinesOf } from './price-input.js'
import { type LineProblem, problemOf } from './view-cart.js'

/** What the selected lines of a cart cost now. */
export type CartPrice = {
  /** With the trace of every offer, and what is missing for it. */
  readonly price: BuyerPrice
  /** Selected lines that cannot be bought as they stand; the price goes without them. */
  readonly leftOut: readonly { readonly lineId: string; readonly problem: LineProblem }[]
  /** Until when the rates hold that came from outside; null where none did. */
  readonly ratesValidUntil: Instant | null
}

/** Why a cart has no price. */
export type CartPriceError = PriceInputError | PriceCartError | RatesUnavailable | CryptoUnavailable | QueryError

/**
 * Prices the selected lines of the actor's cart, for the cart page: nothing is promised by it.
 *
 * @errors QueryError, NothingSelected, CurrencyNotSold, LineCurrencyDiffers, RatesUnavailable, PriceCartError
 */
export const priceMyCart = (
  ports: CartPorts,
  context: QueryContext,
  input: PriceMyCartInput = {},
): ResultAsync<CartPrice, CartPriceError> =>
  runQuery(ports, context, input, {
    action: 'cart.priceMyCart',
    parse: parsePriceMyCart,
    plan: ({ actor, now }) => {
      const buyerId = cartOwner(actor)?.ownerId ?? ''
      const offers = book(ports.books, offerBooks, offerBookId, now)
      return {
        cart: askCart(actor),
        products: rows(products, { from: 'cart', path: 'lines.*.productId' }),
        coupons: rows(coupons, { from: 'cart', path: 'couponIds.*' }),
        ...askFirstOrder(buyerId),
        points: row(pointsAccounts, buyerId),
        rules: ports.askPointsRules?.(ports.books, now) ?? known(null),
        ...askBuyer(ports, buyerId, now),
        offers,
        priceLists: askPriceLists(ports, now),
        ...askRateBooks(ports, now),
        ...askUsesLeft(offers, 'offers', buyerId),
        ...askStock(ports.stock, { from: 'cart', path: 'lines.*.sku' }),
        ...askPartStock(ports.stock, 'products'),
      }
    },
    answer: (
      facts,
      { input: asked, actor, now },
    ): Result<CartPrice, CartPriceError> | ResultAsync<CartPrice, CartPriceError> => {
      const buyerId = cartOwner(actor)?.ownerId
      if (buyerId === undefined) return err(hasNoCart('cart.priceMyCart'))
      const productOf = new Map(facts.products.map(({ id, state }) => [id, state]))
      const lines = facts.cart?.state.status === 'open' ? facts.cart.state.lines.filter(({ selected }) => selected) : []
      const sold = currencySold(ports, asked.currency, catalogCurrencies({ lines, products: facts.products }))
      if (sold.isErr()) return err(sold.error)
      const { shipping, channel = defaultChannel } = asked
      const viewer = { groups: groupsOf(actor), channel, region: shipping?.region ?? null, currency: sold.value, now }
      const leftOut = lines.flatMap((line) => {
        const product = productOf.get(line.productId)
        const available = stockOf(ports.stock, facts, stockItemOf(product, line))
        const problem = problemOf(facts, product, line, available, viewer)
        return problem === null ? [] : [{ lineId: line.lineId, problem }]
      })
      const bought = lines.filter(({ lineId }) => !leftOut.some((each) => each.lineId === lineId))
      const first = bought[0]
      const variant = first === undefined ? undefined : variantOnSale(productOf.get(first.productId), first.sku)
      const ownCurrency = variant?.listPrice.currency ?? ''
      const currency = sold.value ?? ownCurrency
      const quoted =
        shipping === undefined
          ? okAsync(noRates)
          : quoteRates(ports, {
              region: shipping.region,
              currency,
              lines: ratedLinesOf({ lines: bought, products: facts.products }),
              now,
            })
      return buyerOf(ports.sealer, facts, { offers: facts.offers?.state.offers ?? [], now })
        .andThen((buyer) => quoted.map((rates) => ({ buyer, rates, books: ratesIn(facts, rates) })))
        .andThen(({ buyer, rates, books }) =>
          priceInputOf({
            now,
            currency,
            lines: bought,
            products: facts.products,
            ...priceListsFor(facts.priceLists, actor, shipping?.region ?? null),
            coupons: facts.coupons
              .map(({ state }) => state)
              .filter((coupon) => 'holderId' in coupon && coupon.holderId === buyerId),
            offers: facts.offers?.state.offers ?? [],
            ...(facts.offers === undefined ? {} : { usesLeft: toUsesLeft(facts.offers.state, buyerId, facts) }),
            buyer: {
              levelId: buyer.levelId,
              firstOrder: isFirstOrder(buyerId, facts),
              birthdayToday: buyer.birthdayToday,
            },
            soldCurrencies: ports.soldCurrencies,
            channel,
            paymentMethod: asked.paymentMethod ?? null,
            shipping: shipping === undefined || books.shipping === null ? null : { book: books.shipping, ...shipping },
            tax: shipping === undefined || books.tax === null ? null : { book: books.tax, region: shipping.region },
            points:
              facts.rules === null || actor.kind === 'guest'
                ? null
                : {
                    balance: availablePoints(facts.points?.state, now),
                    spend: asked.points ?? 0,
                    spendRule: facts.rules.spend,
                    earnRule: facts.rules.earn,
                    earnMultiplierBasisPoints: buyer.earnMultiplierBasisPoints,
                    ...pointsCurrency(facts.rules.currency ?? ownCurrency, currency),
                  },
          })
            .andThen((made) => priceCart(made, { trace: true }))
            .map(
              (price): CartPrice => ({ price: priceForBuyer(price), leftOut, ratesValidUntil: ratesValidUntil(rates) }),
            ),
        )
    },
  })
