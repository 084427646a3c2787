import { okAsync, type ResultAsync } from 'neverthrow'
import type { Product } from '../catalog/product.js'
import { cardOf } from '../catalog/product-card.js'
import { isProductIn } from '../catalog/product-scope.js'
import type { StockFacts } from '../catalog/stock-source.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import type { Actor, Scope } from '../shared/actor.js'
import type { QueryError } from '../shared/run-query.js'
import type { ShownWhere } from './page-inputs.schema.js'
import { type CardPorts, granted, type PricedCard, priceCards } from './priced-cards.js'

/** Why a product is recommended. */
export type RecommendedFor =
  /** Who bought the other bought it too, so many times more often than by chance. */
  | {
      readonly kind: 'boughtTogether'
      readonly productId: string
      readonly orders: number
      readonly liftHundredths: number
    }
  /** Who looked at the other looked at it too, so many people and so many times more often than by chance. */
  | {
      readonly kind: 'viewedAlso'
      readonly productId: string
      readonly viewers: number
      readonly liftHundredths: number
    }
  /** It agrees with the other in these attributes. */
  | { readonly kind: 'similar'; readonly productId: string; readonly shared: readonly string[] }
  /** The customer looked at the other, and it is bought with it. */
  | { readonly kind: 'viewed'; readonly productId: string }

/** A product that is recommended, and why. */
export type Recommendation = { readonly card: PricedCard; readonly because: RecommendedFor }

/** Products that are on sale and to be had, as cards at the price of whoever looks, each with its reason. */
export const recommend = (
  ports: CardPorts,
  found: readonly { readonly product: Product | undefined; readonly because: RecommendedFor }[],
  read: StockFacts,
  asked: { readonly actor: Actor; readonly scope: Scope; readonly where: ShownWhere; readonly limit: number },
): ResultAsync<readonly Recommendation[], CurrencyNotSold | QueryError> => {
  const offered = found.flatMap(({ product, because }) => {
    if (product?.status !== 'active' || !isProductIn(product, asked.scope)) return []
    const card = cardOf(product, ports.stock, read)
    return card.inStock ? [{ card, because }] : []
  })
  const first = offered.slice(0, asked.limit)
  if (first.length === 0) return okAsync([])
  const reasons = new Map(first.map(({ card, because }) => [card.productId, because]))
  return priceCards(
    granted(ports, asked.scope),
    first.map(({ card }) => card),
    asked,
  ).map((cards) =>
    cards.flatMap((card): readonly Recommendation[] => {
      const because = reasons.get(card.productId)
      return because === undefined ? [] : [{ card, because }]
    }),
  )
}
