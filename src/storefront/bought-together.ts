import { okAsync, type ResultAsync } from 'neverthrow'
import { products } from '../catalog/product.schema.js'
import { askOrderTally, ordersIn } from '../catalog/product-tally.js'
import { boughtWith } from '../catalog/recommend/basket-count.js'
import { basketCounts } from '../catalog/recommend/basket-count.schema.js'
import { askPartStock, askStock } from '../catalog/stock-source.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import { row, rows } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { RecommendInput } from './page-inputs.schema.js'
import { parseRecommend, splitWhere } from './page-inputs.schema.js'
import type { CardPorts } from './priced-cards.js'
import { type Recommendation, recommend } from './recommended.js'

/**
 * Recommends what is bought with a product, by lift: more often than chance would have it, in three orders at least. What is
 * sold out is left out.
 *
 * @errors CurrencyNotSold, QueryError
 */
export const boughtTogether = (
  ports: CardPorts,
  context: QueryContext,
  input: RecommendInput,
): ResultAsync<readonly Recommendation[], CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.boughtTogether',
    parse: parseRecommend,
    plan: ({ input: { productId } }) => ({
      count: row(basketCounts, productId),
      partners: rows(basketCounts, { from: 'count', path: 'with.*.productId' }),
      products: rows(products, { from: 'count', path: 'with.*.productId' }),
      orders: askOrderTally(),
      ...askStock(ports.stock, { from: 'products', path: 'variants.*.sku' }),
      ...askPartStock(ports.stock, 'products'),
    }),
    answer: ({ count, partners, products: found, orders, ...read }, { input, actor, scope }) => {
      if (count === undefined) return okAsync<readonly Recommendation[], CurrencyNotSold | QueryError>([])
      const { where, asked } = splitWhere(input)
      const states = partners.map(({ state }) => state)
      const others = boughtWith(count.state, states, ordersIn(orders)).map(({ productId, ...counted }) => ({
        product: found.find(({ id }) => id === productId)?.state,
        because: { kind: 'boughtTogether', productId: asked.productId, ...counted } as const,
      }))
      return recommend(ports, others, read, { actor, scope, where, limit: asked.limit ?? 12 })
    },
  })
