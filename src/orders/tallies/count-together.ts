import { ok } from 'neverthrow'
import { moveOrderTally } from '../../catalog/product-tally.js'
import { basketOf, countBasket } from '../../catalog/recommend/basket-count.js'
import { basketCounts } from '../../catalog/recommend/basket-count.schema.js'
import { put } from '../../shared/commit.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row, rows } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'

const name = 'orders.countTogether'

/** Counts which products are bought together, as an order is paid; gifts were not chosen, and count for nothing. */
export const countTogether: Reaction = {
  name,
  listensTo: ['order/OrderPaid'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({
          order: row(orders, event.rowId),
          counts: rows(basketCounts, { from: 'order', path: 'lines.*.productId' }),
        }),
        decide: ({ order, counts }) => {
          const bought = (order?.state.lines ?? []).flatMap(({ gift, productId }) => (gift ? [] : [productId]))
          const basket = basketOf(bought)
          if (basket.length === 0) return ok({ changes: [], answer: undefined })
          return ok({
            changes: [
              moveOrderTally(1),
              ...basket.map((productId) => {
                const before = counts.find(({ id }) => id === productId)
                const state = countBasket(before?.state, productId, basket)
                return put(basketCounts, { id: productId, version: before?.version ?? 0, state })
              }),
            ],
            answer: undefined,
          })
        },
      },
    ),
}
