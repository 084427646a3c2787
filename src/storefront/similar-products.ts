import { okAsync, type ResultAsync } from 'neverthrow'
import type { Product } from '../catalog/product.js'
import { products } from '../catalog/product.schema.js'
import { isProductIn, scopeConditions } from '../catalog/product-scope.js'
import { mostSimilar } from '../catalog/recommend/similarity.js'
import { askPartStock, askStock } from '../catalog/stock-source.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import type { Actor, Scope } from '../shared/actor.js'
import type { Instant } from '../shared/instant.js'
import { readFacts } from '../shared/read-facts.js'
import { find, row } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { RecommendInput } from './page-inputs.schema.js'
import { parseRecommend, splitWhere } from './page-inputs.schema.js'
import type { CardPorts } from './priced-cards.js'
import { type Recommendation, type RecommendedFor, recommend } from './recommended.js'

/** The most products of a category that are compared. */
const compared = 200

/**
 * Recommends products of the same category that agree with one in what they state; the best sold of the category are
 * compared. What is sold out is left out.
 *
 * @errors CurrencyNotSold, QueryError
 */
export const similarProducts = (
  ports: CardPorts,
  context: QueryContext,
  input: RecommendInput,
): ResultAsync<readonly Recommendation[], CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.similar',
    parse: parseRecommend,
    plan: ({ input: { productId } }) => ({ product: row(products, productId) }),
    answer: ({ product }, { input, actor, scope, now }) => {
      const { where, asked } = splitWhere(input)
      if (product?.state.status !== 'active' || !isProductIn(product.state, scope)) {
        return okAsync<readonly Recommendation[], CurrencyNotSold | QueryError>([])
      }
      const limit = asked.limit ?? 12
      return findSimilar(ports, product.state, { actor, scope, now }).andThen(({ found, read }) =>
        recommend(ports, found, read, { actor, scope, where, limit }),
      )
    },
  })

type Found = readonly { readonly product: Product; readonly because: RecommendedFor }[]

/** Finds what is like a product, with what its cards are made of. */
export const findSimilar = (
  ports: CardPorts,
  product: Product,
  { scope, now }: { readonly actor: Actor; readonly scope: Scope; readonly now: Instant },
): ResultAsync<{ readonly found: Found; readonly read: Parameters<typeof recommend>[2] }, QueryError> => {
  const home = product.homeCategoryIds[0] ?? ''
  const plan = {
    others: find(products, {
      where: [
        { field: 'status', is: 'eq', value: 'active' },
        { field: 'categoryIds', is: 'containsAll', values: [home] },
        ...scopeConditions(scope),
      ],
      orderBy: { field: 'sold', direction: 'descending' },
      limit: compared,
    }),
    ...askStock(ports.stock, { from: 'others', path: 'variants.*.sku' }),
    ...askPartStock(ports.stock, 'others'),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope, at: now, plan }).map(({ others, ...read }) => {
    const states = others.map(({ state }) => state)
    const found = mostSimilar(product, states).flatMap(({ productId, shared }): Found => {
      const other = states.find((each) => each.productId === productId)
      if (other === undefined) return []
      return [{ product: other, because: { kind: 'similar', productId: product.productId, shared } }]
    })
    return { found, read }
  })
}
