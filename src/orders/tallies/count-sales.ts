import { ok } from 'neverthrow'
import { payments } from '../../payments/payment.schema.js'
import { refunds } from '../../payments/refund.schema.js'
import { type Counted, moveTallies } from '../../promotions/campaign-tally.js'
import type { OutboxEvent } from '../../shared/events.js'
import { valuesAt } from '../../shared/json.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row } from '../../shared/read-plan.js'
import { refundOfOrder } from '../money/refund-outcome.js'
import { orders } from '../order.collection.schema.js'
import { shopDay } from '../placing/shop-day.js'
import { countChargeBack } from './count-charge-backs.js'
import { askInEffect, creditKey, creditsOf, type InEffect, inEffect, toldDiscounts } from './in-effect.js'

/**
 * Counts an order that is paid, for every offer that took effect in it and its campaign; and what is paid more for a change
 * of it, with what that changes of what was taken off. Of an offer that takes effect only by the change it is the whole order.
 */
const countSale: Reaction = {
  name: 'orders.countSale',
  listensTo: ['order/OrderPaid', 'order/OrderExtended'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.countSale', event },
      {
        plan: () => ({
          order: row(orders, event.rowId),
          ...askInEffect(
            ['discounts.*', 'discounts.before.*', 'discounts.after.*'].flatMap((path) => toldDiscounts(event, path)),
          ),
        }),
        decide: ({ order, policy, ...read }) => {
          if (order === undefined) return nothing
          const { currency } = order.state
          const isTold = event.body.discounts !== undefined
          // Events of before it was told: by the order, which may have been changed since.
          const now = inEffect(order.state, read)
          const told = (path: string) => (isTold ? creditsOf(toldDiscounts(event, path), read) : now)
          const counted =
            event.type === 'OrderPaid'
              ? told('discounts.*').flatMap((each) => soldBy(each, Number(event.body.paidMinor), currency))
              : extendedBy(event, { before: told('discounts.before.*'), after: told('discounts.after.*'), currency })
          return ok({ changes: moveTallies(counted, shopDay(policy, event.at)), answer: undefined })
        },
      },
    ),
}

const soldBy = ({ of, discountMinor }: InEffect, revenueMinor: number, currency: string): readonly Counted[] => [
  { of, count: 'orders', currency, by: 1 },
  { of, count: 'revenueMinor', currency, by: revenueMinor },
  { of, count: 'discountMinor', currency, by: discountMinor },
]

const extendedBy = (
  { body }: OutboxEvent,
  stands: { readonly before: readonly InEffect[]; readonly after: readonly InEffect[]; readonly currency: string },
): readonly Counted[] => {
  const { before, after, currency } = stands
  const [earlier, later] = [before, after].map((each) => new Map(each.map((one) => [creditKey(one), one])))
  const [payableMinor = 0] = valuesAt(body, 'priced.totals.payableMinor')
  return [
    ...after.flatMap((each): readonly Counted[] => {
      const stood = earlier?.get(creditKey(each))
      if (stood === undefined) return soldBy(each, Number(payableMinor), currency)
      const { of, discountMinor } = each
      return [
        { of, count: 'revenueMinor', currency, by: Number(body.paidMinor) },
        { of, count: 'discountMinor', currency, by: discountMinor - stood.discountMinor },
      ]
    }),
    // One that the change lost has taken nothing off.
    ...before
      .filter((each) => later?.has(creditKey(each)) !== true)
      .map(({ of, discountMinor }): Counted => ({ of, count: 'discountMinor', currency, by: 0 - discountMinor })),
  ]
}

/** Takes off what offers had taken off pieces that a change took out of an order; their money is counted as it goes back. */
const countTakenOut: Reaction = {
  name: 'orders.countTakenOut',
  listensTo: ['order/RefundStarted'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.countTakenOut', event },
      {
        plan: () => ({ order: row(orders, event.rowId), ...askInEffect(toldDiscounts(event, 'refund.discounts.*')) }),
        decide: ({ order, policy, ...read }) => {
          if (order === undefined) return nothing
          const { currency } = order.state
          const counted = creditsOf(toldDiscounts(event, 'refund.discounts.*'), read).map(
            ({ of, discountMinor }): Counted => ({ of, count: 'discountMinor', currency, by: 0 - discountMinor }),
          )
          return ok({ changes: moveTallies(counted, shopDay(policy, event.at)), answer: undefined })
        },
      },
    ),
}

/** Counts money that goes back, for the same offers and campaigns, and takes off what of it comes back to the shop. */
const countRefund: Reaction = {
  name: 'orders.countRefund',
  listensTo: ['refund/RefundSucceeded', 'refund/RefundPaidManually', 'refund/RefundReversed'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.countRefund', event },
      {
        plan: () => ({
          refund: row(refunds, event.rowId),
          order: row(orders, { from: 'refund', path: 'orderId' }),
          ...askInEffect(),
        }),
        decide: ({ refund, order, policy, ...read }) => {
          if (refund === undefined || order === undefined) return nothing
          // What came too late, or twice, was never counted.
          const wholeId = refundOfOrder(refund.state)
          if (!order.state.refunds.some(({ refundId }) => refundId === wholeId)) return nothing
          // What was sent once is sent again whole.
          const by = event.type === 'RefundReversed' ? 0 - refund.state.amountMinor : refund.state.amountMinor
          const { currency } = order.state
          return ok({
            changes: moveTallies(
              inEffect(order.state, read).map(({ of }): Counted => ({ of, count: 'refundedMinor', currency, by })),
              shopDay(policy, event.at),
            ),
            answer: undefined,
          })
        },
      },
    ),
}

/** Counts, as money that goes back, what was promised or held for an order and is never taken. */
const countForgone: Reaction = {
  name: 'orders.countForgone',
  listensTo: ['payment/HoldForgone'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.countForgone', event },
      {
        plan: () => ({
          payment: row(payments, event.rowId),
          order: row(orders, { from: 'payment', path: 'orderId' }),
          ...askInEffect(),
        }),
        decide: ({ order, policy, ...read }) => {
          if (order === undefined) return nothing
          const by = Number(event.body.amountMinor)
          const { currency } = order.state
          return ok({
            changes: moveTallies(
              inEffect(order.state, read).map(({ of }): Counted => ({ of, count: 'refundedMinor', currency, by })),
              shopDay(policy, event.at),
            ),
            answer: undefined,
          })
        },
      },
    ),
}

/** What orders add to the results of campaigns. */
export const campaignReactions: readonly Reaction[] = [
  countSale,
  countTakenOut,
  countRefund,
  countForgone,
  countChargeBack,
]

const nothing = ok({ changes: [], answer: undefined })
