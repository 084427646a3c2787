import { err, ok, type Result } from 'neverthrow'
import { adjust, type Change, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import { coupons } from './coupon.collection.schema.js'
import type { Coupon, CouponError } from './coupon.js'
import { type CouponState, couponMachine } from './coupon-machine.js'
import { couponIssues, customerCounterId, leftOf } from './limits.js'
import type { Offer, OfferBook, OfferForm } from './offer.js'
import type {
  ClaimLimitReached,
  CouponsExhausted,
  OfferEnded,
  OfferHasNoCoupons,
  OfferUnknown,
} from './promotion-errors.js'

/** An offer of which coupons can be made. */
export type CouponOffer = Offer & { readonly form: Extract<OfferForm, { kind: 'coupon' }> }

/**
 * Finds the offer that coupons are to be made of.
 *
 * @errors OfferUnknown, OfferHasNoCoupons, OfferEnded
 */
export const findCouponOffer = (
  book: OfferBook | undefined,
  offerId: string,
  now: Instant,
): Result<CouponOffer, OfferUnknown | OfferHasNoCoupons | OfferEnded> => {
  const offer = book?.offers.find((each) => each.offerId === offerId)
  if (offer === undefined) return err({ type: 'OfferUnknown', offerId })
  const { form } = offer
  if (form.kind === 'promotion') return err({ type: 'OfferHasNoCoupons', offerId })
  if (now >= endOf(offer)) return err({ type: 'OfferEnded', offerId })
  return ok({ ...offer, form })
}

/** Whether an offer is for who has a level, or for everybody. */
export const isForLevel = ({ audience }: Offer, levelId: string | null): boolean =>
  audience?.levels === undefined || (levelId !== null && audience.levels.includes(levelId))

/** The end of an offer's window. */
export const endOf = (offer: Offer): Instant => offer.window.to ?? Number.MAX_SAFE_INTEGER

/**
 * From when to when a coupon holds that is claimed now: the offer's window, cut to the span from the claim; claimed before
 * the window, to the span from its beginning.
 */
export const validityOf = (
  offer: CouponOffer,
  now: Instant,
): { readonly validFrom: Instant; readonly validTo: Instant } => {
  const { validMs } = offer.form
  const validFrom = offer.window.from ?? now
  const spanTo = validMs === undefined ? Number.MAX_SAFE_INTEGER : Math.max(now, validFrom) + validMs
  return { validFrom, validTo: Math.min(endOf(offer), spanTo) }
}

/** The campaign that an offer belongs to, if any. */
export const campaignOf = (offer: Offer): string | null =>
  offer.issuer.kind === 'campaign' ? offer.issuer.campaignId : null

/**
 * Counts coupons that are made.
 *
 * @errors CouponsExhausted
 */
export const countIssues = (
  offer: CouponOffer,
  counted: ReadonlyMap<string, number>,
  count: number,
): Result<Change, CouponsExhausted> => {
  const left = leftOf(offer.form.issues, counted.get(offer.offerId))
  if (left < count) return err({ type: 'CouponsExhausted', offerId: offer.offerId, left })
  return ok(adjust(couponIssues, { id: offer.offerId, by: -count, floor: -offer.form.issues }))
}

/**
 * Counts a coupon that comes into a customer's hands.
 *
 * @errors ClaimLimitReached
 */
export const countClaim = (
  offer: CouponOffer,
  counted: ReadonlyMap<string, number>,
  accountId: string,
): Result<Change, ClaimLimitReached> => {
  const id = customerCounterId(offer.offerId, accountId)
  const limit = offer.form.claimsPerCustomer
  if (leftOf(limit, counted.get(id)) < 1) return err({ type: 'ClaimLimitReached', offerId: offer.offerId, limit })
  return ok(adjust(couponIssues, { id, by: -1, floor: -limit }))
}

/** A coupon that came into a customer's hands, and what that changes. */
export type ClaimedCoupon = {
  readonly coupon: Extract<Coupon, { status: 'claimed' }>
  readonly change: Change
}

/**
 * Makes a coupon and puts it into a customer's hands at once.
 *
 * @errors CouponError
 */
export const makeClaimed = (
  offer: CouponOffer,
  given: { readonly couponId: string; readonly accountId: string; readonly now: Instant },
): Result<ClaimedCoupon, CouponError> => {
  const { couponId, accountId, now } = given
  const issue = {
    type: 'IssueCoupon',
    couponId,
    offerId: offer.offerId,
    campaignId: campaignOf(offer),
    batchId: null,
    code: null,
    claimableTo: endOf(offer),
    now,
  } as const
  return decideNext(couponMachine, couponMachine.initial, issue).andThen((issued) =>
    decideNext(couponMachine, issued.state, { type: 'ClaimCoupon', accountId, ...validityOf(offer, now), now }).andThen(
      ({ state, events }) => toClaimed(state, 0, [...issued.events, ...events]),
    ),
  )
}

/** The change that writes a claimed coupon. */
export const toClaimed = (
  state: CouponState,
  version: number,
  events: readonly { readonly type: string }[],
): Result<ClaimedCoupon, CouponError> =>
  state.status === 'claimed'
    ? ok({ coupon: state, change: put(coupons, { id: state.couponId, version, state, events }) })
    : err({ type: 'CouponNotReady', couponId: '', status: state.status, command: 'ClaimCoupon' })
