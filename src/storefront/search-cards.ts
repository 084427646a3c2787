import type { ResultAsync } from 'neverthrow'
import type { HistoryPorts } from '../catalog/history/read-history.js'
import { type SearchedProducts, type SearchHit, searchProducts } from '../catalog/search/search-products.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { SearchCardsInput } from './page-inputs.schema.js'
import { parseSearchCards, splitWhere } from './page-inputs.schema.js'
import { type CardPorts, type PricedCard, priceCards } from './priced-cards.js'
import { askViewerPrices, viewerPorts } from './viewer-ports.js'

/** What a search found, on cards. */
export type SearchedCards = Omit<SearchedProducts, 'hits'> & { readonly hits: readonly PricedCard<SearchHit>[] }

/**
 * Searches products as `catalog.searchProducts` does, at the prices of whoever looks: by these they are sorted, bounded and
 * counted, and what is not sold in the currency asked for is not found.
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
    own: ({ actor, now }) => askViewerPrices(ports, { actor, now }),
    answer: (read, { input, actor, scope, now }): ResultAsync<SearchedCards, CurrencyNotSold | QueryError> => {
      const { where, asked } = splitWhere(input)
      return viewerPorts(ports, read, { actor, scope, where, now }).andThen((inside) =>
        searchProducts(inside, { actor }, asked).andThen(({ hits, ...found }) =>
          priceCards(inside, hits, { actor, where }).map((priced) => ({ ...found, hits: priced })),
        ),
      )
    },
  })
