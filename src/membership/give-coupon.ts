import type { Result } from 'neverthrow'
import { countIssues, findCouponOffer, makeClaimed } from '../promotions/make-coupon.js'
import type { OfferBook } from '../promotions/offer.js'
import { offerBooks } from '../promotions/offer.schema.js'
import type { CouponClaimError } from '../promotions/promotion-errors.js'
import { type Change, expectRow } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'

/** What coupons are made of. */
export type CouponSource = {
  readonly offers: Stored<OfferBook> | undefined
  /** Coupons that the offers have left. */
  readonly issues: ReadonlyMap<string, number>
}

/** A coupon that is given, and what that changes. */
export type GivenCoupon = { readonly couponId: string; readonly changes: readonly Change[] }

/**
 * Gives a customer a coupon of an offer, however many they have had; the programme says how often.
 *
 * @errors OfferUnknown, OfferHasNoCoupons, OfferEnded, CouponsExhausted, CouponError
 */
export const giveCoupon = (
  { offers, issues }: CouponSource,
  given: { readonly offerId: string; readonly couponId: string; readonly accountId: string; readonly now: Instant },
): Result<GivenCoupon, CouponClaimError> =>
  findCouponOffer(offers?.state, given.offerId, given.now).andThen((offer) =>
    countIssues(offer, issues, 1).andThen((counted) =>
      makeClaimed(offer, given).map(({ coupon, change }) => ({
        couponId: coupon.couponId,
        changes: [change, counted],
      })),
    ),
  )

/** Relies on the offers that coupons were made of. */
export const expectOffers = ({ offers }: CouponSource): readonly Change[] =>
  offers === undefined ? [] : [expectRow(offerBooks, offers)]
