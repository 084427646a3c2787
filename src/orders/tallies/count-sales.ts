import { ok } from 'neverthrow'
import { payments } from '../../payments/payment.schema.js'
import { refunds } from '../../payments/refund.schema.js'
import { type Counted, moveTallies } from '../../promotions/campaign-tally.js'
import { coupons } from '../../promotions/coupon.collection.schema.js'
import type { Coupon } from '../../promotions/coupon.js'
import { campaignOf } from '../../promotions/make-coupon.js'
import type { OfferBook } from '../../promotions/offer.js'
import { offerBookId, offerBooks } from '../../promotions/offer.schema.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { type Asked, row, rows, type Stored } from '../../shared/read-plan.js'
import { refundOfOrder } from '../money/refund-outcome.js'
import { orders } from '../order.collection.schema.js'
import type { OrderRow } from '../order-row.js'
import { shopDay } from '../placing/shop-day.js'
import { shopPolicyId } from '../policy/shop-policy.js'
import { policyBooks } from '../policy/shop-policy.schema.js'

/**
 * Counts an order that is paid, for every offer that took effect in it and its campaign; and what is paid more for a change
 * of it.
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
          ...askInEffect(),
          policy: row(policyBooks, shopPolicyId),
        }),
        decide: ({ order, policy, ...read }) => {
          if (order === undefined) return nothing
          const { currency } = order.state
          // What was paid then: the order may have been changed since.
          const paidMinor = Number(event.body.paidMinor)
          return ok({
            changes: moveTallies(
              inEffect(order.state, read).flatMap(({ of, discountMinor }): readonly Counted[] => {
                const paid: Counted = { of, count: 'revenueMinor', currency, by: paidMinor }
                if (event.type === 'OrderExtended') return [paid]
                return [
                  { of, count: 'orders', currency, by: 1 },
                  paid,
                  { of, count: 'discountMinor', currency, by: discountMinor },
                ]
              }),
              shopDay(policy, event.at),
            ),
            answer: undefined,
          })
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
          policy: row(policyBooks, shopPolicyId),
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
          policy: row(policyBooks, shopPolicyId),
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
export const campaignReactions: readonly Reaction[] = [countSale, countRefund, countForgone]

const nothing = ok({ changes: [], answer: undefined })

type InEffect = { readonly of: Counted['of']; readonly discountMinor: number }

type InEffectRead = {
  readonly checkout: Stored<OrderRow> | undefined
  readonly coupons: readonly Stored<Coupon>[]
  readonly checkoutCoupons: readonly Stored<Coupon>[]
  readonly book: Stored<OfferBook> | undefined
}

/** Asks, beside an order, for what took effect in it. */
const askInEffect = (): { readonly [Name in keyof InEffectRead]: Asked<InEffectRead[Name]> } => ({
  checkout: row(orders, { from: 'order', path: 'details.partOf.checkoutId' }),
  coupons: rows(coupons, { from: 'order', path: 'couponIds.*' }),
  checkoutCoupons: rows(coupons, { from: 'checkout', path: 'couponIds.*' }),
  book: row(offerBooks, offerBookId),
})

/**
 * The offers that took effect in an order and their campaigns, each once, with what it took off. An order that came of a
 * divided checkout was sold with that: what it brings, and gives back, is of whatever took effect in the whole.
 */
const inEffect = (order: OrderRow, read: InEffectRead): readonly InEffect[] => {
  const { price } = (read.checkout?.state ?? order).details
  const known = [...read.coupons, ...read.checkoutCoupons]
  const found = new Map<string, InEffect>()
  const add = (key: string, of: Counted['of'], minor: number): void => {
    found.set(key, { of, discountMinor: (found.get(key)?.discountMinor ?? 0) + minor })
  }
  for (const { offerId, couponId, goodsMinor, shippingMinor } of price.applied) {
    const coupon = known.find(({ id }) => id === couponId)?.state
    const offer = read.book?.state.offers.find((each) => each.offerId === offerId)
    // A coupon keeps its campaign; a promotion has the one that the book names now.
    const campaignId = coupon === undefined ? (offer === undefined ? null : campaignOf(offer)) : coupon.campaignId
    add(`offer ${offerId}`, { offerId }, goodsMinor + shippingMinor)
    if (campaignId !== null) add(`campaign ${campaignId}`, { campaignId }, goodsMinor + shippingMinor)
  }
  return [...found.values()]
}
