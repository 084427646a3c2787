import type { OfferWindow } from '../promotions/offer.js'
import type { Instant } from '../shared/instant.js'
import type { Message } from '../shared/messages.js'
import type { LevelRules } from './level-history.js'

/** What the daily sign-in earns. */
export type SignInRule = {
  readonly points: number
  /** More on every so many days in a row. */
  readonly streaks: readonly { readonly everyDays: number; readonly points: number }[]
}

/** What an activity earns, and how often a day. */
export type ActivityRule = { readonly points: number; readonly perDay: number }

/** What earns points beside buying; null earns none. */
export type ActivityRules = {
  readonly signIn: SignInRule | null
  /** Shared with somebody who came by it. */
  readonly share: ActivityRule | null
  readonly review: ActivityRule | null
  /** Invited somebody who registered by it. */
  readonly invitation: ActivityRule | null
}

/** A time or an occasion on which purchases earn more often. */
export type PointsMultiplier = {
  readonly multiplierId: string
  /** 20000 is twice. */
  readonly basisPoints: number
  /** On which days; on all of them when absent. */
  readonly window?: OfferWindow
  /** Only on the member's birthday. */
  readonly birthday?: boolean
  /** Levels, any of which will do; all members when absent. */
  readonly levels?: readonly string[]
  /** What it gives beyond once is added to the highest of the others; else the highest counts alone. */
  readonly additive?: boolean
}

/** How often a member may have a benefit. */
export type BenefitPeriod = 'once' | 'year' | 'month'

/** When a member may have a benefit. */
export type BenefitOccasion =
  | { readonly kind: 'any' }
  /** From the birthday on, so many days. */
  | { readonly kind: 'birthday'; readonly days: number }
  /** On these days of the month: a member day. */
  | { readonly kind: 'memberDay'; readonly daysOfMonth: readonly number[] }

/** Something that members of some levels may have: a welcome pack, a birthday gift, a member day. */
export type MemberBenefit = {
  readonly benefitId: string
  readonly title: Message
  readonly levels: readonly string[]
  readonly period: BenefitPeriod
  readonly occasion: BenefitOccasion
  /**
   * Given without asking: what may be had once, on joining or reaching one of its levels; what belongs to a birthday, on
   * it. For the asking when absent, and where it could not be given then.
   */
  readonly automatic?: boolean
  /** Points it gives; 0 for none. */
  readonly points: number
  /** Offers a coupon of which it gives. */
  readonly couponOfferIds: readonly string[]
}

/** Something that points buy: a coupon that takes money off, brings a gift, or whatever its offer says. */
export type Reward = {
  readonly rewardId: string
  readonly title: Message
  /** What one costs. */
  readonly points: number
  /** The fewest points a member must have to be offered it; its price when absent. */
  readonly minimumPoints?: number
  /** How many there are; without end when absent. */
  readonly stock?: number
  /** How many a member may have; without end when absent. */
  readonly perMember?: number
  /** Levels, any of which will do; everybody with points when absent. */
  readonly levels?: readonly string[]
  /** From the first moment up to, not including, the last. */
  readonly window?: { readonly from?: Instant; readonly to?: Instant }
  /** The offer a coupon of which it is. */
  readonly couponOfferId: string
}

/** The programme of a shop, at one revision. */
export type MembershipTerms = {
  readonly bookId: string
  /** ISO 4217 code; money in another counts for no level. */
  readonly currency: string
  readonly levels: LevelRules
  readonly activities: ActivityRules
  /** Calendar months after which points end that are earned by activities and benefits. */
  readonly pointsMonths: number
  readonly multipliers: readonly PointsMultiplier[]
  readonly benefits: readonly MemberBenefit[]
  readonly rewards: readonly Reward[]
  /** How many days before points end their member is told. */
  readonly noticeDays: number
}

/** The id of the one row of terms. */
export const membershipBookId = 'membership'
