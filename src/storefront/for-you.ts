import { okAsync, type ResultAsync } from 'neverthrow'
import { gatherItems } from '../catalog/history/browsing-history.js'
import { askHistory, type HistoryPorts, isAgreed, itemsToShow } from '../catalog/history/read-history.js'
import { products } from '../catalog/product.schema.js'
import { askOrderTally, ordersIn } from '../catalog/product-tally.js'
import { boughtWith } from '../catalog/recommend/basket-count.js'
import { basketCounts } from '../catalog/recommend/basket-count.schema.js'
import { askPartStock, askStock } from '../catalog/stock-source.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import { customerIdOf } from '../shared/actor.js'
import { compareCodePoints } from '../shared/json.js'
import { readFacts } from '../shared/read-facts.js'
import { rows } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { ForYouInput } from './page-inputs.schema.js'
import { parseForYou, splitWhere } from './page-inputs.schema.js'
import type { CardPorts } from './priced-cards.js'
import { type Recommendation, recommend } from './recommended.js'

/** What is recommended to a customer by their own history. */
export type ForYou = {
  readonly recommendations: readonly Recommendation[]
  /** Why there are none, where that is not for want of anything to go by; null otherwise. */
  readonly because: 'noConsent' | 'paused' | null
}

/** How many of the products that were looked at last are gone by. */
const lookedBack = 20

/**
 * Recommends to a customer what is bought with what they looked at, the last first; what they have seen is left out. Without
 * consent to personalisation nothing of theirs is read, and nothing is recommended.
 *
 * @errors CurrencyNotSold, QueryError
 */
export const forYou = (
  ports: CardPorts & HistoryPorts,
  context: QueryContext,
  input: ForYouInput = {},
): ResultAsync<ForYou, CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.forYou',
    parse: parseForYou,
    plan: ({ actor }) => askHistory(customerIdOf(actor)),
    answer: (history, { input, actor, scope, now }): ResultAsync<ForYou, CurrencyNotSold | QueryError> => {
      const { where, asked } = splitWhere(input)
      if (!isAgreed(ports, history)) return okAsync({ recommendations: [], because: 'noConsent' })
      if (history.history?.state.paused === true) return okAsync({ recommendations: [], because: 'paused' })
      return itemsToShow(ports, history).andThen((items) => {
        const seen = gatherItems(items, now).flatMap((item) => (item.kind === 'product' ? [item.productId] : []))
        const lately = seen.slice(0, lookedBack)
        const plan = {
          counts: rows(basketCounts, lately),
          partners: rows(basketCounts, { from: 'counts', path: 'with.*.productId' }),
          products: rows(products, { from: 'counts', path: 'with.*.productId' }),
          orders: askOrderTally(),
          ...askStock(ports.stock, { from: 'products', path: 'variants.*.sku' }),
          ...askPartStock(ports.stock, 'products'),
        }
        return readFacts(ports.storage, { shop: ports.shop, scope, at: now, plan })
          .andThen(({ counts, partners, products: found, orders, ...read }) => {
            const states = partners.map(({ state }) => state)
            const scored = new Map<string, { readonly score: number; readonly viewed: string }>()
            for (const [place, productId] of lately.entries()) {
              const count = counts.find(({ id }) => id === productId)?.state
              if (count === undefined) continue
              for (const each of boughtWith(count, states, ordersIn(orders))) {
                // What was looked at last says most.
                const score = Math.floor((each.liftHundredths * (lookedBack - place)) / lookedBack)
                const before = scored.get(each.productId)
                if (before === undefined || score > before.score)
                  scored.set(each.productId, { score, viewed: productId })
              }
            }
            const best = [...scored]
              .filter(([productId]) => !seen.includes(productId))
              .sort(([a, left], [b, right]) => right.score - left.score || compareCodePoints(a, b))
              .map(([productId, { viewed }]) => ({
                product: found.find(({ id }) => id === productId)?.state,
                because: { kind: 'viewed', productId: viewed } as const,
              }))
            return recommend(ports, best, read, { actor, scope, where, limit: asked.limit ?? 12 })
          })
          .map((recommendations): ForYou => ({ recommendations, because: null }))
      })
    },
  })
