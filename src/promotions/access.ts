import type { AccessPolicy } from '../shared/actor.js'

/** Who may do what with offers and coupons. */
export const promotionsAccess = {
  'promotions.offers': { staff: 'all' },
  'promotions.publishOffers': { staff: 'all' },
  'promotions.issueCoupons': { staff: 'all', merchant: 'own' },
  // Whose offers a merchant gives is asked of the offer; whether the customer is told of it stands in no merchant's row.
  'promotions.grantCoupon': { staff: 'all', merchant: 'all', system: 'all' },
  'promotions.campaignResults': { staff: 'all' },
  'promotions.revokeCoupon': { staff: 'all' },
  'promotions.revokeCoupons': { staff: 'all' },
  // A coupon that is claimed by code is in nobody's hands yet; the code is what finds it.
  'promotions.claimCoupon': { customer: 'all' },
  'promotions.listCoupons': { customer: 'own' },
} satisfies AccessPolicy
