import type { ResultAsync } from 'neverthrow'
import type { HistoryPorts } from '../catalog/history/read-history.js'
import { type SearchedProducts, type SearchHit, searchProducts } from '../catalog/search/search-products.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { SearchCardsInput } from './page-inputs.schema.js'
import { parseSearchCards, splitWhere } from './page-inputs.schema.js'
import { type CardPorts, granted, type PricedCard, priceCards } from './priced-cards.js'

/** What a search found, on cards; total and facets are the catalog's, whatever is sold in the currency asked for. */
export type SearchedCards = Omit<SearchedProducts, 'hits'> & { readonly hits: readonly PricedCard<SearchHit>[] }

/**
 * Searches products as `catalog.searchProducts` does, at the prices of whoever looks. Sorted and bounded by price they are
 * by that of the catalog.
 *
 * @errors CurrencyNotSold, QueryError
 */
export const searchCards = (
  ports: CardPorts & HistoryPorts,
  context: QueryContext,
  input: SearchCardsInput,
): ResultAsync<SearchedCards, CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.searchCards',
    parse: parseSearchCards,
    plan: () => ({}),
    answer: (_, { input, actor, scope }): ResultAsync<SearchedCards, CurrencyNotSold | QueryError> => {
      const { where, asked } = splitWhere(input)
      const inside = { ...ports, ...granted(ports, scope) }
      return searchProducts(inside, { actor }, asked)
        .mapErr((error): CurrencyNotSold | QueryError => error)
        .andThen(({ hits, ...found }) =>
          priceCards(inside, hits, { actor, where }).map((priced) => ({ ...found, hits: priced })),
        )
    },
  })
