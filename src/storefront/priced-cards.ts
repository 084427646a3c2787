import { okAsync, type ResultAsync } from 'neverthrow'
import type { CatalogPorts } from '../catalog/ports.js'
import type { ProductCard } from '../catalog/product-card.js'
import type { CurrencyNotSold, CurrencyPorts } from '../pricing/sold-currency.js'
import type { Actor, Scope } from '../shared/actor.js'
import type { Money } from '../shared/money.js'
import type { QueryError } from '../shared/run-query.js'
import { cardPrices } from './card-prices.js'
import { checkCurrency } from './check-currency.js'
import type { ShownWhere } from './page-inputs.schema.js'

/** What the cards of a list need of the world. */
export type CardPorts = CatalogPorts & CurrencyPorts

/** A card at the price of whoever looks: the catalog's, or that of the price list that holds for them. */
export type PricedCard<Card extends ProductCard = ProductCard> = Omit<Card, 'price'> & {
  /** The lowest of its variants, for a single piece, before any offer. */
  readonly price: Money
  /** Of that variant before a sale; the price itself without one. */
  readonly originalPrice: Money
  /** Null: the price of the catalog. */
  readonly listId: string | null
}

/** The ports under which an inner question is asked: what was granted for the outer one is not asked for again. */
export const granted = (ports: CardPorts, scope: Scope): CardPorts => ({
  ...ports,
  authorizer: { authorize: () => okAsync(scope) },
})

/**
 * Puts the price of whoever looks on cards; those that are not sold in the currency asked for are left out.
 *
 * @errors CurrencyNotSold, QueryError
 */
export const priceCards = <Card extends ProductCard>(
  ports: CardPorts,
  cards: readonly Card[],
  { actor, where }: { readonly actor: Actor; readonly where: ShownWhere },
): ResultAsync<readonly PricedCard<Card>[], CurrencyNotSold | QueryError> => {
  if (cards.length === 0) return checkCurrency(ports, where.currency).map(() => [])
  const productIds = cards.map(({ productId }) => productId)
  return cardPrices(ports, { actor }, { productIds, ...where }).map((prices) => {
    const priceOf = new Map(prices.map((each) => [each.productId, each]))
    return cards.flatMap((card): readonly PricedCard<Card>[] => {
      const priced = priceOf.get(card.productId)
      if (priced === undefined) return []
      const { price, originalPrice, listId } = priced
      return [{ ...card, price, originalPrice, listId }]
    })
  })
}
