import { ok, type Result, safeTry } from 'neverthrow'
import type { Change } from '../shared/commit.js'
import { type CouponSource, giveCoupon } from './give-coupon.js'
import { draftMember, draftMemberPoints, type MemberDraft } from './member-draft.js'
import type { ClaimBenefitError } from './membership-errors.js'
import type { MemberBenefit } from './membership-terms.js'
import { pointsExpiry } from './points-expiry.js'

/** A benefit that is given. */
export type DraftedBenefit = {
  readonly couponIds: readonly string[]
  /** What the offers have left after it. */
  readonly source: CouponSource
}

/**
 * Gives a member a benefit: its points and every coupon of it, or nothing of it at all. Where coupons are given the
 * draft has to rely on the offers (`expectOffers`).
 *
 * @param period - the one it is given for
 * @errors BenefitTaken, CouponClaimError, PointsError
 */
export const draftBenefit = (
  draft: MemberDraft,
  benefit: MemberBenefit,
  given: { readonly period: string; readonly source: CouponSource; readonly nextCouponId: () => string },
): Result<DraftedBenefit, ClaimBenefitError> =>
  safeTry(function* () {
    const { accountId, at: now, terms } = draft
    const { benefitId, points } = benefit
    const { period } = given
    // The coupons come first: they may be refused, and a draft cannot be taken back.
    let { source } = given
    const changes: Change[] = []
    const couponIds: string[] = []
    for (const offerId of benefit.couponOfferIds) {
      const coupon = yield* giveCoupon(source, { offerId, couponId: given.nextCouponId(), accountId, now })
      changes.push(...coupon.changes)
      couponIds.push(coupon.couponId)
      source = { ...source, issues: new Map([...source.issues, [offerId, (source.issues.get(offerId) ?? 0) - 1]]) }
    }
    yield* draftMember(draft, { type: 'TakeBenefit', benefitId, period, now })
    draft.further.push(...changes)
    if (points > 0) {
      yield* draftMemberPoints(draft, {
        type: 'GrantPoints',
        accountId,
        grantId: `benefit:${benefitId}:${period}`,
        source: benefit.occasion.kind === 'birthday' ? 'birthday' : 'welcome',
        points,
        activatesAt: null,
        expiresAt: pointsExpiry(now, terms.pointsMonths, terms.levels.timeZone),
        now,
      })
    }
    return ok({ couponIds, source })
  })
