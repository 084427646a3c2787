import { ok } from 'neverthrow'
import { disputes } from '../../payments/dispute.schema.js'
import { payments } from '../../payments/payment.schema.js'
import { type Counted, moveTallies } from '../../promotions/campaign-tally.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row } from '../../shared/read-plan.js'
import { billedIdsOf } from '../money/billed-ids.js'
import { orders } from '../order.collection.schema.js'
import { shopDay } from '../placing/shop-day.js'
import { askInEffect, inEffect } from './in-effect.js'

const name = 'orders.countChargeBack'

/**
 * Counts what payers have by disputes that were lost, for the offers that took effect in the order and their campaigns, and
 * takes off what of it is the shop's again.
 */
export const countChargeBack: Reaction = {
  name,
  listensTo: [
    'dispute/DisputeLost',
    'dispute/DisputeWon',
    'dispute/DisputeEvidenceDue',
    'dispute/DisputeUnderReview',
    'dispute/DisputeFactsLearned',
  ],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({
          dispute: row(disputes, event.rowId),
          payment: row(payments, { from: 'dispute', path: 'paymentId' }),
          order: row(orders, { from: 'dispute', path: 'orderId' }),
          ...askInEffect(),
        }),
        decide: ({ dispute, payment, order, policy, ...read }) => {
          const by = Number(event.body.lostMoreMinor ?? 0)
          if (dispute === undefined || payment === undefined || order === undefined || by === 0) return nothing
          // What came too late, or twice, was never counted.
          if (!billedIdsOf(order.state, [payment.state]).includes(payment.id)) return nothing
          const { currency } = dispute.state
          const counted = inEffect(order.state, read).map(
            ({ of }): Counted => ({ of, count: 'chargedBackMinor', currency, by }),
          )
          return ok({ changes: moveTallies(counted, shopDay(policy, event.at)), answer: undefined })
        },
      },
    ),
}

const nothing = ok({ changes: [], answer: undefined })
