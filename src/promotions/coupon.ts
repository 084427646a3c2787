import type { Instant } from '../shared/instant.js'

/** What every coupon knows, whatever became of it. */
export type CouponFacts = {
  readonly couponId: string
  /** The offer it is a coupon of. */
  readonly offerId: string
  /** The campaign it was given out for, else null. */
  readonly campaignId: string | null
  /** The batch it was made in, null when it was made alone. */
  readonly batchId: string | null
  /** The code it is claimed by, null when there is none. */
  readonly code: string | null
  readonly issuedAt: Instant
}

/** What a coupon in somebody's hands knows; valid from the first moment up to, not including, the last. */
export type HeldCoupon = CouponFacts & {
  /** The account that holds it. */
  readonly holderId: string
  readonly claimedAt: Instant
  readonly validFrom: Instant
  readonly validTo: Instant
  /** When its holder is to be told that it will end; null once told. */
  readonly remindAt: Instant | null
}

/** A coupon. */
export type Coupon =
  /** Made and in nobody's hands; may be claimed before the moment. */
  | (CouponFacts & { readonly status: 'issued'; readonly claimableTo: Instant })
  /** In a customer's hands, free to use. */
  | (HeldCoupon & { readonly status: 'claimed' })
  /**
   * Bound to an order that is not paid yet; a lock taken in time outlives the window. With a `revocation` it is taken
   * back as soon as the order lets go of it.
   */
  | (HeldCoupon & {
      readonly status: 'locked'
      readonly orderId: string
      readonly lockedUntil: Instant
      readonly revocation: RevokeReason | null
    })
  /** Its order is paid. With a `revocation` it does not come back from a refund. */
  | (HeldCoupon & {
      readonly status: 'used'
      readonly orderId: string
      readonly usedAt: Instant
      readonly revocation: RevokeReason | null
    })
  /** Not used in time. */
  | (EndedCoupon & { readonly status: 'expired'; readonly expiredAt: Instant })
  /** Taken back by the shop. */
  | (EndedCoupon & { readonly status: 'revoked'; readonly reason: RevokeReason; readonly revokedAt: Instant })

/** What a coupon knows that is at its end; both members are null when nobody ever claimed it. */
export type EndedCoupon = CouponFacts & { readonly holderId: string | null; readonly claimedAt: Instant | null }

/** Why a coupon is taken back. */
export type RevokeReason = 'mistake' | 'abuse' | 'campaignEnded' | 'accountClosed'

/** What may be done with a coupon. */
export type CouponCommand =
  /** Makes the coupon. */
  | {
      readonly type: 'IssueCoupon'
      readonly couponId: string
      readonly offerId: string
      readonly campaignId: string | null
      readonly batchId: string | null
      readonly code: string | null
      readonly claimableTo: Instant
      readonly now: Instant
    }
  /** Puts it in a customer's hands; `validTo` comes from the offer's window and its span from the claim. */
  | {
      readonly type: 'ClaimCoupon'
      readonly accountId: string
      readonly validFrom: Instant
      readonly validTo: Instant
      readonly now: Instant
    }
  /** Binds it to an order; by the order that holds it already: for longer, where it asks for that, else changes nothing. */
  | { readonly type: 'LockCoupon'; readonly orderId: string; readonly lockedUntil: Instant; readonly now: Instant }
  /** The order is paid. */
  | { readonly type: 'UseCoupon'; readonly orderId: string; readonly now: Instant }
  /** The order will not be paid. */
  | { readonly type: 'ReleaseCoupon'; readonly orderId: string; readonly now: Instant }
  /** Everything it gave something off was refunded; `graceTo` gives a new end when the shop was at fault. */
  | { readonly type: 'ReturnCoupon'; readonly orderId: string; readonly graceTo: Instant | null; readonly now: Instant }
  /** Takes it back; one that an order holds, as soon as the order lets go of it. */
  | { readonly type: 'RevokeCoupon'; readonly reason: RevokeReason; readonly now: Instant }
  /** Its holder may be due to hear that it will end. */
  | { readonly type: 'RemindOfCoupon'; readonly now: Instant }
  /** Its time may be over. */
  | { readonly type: 'ExpireCoupon'; readonly now: Instant }

/** What became of a coupon. */
export type CouponEvent =
  | {
      readonly type: 'CouponIssued'
      readonly couponId: string
      readonly offerId: string
      readonly campaignId: string | null
      readonly batchId: string | null
      readonly code: string | null
      readonly claimableTo: Instant
      readonly at: Instant
    }
  | {
      readonly type: 'CouponClaimed'
      readonly couponId: string
      readonly offerId: string
      readonly holderId: string
      readonly validFrom: Instant
      readonly validTo: Instant
      readonly at: Instant
    }
  | {
      readonly type: 'CouponLocked'
      readonly couponId: string
      readonly orderId: string
      readonly lockedUntil: Instant
      readonly at: Instant
    }
  /** The order that holds it may be paid later than was thought. */
  | {
      readonly type: 'CouponLockProlonged'
      readonly couponId: string
      readonly orderId: string
      readonly lockedUntil: Instant
      readonly at: Instant
    }
  | { readonly type: 'CouponUsed'; readonly couponId: string; readonly orderId: string; readonly at: Instant }
  | { readonly type: 'CouponReleased'; readonly couponId: string; readonly orderId: string; readonly at: Instant }
  | {
      readonly type: 'CouponReturned'
      readonly couponId: string
      readonly orderId: string
      readonly validTo: Instant
      readonly at: Instant
    }
  | { readonly type: 'CouponRevoked'; readonly couponId: string; readonly reason: RevokeReason; readonly at: Instant }
  /** An order holds it; it will be revoked when the order lets go. */
  | { readonly type: 'RevocationNoted'; readonly couponId: string; readonly reason: RevokeReason; readonly at: Instant }
  | { readonly type: 'CouponReminded'; readonly couponId: string; readonly at: Instant }
  | { readonly type: 'CouponExpired'; readonly couponId: string; readonly at: Instant }

/** Why a coupon refuses. */
export type CouponError =
  /** It is not in a state in which this can be done. */
  | {
      readonly type: 'CouponNotReady'
      readonly couponId: string
      readonly status: Coupon['status'] | 'absent'
      readonly command: CouponCommand['type']
    }
  /** It is another order's. */
  | { readonly type: 'CouponHeldByOtherOrder'; readonly couponId: string }
  | { readonly type: 'CouponNotYetValid'; readonly couponId: string; readonly validFrom: Instant }
  | { readonly type: 'CouponNoLongerValid'; readonly couponId: string; readonly validTo: Instant }
