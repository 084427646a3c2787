import { ok } from 'neverthrow'
import { put } from '../shared/commit.js'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import { row } from '../shared/read-plan.js'
import { products } from './product.schema.js'
import { isSameStanding, noStanding, standingOf } from './product-standing.js'
import { productStandings } from './product-standing.schema.js'
import { askTallies } from './product-tally.js'

const name = 'catalog.rankProduct'

/** Writes how a product stands with buyers into its row, by which lists are sorted and filtered, once its counts moved. */
export const rankProduct: Reaction = {
  name,
  listensTo: ['productStanding/StandingDue'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({
          mark: row(productStandings, event.rowId),
          product: row(products, event.rowId),
          ...askTallies([event.rowId]),
        }),
        decide: ({ mark, product, ...facts }, { now }) => {
          if (mark?.state.due !== true) return ok({ changes: [], answer: undefined })
          const done = put(productStandings, { ...mark, state: { ...mark.state, due: false } })
          if (product === undefined) return ok({ changes: [done], answer: undefined })
          const standing = standingOf(facts, product.id)
          if (isSameStanding(product.state.standing ?? noStanding, standing)) {
            return ok({ changes: [done], answer: undefined })
          }
          // The moment of its change is what indexes follow.
          const state = { ...product.state, standing, updatedAt: now }
          return ok({ changes: [done, put(products, { ...product, state })], answer: undefined })
        },
      },
    ),
}
