import { okAsync, type ResultAsync } from 'neverthrow'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { ListProductsInput } from './browse.js'
import { parseListProducts } from './browse.schema.js'
import { type AskedPage, type ProductPage, pageEndOf, scanned, withPageEnd } from './list-products.js'
import type { CatalogPorts } from './ports.js'
import type { ProductCard } from './product-card.js'
import { cardsOf, withinScope } from './search/found-cards.js'
import { pricedQuery } from './search/priced-query.js'
import type { FoundProduct } from './search/query/catalog-query.js'
import type { ViewerPrices } from './search/query/viewer-prices.js'

/** Whether a list hangs on what pieces cost: then it is another for whom they cost something else. */
export const isByPrice = ({ currency }: ViewerPrices, { sort, filter }: Pick<AskedPage, 'sort' | 'filter'>): boolean =>
  currency !== null ||
  sort === 'priceAscending' ||
  sort === 'priceDescending' ||
  filter.minPriceMinor !== undefined ||
  filter.maxPriceMinor !== undefined

/**
 * Lists products as `listProducts` does, sorted and bounded by what they cost whoever asks. No storage knows that; the index
 * does.
 *
 * @errors QueryError
 */
export const listPriced = (
  ports: CatalogPorts,
  prices: ViewerPrices,
  context: QueryContext,
  input: ListProductsInput,
): ResultAsync<ProductPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.listProducts',
    parse: (given) => parseListProducts(given).andThen(withPageEnd),
    plan: () => ({}),
    answer: (_, { input: asked, scope, now }): ResultAsync<ProductPage, QueryError> => {
      const { sort, filter, end } = asked
      const sign = sort === 'priceAscending' ? -1 : 1
      return ports.shelf
        .follow(ports)
        .andThen((source) =>
          source.ask({
            ...pricedQuery(source.figures, prices, { text: '', filter, within: withinScope(scope), sort, offset: 0 }),
            limit: scanned(asked) + 1,
            isTotalOnly: true,
            ...(end === undefined ? {} : { after: { key: sign * Number(end.value), id: end.id } }),
          }),
        )
        .andThen(({ found, total, filters, relax }) => {
          const looked = found.slice(0, scanned(asked))
          return (looked.length === 0 ? okAsync([]) : cardsOf(ports, looked, { scope, now })).map(
            (cards): ProductPage => {
              const { shown, last } = shownOf(asked, looked, cards)
              const isCut = last !== undefined && last !== found.at(-1)
              return {
                products: shown,
                next: isCut ? pageEndOf(sort, sign * last.key, last.productId) : null,
                counted: asked.counted ? { total, filters, relax } : null,
              }
            },
          )
        })
    },
  })

/** What fills the page, and the last that was looked at for it. */
const shownOf = (
  { limit, inStockOnly }: AskedPage,
  looked: readonly FoundProduct[],
  cards: readonly ProductCard[],
): { readonly shown: readonly ProductCard[]; readonly last: FoundProduct | undefined } => {
  const cardOfId = new Map(cards.map((card) => [card.productId, card]))
  const shown: ProductCard[] = []
  let last: FoundProduct | undefined
  for (const each of looked) {
    last = each
    const card = cardOfId.get(each.productId)
    if (card !== undefined && (card.inStock || !inStockOnly)) shown.push(card)
    if (shown.length === limit) break
  }
  return { shown, last }
}
