import { err, ok, type Result, ResultAsync } from 'neverthrow'
import type { Actor } from '../shared/actor.js'
import { type Change, claim, expectRow, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts, CryptoUnavailable } from '../shared/ports.js'
import { claims, counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { coupons } from './coupon.collection.schema.js'
import type { CouponError } from './coupon.js'
import { couponCodeSpace, newCouponCode, toCodeKey } from './coupon-code.js'
import { type CouponState, couponMachine } from './coupon-machine.js'
import { couponQrOf } from './coupon-qr.js'
import type { IssueCouponsInput } from './issue-coupons.schema.js'
import { parseIssueCoupons } from './issue-coupons.schema.js'
import { couponIssues } from './limits.js'
import { type CouponOffer, campaignOf, countIssues, endOf, findCouponOffer } from './make-coupon.js'
import { offerBookId, offerBooks } from './offer.schema.js'
import type { CouponClaimError, OfferUnknown } from './promotion-errors.js'

/** Coupons with the codes that claim them; the codes are told this once. */
export type IssuedCoupons = {
  readonly offerId: string
  /** Names the batch, for more of it and for taking it back. */
  readonly batchId: string
  readonly coupons: readonly IssuedCoupon[]
}

/** A coupon with its code, and what a QR image of it says. */
export type IssuedCoupon = { readonly couponId: string; readonly code: string; readonly qr: string }

/**
 * Makes a batch of coupons, each with a code nobody can guess; all of them or none. A merchant makes those of its own
 * offers. A batch is of one offer, to which later turns may add.
 *
 * @errors OfferUnknown, OfferHasNoCoupons, OfferEnded, BatchOfOtherOffer, CouponsExhausted, CommandError; AlreadyDone on a repeated key
 */
export const issueCoupons = (
  ports: CorePorts,
  context: CommandContext,
  input: IssueCouponsInput,
): ResultAsync<IssuedCoupons, CouponClaimError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'promotions.issueCoupons',
    parse: parseIssueCoupons,
    secret: true,
    plan: ({ input }) => ({
      book: row(offerBooks, offerBookId),
      issues: counters(couponIssues, [input.offerId]),
      batch: claims(batchSpace, input.batchId === undefined ? [] : [input.batchId]),
    }),
    decide: ({ book, issues, batch }, { input, actor, now }) =>
      findCouponOffer(book?.state, input.offerId, now)
        .andThen((offer) => checkIssuer(actor, offer))
        .andThen((offer) => checkBatch(offer, input.batchId, batch))
        .andThen((offer) => countIssues(offer, issues, input.count).map((counted) => ({ offer, counted })))
        .asyncAndThen(({ offer, counted }) => {
          const batchId = input.batchId ?? ports.ids.next('bat')
          const codes = Array.from({ length: input.count }, () => newCouponCode(ports.ids, input.prefix ?? ''))
          const making = codes.map((code) =>
            makeIssued(ports, offer, { couponId: ports.ids.next('cpn'), batchId, code, now }),
          )
          return ResultAsync.combine(making).map((made) => ({
            changes: [
              counted,
              ...(batch.has(batchId) ? [] : [claim({ space: batchSpace, key: batchId, owner: offer.offerId })]),
              ...(book === undefined ? [] : [expectRow(offerBooks, book)]),
              ...made.flatMap((each) => each.changes),
            ],
            answer: { offerId: offer.offerId, batchId, coupons: made.map((each) => each.coupon) },
          }))
        }),
  })

/** The space of batches: each is of the offer that its first coupons were made of. */
const batchSpace = 'couponBatch'

const checkBatch = (
  offer: CouponOffer,
  batchId: string | undefined,
  batch: ReadonlyMap<string, string>,
): Result<CouponOffer, CouponClaimError> => {
  const owner = batchId === undefined ? undefined : batch.get(batchId)
  return batchId === undefined || owner === undefined || owner === offer.offerId
    ? ok(offer)
    : err({ type: 'BatchOfOtherOffer', batchId })
}

/** A merchant reaches its own offers only; those of others are as if absent. */
export const checkIssuer = (actor: Actor, offer: CouponOffer): Result<CouponOffer, OfferUnknown> => {
  const { issuer, offerId } = offer
  if (actor.kind !== 'merchant') return ok(offer)
  return issuer.kind === 'merchant' && issuer.merchantId === actor.merchantId
    ? ok(offer)
    : err({ type: 'OfferUnknown', offerId })
}

type Made = { readonly coupon: IssuedCoupon; readonly changes: readonly Change[] }

const makeIssued = (
  ports: CorePorts,
  offer: CouponOffer,
  given: { readonly couponId: string; readonly batchId: string; readonly code: string; readonly now: Instant },
): ResultAsync<Made, CouponError | CryptoUnavailable> => {
  const { couponId, batchId, code, now } = given
  const key = toCodeKey(code)
  const facts = { couponId, offerId: offer.offerId, campaignId: campaignOf(offer), batchId, code: key }
  const issue = { type: 'IssueCoupon', ...facts, claimableTo: endOf(offer), now } as const
  return decideNext(couponMachine, couponMachine.initial, issue).asyncAndThen(({ state, events }) =>
    couponQrOf(ports, code).map((qr) => ({
      coupon: { couponId, code, qr },
      changes: [
        put<CouponState>(coupons, { id: couponId, version: 0, state, events }),
        claim({ space: couponCodeSpace, key, owner: couponId }),
      ],
    })),
  )
}
