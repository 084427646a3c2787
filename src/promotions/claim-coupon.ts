import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Actor, Denied } from '../shared/actor.js'
import { type Change, expectRow } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts, CryptoUnavailable } from '../shared/ports.js'
import { type Asked, claims, counters, known, row, rows, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { type ClaimCouponInput, parseClaimCoupon } from './claim-coupon.schema.js'
import { coupons } from './coupon.collection.schema.js'
import type { Coupon, HeldCoupon } from './coupon.js'
import { couponCodeSpace, isCodeKey, toCodeKey } from './coupon-code.js'
import { couponMachine } from './coupon-machine.js'
import { checkCouponQr, type QrError, readCouponQr, type ScannedCode } from './coupon-qr.js'
import type { ClaimedCouponAnswer } from './grant-coupon.js'
import { couponIssues, customerCounterId } from './limits.js'
import {
  countClaim,
  countIssues,
  findCouponOffer,
  isForLevel,
  makeClaimed,
  toClaimed,
  validityOf,
} from './make-coupon.js'
import type { OfferBook } from './offer.js'
import { offerBookId, offerBooks } from './offer.schema.js'
import type { CouponClaimError, CouponCodeMistyped } from './promotion-errors.js'

const action = 'promotions.claimCoupon'

/** The level of a member, and what relies on it. */
export type MemberLevel = { readonly levelId: string | null; readonly relied: readonly Change[] }

/** What claiming needs of the world; without a programme of members nobody has a level. */
export type ClaimCouponPorts = CorePorts & {
  readonly askMemberLevel?: (accountId: string, now: Instant) => Asked<MemberLevel>
}

const noLevel: MemberLevel = { levelId: null, relied: [] }

/**
 * Puts a coupon into the hands of the customer who asks. A code that the same customer has claimed before gives the same
 * coupon again; one that somebody else has claimed is unknown.
 *
 * @errors OfferUnknown, OfferHasNoCoupons, OfferEnded, CouponsExhausted, ClaimLimitReached, CouponNeedsCode,
 *   CouponNeedsLevel, CouponCodeMistyped, CouponCodeUnknown, QrUnknown, QrVersionUnknown, QrNotGenuine, CouponNoLongerValid,
 *   CommandError
 */
export const claimCoupon = (
  ports: ClaimCouponPorts,
  context: CommandContext,
  input: ClaimCouponInput,
): ResultAsync<ClaimedCouponAnswer, CouponClaimError | CommandError> =>
  runCommand(ports, context, input, {
    action,
    parse: parseClaimCoupon,
    plan: ({ input, actor, now }) => {
      const accountId = accountOf(actor) ?? ''
      const book = row(offerBooks, offerBookId)
      const nobody = known<ReadonlyMap<string, string>>(new Map())
      const nothing = known<readonly Stored<Coupon>[]>([])
      if (input.by === 'click') {
        const ids = [input.offerId, customerCounterId(input.offerId, accountId)]
        const member = ports.askMemberLevel?.(accountId, now) ?? known(noLevel)
        return { book, owner: nobody, found: nothing, issues: counters(couponIssues, ids), member }
      }
      const member = known(noLevel)
      return scan(input).match(
        ({ key }) => ({
          book,
          owner: claims(couponCodeSpace, [key]),
          found: rows(coupons, { from: 'owner', path: '' }),
          issues: counters(couponIssues, { from: 'found', path: 'offerId', suffix: `@${accountId}` }),
          member,
        }),
        // What cannot be a code is looked for nowhere.
        () => ({ book, owner: nobody, found: nothing, issues: known<ReadonlyMap<string, number>>(new Map()), member }),
      )
    },
    decide: ({ book, found, issues, member }, { input, actor, now }) => {
      const accountId = accountOf(actor)
      if (accountId === undefined) return errAsync<never, ClaimFailure>({ type: 'Denied', action })
      const facts = { book, issues, accountId, now }
      if (input.by === 'click') {
        return claimByClick({ ...facts, member }, input.offerId, ports.ids.next('cpn')).asyncAndThen((decision) =>
          okAsync(decision),
        )
      }
      return scan(input)
        .asyncAndThen((scanned) => checkCouponQr(ports, scanned))
        .andThen(() => claimByCode(facts, found[0]))
    },
  })

type ClaimFailure = CouponClaimError | Denied | CryptoUnavailable

const scan = (input: Exclude<ClaimCouponInput, { by: 'click' }>): Result<ScannedCode, QrError | CouponCodeMistyped> => {
  const scanned: Result<ScannedCode, QrError | CouponCodeMistyped> =
    input.by === 'qr' ? readCouponQr(input.content) : ok({ key: toCodeKey(input.code), seal: null })
  return scanned.andThen((code): typeof scanned => {
    if (isCodeKey(code.key)) return ok(code)
    // Nobody types a sealed code: it was changed.
    return err({ type: code.seal === null ? 'CouponCodeMistyped' : 'QrNotGenuine' })
  })
}

type ClaimFacts = {
  readonly book: Stored<OfferBook> | undefined
  readonly issues: ReadonlyMap<string, number>
  readonly accountId: string
  readonly now: Instant
}

type Claimed = Result<Decision<ClaimedCouponAnswer>, CouponClaimError>

const claimByClick = (
  { book, issues, accountId, now, member }: ClaimFacts & { readonly member: MemberLevel },
  offerId: string,
  couponId: string,
): Claimed =>
  findCouponOffer(book?.state, offerId, now)
    .andThen((offer) =>
      offer.form.claimable ? ok(offer) : err<never, CouponClaimError>({ type: 'CouponNeedsCode', offerId }),
    )
    .andThen((offer) => {
      const levels = offer.audience?.levels
      return isForLevel(offer, member.levelId) || levels === undefined
        ? ok(offer)
        : err<never, CouponClaimError>({ type: 'CouponNeedsLevel', offerId, levels })
    })
    .andThen((offer) =>
      // What the customer may still have is looked at first: an offer that has run out is no news to who has theirs.
      countClaim(offer, issues, accountId)
        .andThen((claimed) => countIssues(offer, issues, 1).map((issued) => [claimed, issued]))
        .andThen((counted) =>
          makeClaimed(offer, { couponId, accountId, now }).map(({ coupon, change }) => ({
            changes: [
              change,
              ...counted,
              ...expected(book),
              ...(offer.audience?.levels === undefined ? [] : member.relied),
            ],
            answer: answerOf(coupon),
          })),
        ),
    )

const claimByCode = ({ book, issues, accountId, now }: ClaimFacts, found: Stored<Coupon> | undefined): Claimed => {
  if (found === undefined) return err({ type: 'CouponCodeUnknown' })
  const { state } = found
  switch (state.status) {
    case 'claimed':
    case 'locked':
    case 'used':
      return state.holderId === accountId
        ? ok({ changes: [], answer: answerOf(state) })
        : err({ type: 'CouponCodeUnknown' })
    case 'expired':
    case 'revoked':
      return err({ type: 'CouponCodeUnknown' })
    case 'issued':
  }
  return findCouponOffer(book?.state, state.offerId, now).andThen((offer) =>
    countClaim(offer, issues, accountId).andThen((counted) =>
      decideNext(couponMachine, state, { type: 'ClaimCoupon', accountId, ...validityOf(offer, now), now })
        .andThen((decided) => toClaimed(decided.state, found.version, decided.events))
        .map(({ coupon, change }) => ({
          changes: [change, counted, ...expected(book)],
          answer: answerOf(coupon),
        })),
    ),
  )
}

const expected = (book: Stored<OfferBook> | undefined): readonly Change[] =>
  book === undefined ? [] : [expectRow(offerBooks, book)]

const answerOf = (coupon: HeldCoupon): ClaimedCouponAnswer => ({
  couponId: coupon.couponId,
  offerId: coupon.offerId,
  validFrom: coupon.validFrom,
  validTo: coupon.validTo,
})

const accountOf = (actor: Actor): string | undefined => (actor.kind === 'customer' ? actor.accountId : undefined)
