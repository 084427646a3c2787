import { Result, type ResultAsync } from 'neverthrow'
import { type Change, claim, expectRow, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { coupons } from './coupon.collection.schema.js'
import type { CouponError } from './coupon.js'
import { couponCodeSpace, newCouponCode, toCodeKey } from './coupon-code.js'
import { type CouponState, couponMachine } from './coupon-machine.js'
import { parseIssueCoupons } from './issue-coupons.schema.js'
import { couponIssues } from './limits.js'
import { type CouponOffer, campaignOf, countIssues, endOf, findCouponOffer } from './make-coupon.js'
import { offerBookId, offerBooks } from './offer.schema.js'
import type { CouponClaimError } from './promotion-errors.js'

/** Coupons with the codes that claim them; the codes are told this once. */
export type IssuedCoupons = {
  readonly offerId: string
  readonly coupons: readonly { readonly couponId: string; readonly code: string }[]
}

/**
 * Makes a batch of coupons, each with a code nobody can guess; all of them or none.
 *
 * @errors OfferUnknown, OfferHasNoCoupons, OfferEnded, CouponsExhausted, CommandError; AlreadyDone on a repeated key
 */
export const issueCoupons = (
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<IssuedCoupons, CouponClaimError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'promotions.issueCoupons',
    parse: parseIssueCoupons,
    secret: true,
    plan: ({ input }) => ({
      book: row(offerBooks, offerBookId),
      issues: counters(couponIssues, [input.offerId]),
    }),
    decide: ({ book, issues }, { input, now }) =>
      findCouponOffer(book?.state, input.offerId, now)
        .mapErr((error): CouponClaimError => error)
        .andThen((offer) =>
          countIssues(offer, issues, input.count)
            .mapErr((error): CouponClaimError => error)
            .andThen((counted) => {
              const codes = Array.from({ length: input.count }, () => newCouponCode(ports.ids))
              return Result.combine(codes.map((code) => makeIssued(offer, ports.ids.next('cpn'), code, now))).map(
                (made) => ({
                  changes: [
                    counted,
                    ...(book === undefined ? [] : [expectRow(offerBooks, book)]),
                    ...made.flatMap((each) => each.changes),
                  ],
                  answer: {
                    offerId: offer.offerId,
                    coupons: made.map(({ couponId, code }) => ({ couponId, code })),
                  },
                }),
              )
            }),
        ),
  })

const makeIssued = (
  offer: CouponOffer,
  couponId: string,
  code: string,
  now: Instant,
): Result<{ readonly couponId: string; readonly code: string; readonly changes: readonly Change[] }, CouponError> => {
  const key = toCodeKey(code)
  const facts = { couponId, offerId: offer.offerId, campaignId: campaignOf(offer), code: key }
  const issue = { type: 'IssueCoupon', ...facts, claimableTo: endOf(offer), now } as const
  return decideNext(couponMachine, couponMachine.initial, issue).map(({ state, events }) => ({
    couponId,
    code,
    changes: [
      put<CouponState>(coupons, { id: couponId, version: 0, state, events }),
      claim({ space: couponCodeSpace, key, owner: couponId }),
    ],
  }))
}
