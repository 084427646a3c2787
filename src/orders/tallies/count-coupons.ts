import { ok } from 'neverthrow'
import { type CouponCount, moveTallies } from '../../promotions/campaign-tally.js'
import { coupons } from '../../promotions/coupon.collection.schema.js'
import type { CouponEvent } from '../../promotions/coupon.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row } from '../../shared/read-plan.js'
import { shopDay } from '../placing/shop-day.js'
import { shopPolicyId } from '../policy/shop-policy.js'
import { policyBooks } from '../policy/shop-policy.schema.js'

const name = 'promotions.countCoupons'

const countOf: Readonly<Partial<Record<CouponEvent['type'], CouponCount>>> = {
  CouponIssued: 'issued',
  CouponClaimed: 'claimed',
  CouponUsed: 'used',
  CouponReturned: 'returned',
  CouponExpired: 'expired',
  CouponRevoked: 'revoked',
}

/** Counts what became of a coupon, for its offer and its campaign, each event once. */
export const countCoupons: Reaction = {
  name,
  listensTo: Object.keys(countOf).map((type) => `coupon/${type}`),
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({ coupon: row(coupons, event.rowId), policy: row(policyBooks, shopPolicyId) }),
        decide: ({ coupon, policy }) => {
          const count = Object.entries(countOf).find(([type]) => type === event.type)?.[1]
          if (coupon === undefined || count === undefined) return ok({ changes: [], answer: undefined })
          const { offerId, campaignId } = coupon.state
          const counted = { count, currency: '', by: 1 }
          return ok({
            changes: moveTallies(
              [{ ...counted, of: { offerId } }, ...(campaignId === null ? [] : [{ ...counted, of: { campaignId } }])],
              shopDay(policy, event.at),
            ),
            answer: undefined,
          })
        },
      },
    ),
}
