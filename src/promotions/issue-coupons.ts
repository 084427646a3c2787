import { ok, type ResultAsync } from 'neverthrow'
import { type Change, claim, expectRow, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { CorePorts } from '../shared/ports.js'
import { counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { coupons } from './coupon.collection.schema.js'
import { couponCodeSpace, newCouponCode, toCodeKey } from './coupon-code.js'
import { couponMachine } from './coupon-machine.js'
import { parseIssueCoupons } from './issue-coupons.schema.js'
import { couponIssues } from './limits.js'
import { campaignOf, countIssues, endOf, findCouponOffer } from './make-coupon.js'
import { offerBookId, offerBooks } from './offer.schema.js'
import type { CouponClaimError } from './promotion-errors.js'

/** A batch of coupons to be given out by code. */
export type IssueCouponsInput = {
  readonly offerId: string
  readonly count: number
}

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
              const changes: Change[] = [counted, ...(book === undefined ? [] : [expectRow(offerBooks, book)])]
              const made: { couponId: string; code: string }[] = []
              for (let index = 0; index < input.count; index += 1) {
                const couponId = ports.ids.next('cpn')
                const code = newCouponCode(ports.ids)
                const facts = { couponId, offerId: offer.offerId, campaignId: campaignOf(offer), code: toCodeKey(code) }
                const issue = { type: 'IssueCoupon', ...facts, claimableTo: endOf(offer), now } as const
                const decided = decideNext(couponMachine, couponMachine.initial, issue).map(({ state, events }) => {
                  if (state.status === 'absent') return
                  changes.push(put(coupons, { id: couponId, version: 0, state, events }))
                  changes.push(claim({ space: couponCodeSpace, key: toCodeKey(code), owner: couponId }))
                  made.push({ couponId, code })
                })
                if (decided.isErr())
                  return decided.map(() => ({ changes, answer: { offerId: offer.offerId, coupons: made } }))
              }
              return ok({ changes, answer: { offerId: offer.offerId, coupons: made } })
            }),
        ),
  })
