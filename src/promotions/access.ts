import type { AccessPolicy } from '../shared/actor.js'

/** Who may do what with offers and coupons. */
export const promotionsAccess = {
  'promotions.publishOffers': { staff: 'all' },
  'promotions.issueCoupons': { staff: 'all' },
  'promotions.grantCoupon': { staff: 'all', system: 'all' },
  // A coupon that is claimed by code is in nobody's hands yet; the code is what finds it.
  'promotions.claimCoupon': { customer: 'all' },
  'promotions.listCoupons': { customer: 'own' },
} satisfies AccessPolicy
