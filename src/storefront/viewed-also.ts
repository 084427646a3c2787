import { okAsync, type ResultAsync } from 'neverthrow'
import { products } from '../catalog/product.schema.js'
import { askViewerTally, viewersIn } from '../catalog/product-tally.js'
import { viewedWith } from '../catalog/recommend/view-count.js'
import { viewCounts } from '../catalog/recommend/view-count.schema.js'
import { askPartStock, askStock } from '../catalog/stock-source.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import { row, rows } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { RecommendInput } from './page-inputs.schema.js'
import { parseRecommend, splitWhere } from './page-inputs.schema.js'
import type { CardPorts } from './priced-cards.js'
import { type Recommendation, recommend } from './recommended.js'

/**
 * Recommends what is looked at together with a product, by lift, by five people at least. Counted are those alone who agreed to
 * personalisation, and of none is kept who. What is sold out is left out.
 *
 * @errors CurrencyNotSold, QueryError
 */
export const viewedAlso = (
  ports: CardPorts,
  context: QueryContext,
  input: RecommendInput,
): ResultAsync<readonly Recommendation[], CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.viewedAlso',
    parse: parseRecommend,
    plan: ({ input: { productId } }) => ({
      count: row(viewCounts, productId),
      partners: rows(viewCounts, { from: 'count', path: 'with.*.productId' }),
      products: rows(products, { from: 'count', path: 'with.*.productId' }),
      people: askViewerTally(),
      ...askStock(ports.stock, { from: 'products', path: 'variants.*.sku' }),
      ...askPartStock(ports.stock, 'products'),
    }),
    answer: ({ count, partners, products: found, people, ...read }, { input, actor, scope }) => {
      if (count === undefined) return okAsync<readonly Recommendation[], CurrencyNotSold | QueryError>([])
      const { where, asked } = splitWhere(input)
      const states = partners.map(({ state }) => state)
      const others = viewedWith(count.state, states, viewersIn(people)).map(({ productId, ...counted }) => ({
        product: found.find(({ id }) => id === productId)?.state,
        because: { kind: 'viewedAlso', productId: asked.productId, ...counted } as const,
      }))
      return recommend(ports, others, read, { actor, scope, where, limit: asked.limit ?? 12 })
    },
  })
