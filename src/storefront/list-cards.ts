import type { ResultAsync } from 'neverthrow'
import { isByPrice, listPriced } from '../catalog/list-priced.js'
import { type ListCounts, listProducts } from '../catalog/list-products.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { ListCardsInput } from './page-inputs.schema.js'
import { parseListCards, splitWhere } from './page-inputs.schema.js'
import { type CardPorts, type PricedCard, priceCards } from './priced-cards.js'
import { askViewerPrices, viewerPorts } from './viewer-ports.js'

/** A page of cards. */
export type CardPage = {
  /** May be fewer than the limit, even none, while there is more. */
  readonly products: readonly PricedCard[]
  /** Where the next page begins; null at the end. */
  readonly next: string | null
  /** What the filter came to, where that was asked for; null where it was not. */
  readonly counted: ListCounts | null
}

/**
 * Lists products as `catalog.listProducts` does, at the prices of whoever looks, by which they are sorted and bounded too.
 *
 * @errors CurrencyNotSold, QueryError
 */
export const listCards = (
  ports: CardPorts,
  context: QueryContext,
  input: ListCardsInput,
): ResultAsync<CardPage, CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.listCards',
    parse: parseListCards,
    plan: () => ({}),
    own: ({ actor, now }) => askViewerPrices(ports, { actor, now }),
    answer: (read, { input, actor, scope, now }): ResultAsync<CardPage, CurrencyNotSold | QueryError> => {
      const { where, asked } = splitWhere(input)
      return viewerPorts(ports, read, { actor, scope, where, now }).andThen((inside) => {
        const { prices } = inside
        const listed =
          prices !== undefined && isByPrice(prices, { sort: asked.sort ?? 'newest', filter: asked.filter ?? {} })
            ? listPriced(inside, prices, { actor }, asked)
            : listProducts(inside, { actor }, asked)
        return listed.andThen(({ products, ...page }) =>
          priceCards(inside, products, { actor, where }).map((priced) => ({ ...page, products: priced })),
        )
      })
    },
  })
