import type { BookChanged } from '../shared/publish-book.js'
import type { CouponError } from './coupon.js'
import type { QrError } from './coupon-qr.js'

/** No offer of the book has the id. */
export type OfferUnknown = { readonly type: 'OfferUnknown'; readonly offerId: string }

/** The offer is given by itself and has no coupons. */
export type OfferHasNoCoupons = { readonly type: 'OfferHasNoCoupons'; readonly offerId: string }

/** The offer is over. */
export type OfferEnded = { readonly type: 'OfferEnded'; readonly offerId: string }

/** The batch holds coupons of another offer. */
export type BatchOfOtherOffer = { readonly type: 'BatchOfOtherOffer'; readonly batchId: string }

/** Fewer coupons are left than were asked for. */
export type CouponsExhausted = { readonly type: 'CouponsExhausted'; readonly offerId: string; readonly left: number }

/** The customer has claimed as many as one may. */
export type ClaimLimitReached = { readonly type: 'ClaimLimitReached'; readonly offerId: string; readonly limit: number }

/** Coupons of the offer are claimed by code only. */
export type CouponNeedsCode = { readonly type: 'CouponNeedsCode'; readonly offerId: string }

/** The coupon is for members of one of these levels. */
export type CouponNeedsLevel = {
  readonly type: 'CouponNeedsLevel'
  readonly offerId: string
  readonly levels: readonly string[]
}

/** The code has a typing error: its letters do not check. */
export type CouponCodeMistyped = { readonly type: 'CouponCodeMistyped' }

/** No coupon that is free to claim has the code. */
export type CouponCodeUnknown = { readonly type: 'CouponCodeUnknown' }

/** Why coupons are not made or claimed. */
export type CouponClaimError =
  | OfferUnknown
  | OfferHasNoCoupons
  | OfferEnded
  | BatchOfOtherOffer
  | CouponsExhausted
  | ClaimLimitReached
  | CouponNeedsCode
  | CouponNeedsLevel
  | CouponCodeMistyped
  | CouponCodeUnknown
  | QrError
  | CouponError

/** Every refusal of the promotions. */
export type PromotionError = CouponClaimError | BookChanged
