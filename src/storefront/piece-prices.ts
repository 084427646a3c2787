import type { ResultAsync } from 'neverthrow'
import { cartOwner } from '../cart/change-cart.js'
import { priceInputOf } from '../cart/price-input.js'
import type { Product } from '../catalog/product.js'
import { askBuyer, type BuyerRead, buyerOf } from '../membership/buyer.js'
import { priceListsFor } from '../pricing/list-price-facts.js'
import { priceCart } from '../pricing/price-cart.js'
import type { PriceListBook } from '../pricing/price-list.js'
import type { CurrencyPorts } from '../pricing/sold-currency.js'
import { askFirstOrder, askUsesLeft, type FirstOrderRead, isFirstOrder, toUsesLeft } from '../promotions/limits.js'
import type { OfferBook } from '../promotions/offer.js'
import type { Actor } from '../shared/actor.js'
import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { Money } from '../shared/money.js'
import type { Sealer } from '../shared/personal-data.js'
import type { CorePorts, CryptoUnavailable } from '../shared/ports.js'
import type { Asked, Stored } from '../shared/read-plan.js'

/** What one piece of a SKU costs whoever looks, after the offers that take effect for it alone. */
export type PiecePrice = {
  readonly sku: string
  /** Null where it is not sold in the currency asked for. */
  readonly price: Money | null
  /** Offers that took effect. */
  readonly offerIds: readonly string[]
}

/** What is read for the price of a piece, beside offers and price lists. */
export type PieceRead = BuyerRead &
  FirstOrderRead & {
    readonly usesOfAll: ReadonlyMap<string, number>
    readonly usesOfCustomer: ReadonlyMap<string, number>
  }

/**
 * Asks for what the price of a piece hangs on.
 *
 * @param name - under which the offers are asked for in the same plan
 */
export const askPiecePrices = (
  ports: CorePorts,
  actor: Actor,
  now: Instant,
  offers: Asked<Stored<OfferBook> | undefined>,
  name: string,
): { readonly [Name in keyof PieceRead]: Asked<PieceRead[Name]> } => {
  const buyerId = cartOwner(actor)?.ownerId ?? ''
  return {
    ...askBuyer(ports, buyerId, now),
    ...askUsesLeft(offers, name, buyerId),
    ...askFirstOrder(buyerId),
  }
}

/**
 * Prices one piece of each SKU by the pipeline that carts go through, without coupons, points, carriage and tax on top.
 *
 * @errors CryptoUnavailable
 */
export const piecePricesOf = (
  ports: CurrencyPorts & { readonly sealer?: Sealer },
  product: Product,
  read: PieceRead & {
    readonly offers: Stored<OfferBook> | undefined
    readonly priceLists: Stored<PriceListBook> | undefined
  },
  shown: {
    readonly actor: Actor
    readonly channel: string
    readonly region: string | null
    readonly currency: Currency
    readonly now: Instant
  },
): ResultAsync<readonly PiecePrice[], CryptoUnavailable> => {
  const { actor, channel, region, currency, now } = shown
  const buyerId = cartOwner(actor)?.ownerId ?? ''
  const offers = (read.offers?.state.offers ?? []).filter(({ form }) => form.kind === 'promotion')
  return buyerOf(ports.sealer, read, { offers, now }).map((buyer) =>
    product.variants.map(({ sku }): PiecePrice => {
      const line = { lineId: sku, productId: product.productId, sku, quantity: 1, selected: true, addedAt: now }
      return priceInputOf({
        now,
        currency,
        lines: [line],
        products: [{ id: product.productId, state: product }],
        ...priceListsFor(read.priceLists, actor, region),
        coupons: [],
        offers,
        ...(read.offers === undefined ? {} : { usesLeft: toUsesLeft(read.offers.state, buyerId, read) }),
        buyer: {
          levelId: buyer.levelId,
          firstOrder: isFirstOrder(buyerId, read),
          birthdayToday: buyer.birthdayToday,
        },
        soldCurrencies: ports.soldCurrencies,
        channel,
        paymentMethod: null,
        shipping: null,
        tax: null,
        points: null,
      })
        .andThen((made) => priceCart(made))
        .match(
          (priced): PiecePrice => ({
            sku,
            price: { minor: priced.lines[0]?.netMinor ?? 0, currency },
            offerIds: priced.applied.map(({ offerId }) => offerId),
          }),
          // What has no price of its own is shown without one.
          () => ({ sku, price: null, offerIds: [] }),
        )
    }),
  )
}
