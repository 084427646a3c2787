import { ok, type ResultAsync } from 'neverthrow'
import { actorName } from '../shared/actor.js'
import { book } from '../shared/books.js'
import { compareCodePoints } from '../shared/json.js'
import type { CorePorts } from '../shared/ports.js'
import { type Condition, find, known, type Stored, type TimedPageEnd } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { coupons } from './coupon.collection.schema.js'
import type { Coupon } from './coupon.js'
import type { ListCouponsInput } from './list-coupons.schema.js'
import { parseListCoupons } from './list-coupons.schema.js'
import { offerBookId, offerBooks } from './offer.schema.js'
import { askOfferCategories, categoryNames } from './offer-categories.js'
import { type OfferRules, offerRules } from './offer-words.js'
import { type ShownOffer, showOffer } from './shown-offer.js'

/** A coupon one holds, with what it gives. */
export type OwnCoupon = {
  readonly couponId: string
  readonly offerId: string
  /** `expired` as soon as its time is over, whether or not a sweep has come by. */
  readonly status: Coupon['status']
  readonly validFrom: number
  /** Of one that ended before its time: the moment it did. */
  readonly validTo: number
  /** Null when it is in the book no longer. */
  readonly offer: ShownOffer | null
  /** What it gives, to whom, on what, when and with what else, in words; null where the offer is. */
  readonly rules: OfferRules | null
}

/** A page of one's coupons, the newest first. */
export type OwnCoupons = {
  readonly coupons: readonly OwnCoupon[]
  /** Where the next page begins; null at the end. */
  readonly next: TimedPageEnd | null
}

/**
 * Lists the coupons of the customer who asks.
 *
 * @errors QueryError
 */
export const listCoupons = (
  ports: CorePorts,
  context: QueryContext,
  input: ListCouponsInput,
): ResultAsync<OwnCoupons, QueryError> =>
  runQuery(ports, context, input, {
    action: 'promotions.listCoupons',
    parse: parseListCoupons,
    plan: ({ input, actor, now }) => {
      const holderId = actor.kind === 'customer' ? actor.accountId : actorName(actor)
      const held = (...where: readonly Condition[]) =>
        find(coupons, {
          where: [{ field: 'holderId', is: 'eq', value: holderId }, ...where],
          orderBy: { field: 'claimedAt', direction: 'descending' },
          limit: input.limit + 1,
          ...(input.after === undefined ? {} : { after: input.after }),
        })
      const status = (value: Coupon['status']): Condition => ({ field: 'status', is: 'eq', value })
      const offers = book(ports.books, offerBooks, offerBookId, now)
      return {
        book: offers,
        ...askOfferCategories(offers, 'book'),
        // A claimed one whose time is over is shown as expired, before a sweep has come by.
        held:
          input.status === undefined
            ? held()
            : input.status === 'claimed'
              ? held(status('claimed'), { field: 'validTo', is: 'gt', value: now })
              : held(status(input.status)),
        over:
          input.status === 'expired'
            ? held(status('claimed'), { field: 'validTo', is: 'lte', value: now })
            : known<readonly Stored<Coupon>[]>([]),
      }
    },
    answer: ({ book: offers, held: asStored, over, ...found }, { input, now }) => {
      const held = over.length === 0 ? asStored : [...asStored, ...over].sort(newestFirst)
      const categories = categoryNames(found)
      const page = held.slice(0, input.limit).map(({ state }) => state)
      const last = page.at(-1)
      return ok({
        coupons: page.map((coupon) => {
          const offer = offers?.state.offers.find((each) => each.offerId === coupon.offerId) ?? null
          return {
            couponId: coupon.couponId,
            offerId: coupon.offerId,
            status: coupon.status === 'claimed' && now >= coupon.validTo ? 'expired' : coupon.status,
            ...validityIn(coupon),
            offer: offer === null ? null : showOffer(offer),
            rules: offer === null ? null : offerRules(offer, { categories }),
          }
        }),
        next:
          held.length > input.limit && last !== undefined && 'claimedAt' in last
            ? { value: last.claimedAt ?? 0, id: last.couponId }
            : null,
      })
    },
  })

const newestFirst = (one: Stored<Coupon>, other: Stored<Coupon>): number =>
  claimedAtOf(other) - claimedAtOf(one) || compareCodePoints(other.id, one.id)

const claimedAtOf = ({ state }: Stored<Coupon>): number => ('claimedAt' in state ? (state.claimedAt ?? 0) : 0)

/** From when to when a coupon holds, or held until it came to its end. */
const validityIn = (coupon: Coupon): { readonly validFrom: number; readonly validTo: number } => {
  switch (coupon.status) {
    case 'issued':
      return { validFrom: coupon.issuedAt, validTo: coupon.claimableTo }
    case 'claimed':
    case 'locked':
    case 'used':
      return { validFrom: coupon.validFrom, validTo: coupon.validTo }
    case 'expired':
      return { validFrom: coupon.claimedAt ?? coupon.issuedAt, validTo: coupon.expiredAt }
    case 'revoked':
      return { validFrom: coupon.claimedAt ?? coupon.issuedAt, validTo: coupon.revokedAt }
  }
}
