import type { Offer } from '../promotions/offer.js'
import type { Message } from '../shared/messages.js'
import type { Ladder } from './level.js'
import { type MembershipTerms, membershipBookId } from './membership-terms.js'
import { pointsMonths } from './points-expiry.js'

const text = (zh: string, en: string): Message => ({ 'zh-CN': zh, en })

const firstOrder = text('首单优惠', 'A discount on the first order')
const points = text('购物积分', 'Points for purchases')
const doublePoints = text('双倍积分', 'Points twice')
const birthday = text('生日礼', 'A birthday gift')
const welcome = text('入会礼', 'A welcome gift')
const monthly = text('每月专享优惠券', 'A coupon of one’s own every month')
const discount = text('会员折扣', 'A member discount')

/** The ladder of four steps by money spent, minor units. */
export const guideLadder: Ladder = [
  {
    levelId: 'ordinary',
    title: text('普通会员', 'Ordinary'),
    from: 0,
    earnMultiplierBasisPoints: 10_000,
    service: 'standard',
    benefits: [firstOrder, points],
  },
  {
    levelId: 'silver',
    title: text('银卡会员', 'Silver'),
    from: 100_000,
    earnMultiplierBasisPoints: 20_000,
    service: 'standard',
    benefits: [monthly, doublePoints, birthday],
  },
  {
    levelId: 'gold',
    title: text('金卡会员', 'Gold'),
    from: 500_000,
    earnMultiplierBasisPoints: 20_000,
    service: 'priority',
    benefits: [text('优先客服', 'Served before others'), discount, doublePoints],
  },
  {
    levelId: 'diamond',
    title: text('钻石会员', 'Diamond'),
    from: 2_000_000,
    earnMultiplierBasisPoints: 20_000,
    service: 'personal',
    benefits: [text('专属客服', 'Served by a person of one’s own'), doublePoints, birthday, monthly],
  },
]

/** The programme of a shop that has stated none; revision 0. */
export const guideMembership: MembershipTerms = {
  bookId: membershipBookId,
  currency: 'CNY',
  levels: {
    ladder: guideLadder,
    weights: { perSpentMinor: 1, perSignIn: 100, perContribution: 1_000 },
    window: { kind: 'rolling', months: 12 },
    graceDays: 30,
    downgrade: 'auto',
    timeZone: 'Asia/Shanghai',
  },
  activities: {
    signIn: { points: 1, streaks: [] },
    share: { points: 5, perDay: 3 },
    review: { points: 10, perDay: 5 },
    invitation: { points: 50, perDay: 5 },
  },
  pointsMonths,
  multipliers: [],
  benefits: [],
  rewards: [],
  noticeDays: 30,
}

/** The offers behind the benefits of the guide ladder. */
export type GuideOffers = {
  /** To be published with the other offers of the shop. */
  readonly offers: readonly Offer[]
  /** To be published as the benefits of the programme: what a member is given, or takes for the asking. */
  readonly benefits: MembershipTerms['benefits']
}

/**
 * What the guide ladder promises, as ordinary offers with an audience, and benefits that give coupons of them.
 *
 * @param given.from - when it begins; given.to - when coupons of it end
 */
export const guideMemberOffers = (given: {
  readonly currency: string
  readonly timeZone: string
  readonly from: number
  readonly to: number
}): GuideOffers => {
  const { currency, timeZone, from, to } = given
  const shared = {
    version: 1,
    issuer: { kind: 'platform' },
    priority: 0,
    currency,
    window: { timeZone, from, to },
    funding: { platformBasisPoints: 10_000 },
  } as const
  const coupon = { kind: 'coupon', issues: 1_000_000_000, claimsPerCustomer: 1_000, claimable: false } as const
  const gives = (benefitId: string, title: Message, couponOfferId: string) => ({
    benefitId,
    title,
    points: 0,
    couponOfferIds: [couponOfferId],
  })
  return {
    offers: [
      {
        ...shared,
        offerId: 'member-first-order',
        title: firstOrder,
        form: { kind: 'promotion' },
        stage: 'platform',
        audience: { levels: guideLadder.map(({ levelId }) => levelId), firstOrder: true },
        benefit: { kind: 'percentOff', offBasisPoints: 500, capMinor: 5_000 },
      },
      {
        ...shared,
        offerId: 'member-gold-discount',
        title: discount,
        form: { kind: 'promotion' },
        stage: 'line',
        audience: { levels: ['gold', 'diamond'] },
        benefit: { kind: 'percentOff', offBasisPoints: 500 },
      },
      {
        ...shared,
        offerId: 'member-monthly',
        title: monthly,
        form: { ...coupon, validMs: 31 * 86_400_000 },
        stage: 'platformCoupon',
        audience: { levels: ['silver', 'gold', 'diamond'] },
        threshold: { amountMinor: 20_000, basis: 'activity' },
        benefit: { kind: 'amountOff', offMinor: 2_000 },
      },
      {
        ...shared,
        offerId: 'member-birthday',
        title: birthday,
        form: { ...coupon, validMs: 31 * 86_400_000 },
        stage: 'platformCoupon',
        audience: { levels: ['silver', 'gold', 'diamond'] },
        benefit: { kind: 'amountOff', offMinor: 3_000 },
      },
    ],
    benefits: [
      {
        benefitId: 'welcome',
        title: welcome,
        levels: guideLadder.map(({ levelId }) => levelId),
        period: 'once',
        occasion: { kind: 'any' },
        automatic: true,
        points: 50,
        couponOfferIds: [],
      },
      {
        ...gives('birthday', birthday, 'member-birthday'),
        levels: ['silver', 'gold', 'diamond'],
        period: 'year',
        occasion: { kind: 'birthday', days: 7 },
        automatic: true,
      },
      {
        ...gives('monthly', monthly, 'member-monthly'),
        levels: ['silver', 'gold', 'diamond'],
        period: 'month',
        occasion: { kind: 'any' },
      },
    ],
  }
}
