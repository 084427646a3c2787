import type { ResultAsync } from 'neverthrow'
import { messagePreferences } from '../notify/preference.schema.js'
import { expectRow } from '../shared/commit.js'
import type { CorePorts } from '../shared/ports.js'
import { counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { checkIssuer } from './issue-coupons.js'
import type { GrantCouponInput } from './issue-coupons.schema.js'
import { parseGrantCoupon } from './issue-coupons.schema.js'
import { couponIssues, customerCounterId } from './limits.js'
import { countClaim, countIssues, findCouponOffer, makeClaimed } from './make-coupon.js'
import { offerBookId, offerBooks } from './offer.schema.js'
import type { CouponClaimError } from './promotion-errors.js'
import { tellCouponGiven } from './tell-coupon.js'

/** A coupon in a customer's hands. */
export type ClaimedCouponAnswer = {
  readonly couponId: string
  readonly offerId: string
  readonly validFrom: number
  readonly validTo: number
}

/**
 * Gives a customer a coupon, within the limits of its offer, and tells them of it. A merchant gives those of its own offers.
 *
 * @errors OfferUnknown, OfferHasNoCoupons, OfferEnded, CouponsExhausted, ClaimLimitReached, CommandError
 */
export const grantCoupon = (
  ports: CorePorts,
  context: CommandContext,
  input: GrantCouponInput,
): ResultAsync<ClaimedCouponAnswer, CouponClaimError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'promotions.grantCoupon',
    parse: parseGrantCoupon,
    plan: ({ input }) => ({
      book: row(offerBooks, offerBookId),
      issues: counters(couponIssues, [input.offerId, customerCounterId(input.offerId, input.accountId)]),
      preference: row(messagePreferences, input.accountId),
    }),
    decide: ({ book, issues, preference }, { input: { offerId, accountId }, actor, now }) =>
      findCouponOffer(book?.state, offerId, now)
        .andThen((offer) => checkIssuer(actor, offer))
        .andThen((offer) =>
          countIssues(offer, issues, 1)
            .andThen((issued) => countClaim(offer, issues, accountId).map((claimed) => [issued, claimed]))
            .andThen((counted) =>
              makeClaimed(offer, { couponId: ports.ids.next('cpn'), accountId, now }).map(({ coupon, change }) => ({
                changes: [
                  change,
                  ...counted,
                  ...tellCouponGiven(offer, coupon, preference, now),
                  ...(book === undefined ? [] : [expectRow(offerBooks, book)]),
                ],
                answer: { couponId: coupon.couponId, offerId, validFrom: coupon.validFrom, validTo: coupon.validTo },
              })),
            ),
        ),
  })
