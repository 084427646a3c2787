import type { CouponClaimError } from '../promotions/promotion-errors.js'
import type { Instant } from '../shared/instant.js'
import type { MemberActivity, MemberError } from './member.js'
import type { PointsError } from './points-account.js'

/** The terms are others than those that were shown. */
export type MembershipTermsChanged = {
  readonly type: 'MembershipTermsChanged'
  readonly shownRevision: number
  readonly revision: number
}

/** The day is in no calendar. */
export type BirthdayInvalid = { readonly type: 'BirthdayInvalid'; readonly month: number; readonly day: number }

/** The shop gives nothing for this. */
export type ActivityEarnsNothing = { readonly type: 'ActivityEarnsNothing'; readonly activity: MemberActivity }

/** What it is about has been counted for another member. */
export type ActivityTaken = {
  readonly type: 'ActivityTaken'
  readonly activity: MemberActivity
  readonly reference: string
}

/** The programme has no such benefit. */
export type BenefitUnknown = { readonly type: 'BenefitUnknown'; readonly benefitId: string }

/** The benefit is for members of other levels. */
export type BenefitNeedsLevel = {
  readonly type: 'BenefitNeedsLevel'
  readonly benefitId: string
  readonly levels: readonly string[]
}

/** It is not the time for the benefit. */
export type BenefitNotNow = { readonly type: 'BenefitNotNow'; readonly benefitId: string }

/** The programme has no such reward. */
export type RewardUnknown = { readonly type: 'RewardUnknown'; readonly rewardId: string }

/** The reward is not to be had yet, or no longer. */
export type RewardNotOpen = {
  readonly type: 'RewardNotOpen'
  readonly rewardId: string
  readonly from: Instant | null
  readonly to: Instant | null
}

/** The reward is for members of other levels. */
export type RewardNeedsLevel = {
  readonly type: 'RewardNeedsLevel'
  readonly rewardId: string
  readonly levels: readonly string[]
}

/** None is left. */
export type RewardExhausted = { readonly type: 'RewardExhausted'; readonly rewardId: string }

/** The member has had as many as one may. */
export type RewardLimitReached = {
  readonly type: 'RewardLimitReached'
  readonly rewardId: string
  readonly limit: number
}

/** Why a benefit is not given. */
export type ClaimBenefitError =
  | BenefitUnknown
  | BenefitNeedsLevel
  | BenefitNotNow
  | MemberError
  | PointsError
  | CouponClaimError

/** Why a reward is not given. */
export type RedeemRewardError =
  | RewardUnknown
  | RewardNotOpen
  | RewardNeedsLevel
  | RewardExhausted
  | RewardLimitReached
  | MemberError
  | PointsError
  | CouponClaimError

/** Every refusal of the membership that is its own. */
export type MembershipError =
  | PointsError
  | MemberError
  | MembershipTermsChanged
  | BirthdayInvalid
  | ActivityEarnsNothing
  | ActivityTaken
  | BenefitUnknown
  | BenefitNeedsLevel
  | BenefitNotNow
  | RewardUnknown
  | RewardNotOpen
  | RewardNeedsLevel
  | RewardExhausted
  | RewardLimitReached
