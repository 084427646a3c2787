import type { Offer } from '../../src/promotions/offer.js'

/** An offer of the platform that always holds, with what a test changes about it. */
export const offer = (offerId: string, changes: Partial<Offer> & Pick<Offer, 'benefit'>): Offer => ({
  version: 1,
  offerId,
  title: { 'zh-CN': offerId, en: offerId },
  issuer: { kind: 'platform' },
  form: { kind: 'promotion' },
  stage: 'shop',
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai' },
  funding: { platformBasisPoints: 10_000 },
  ...changes,
})

/** The template of a coupon that anybody may claim. */
export const couponOffer = (offerId: string, changes: Partial<Offer> & Pick<Offer, 'benefit'>): Offer =>
  offer(offerId, {
    stage: 'shopCoupon',
    form: { kind: 'coupon', issues: 1000, claimsPerCustomer: 1, claimable: true },
    window: { timeZone: 'Asia/Shanghai', to: 2_000_000_000_000 },
    ...changes,
  })
