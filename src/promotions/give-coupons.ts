import { ok, type Result } from 'neverthrow'
import type { MessagePreference } from '../notify/preference.js'
import { messagePreferences } from '../notify/preference.schema.js'
import { isGuestOwner } from '../shared/actor.js'
import { type Change, claim, expectRow } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { OutboxEvent } from '../shared/events.js'
import type { Instant } from '../shared/instant.js'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import { claims, counters, row, type Stored } from '../shared/read-plan.js'
import { isOccasion, occasionEvents } from './coupon-occasion.js'
import { couponIssues, firstGivenSpace, firstPaidSpace } from './limits.js'
import { type CouponOffer, countClaim, countIssues, findCouponOffer, makeClaimed } from './make-coupon.js'
import type { Offer } from './offer.js'
import { offerBookId, offerBooks } from './offer.schema.js'
import type { CouponClaimError } from './promotion-errors.js'
import { tellCouponGiven } from './tell-coupon.js'

const name = 'promotions.giveCoupons'

/**
 * Gives the coupons whose offers name what happened as their occasion, each within its limits, and tells the customer,
 * all in one commit: a second delivery of the event gives nothing.
 */
export const giveCoupons: Reaction = {
  name,
  listensTo: occasionEvents,
  react: (ports, event) => {
    const accountId = accountOf(event)
    const checkoutId = checkoutOf(event)
    return reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({
          book: row(offerBooks, offerBookId),
          left: counters(couponIssues, { from: 'book', path: 'givenOfferIds.*' }),
          leftForCustomer: counters(couponIssues, { from: 'book', path: 'givenOfferIds.*', suffix: `@${accountId}` }),
          firstPaid: claims(firstPaidSpace, event.collection === 'order' ? [checkoutId] : []),
          firstGiven: claims(firstGivenSpace, { from: 'book', path: 'givenOfferIds.*', prefix: `${checkoutId}/` }),
          preference: row(messagePreferences, accountId),
        }),
        decide: ({ book, left, leftForCustomer, firstPaid, firstGiven, preference }, { now }) => {
          if (accountId === '' || isGuestOwner(accountId) || book === undefined)
            return ok<Decision<void>, never>({ changes: [], answer: undefined })
          const isFirst = (offerId: string) =>
            firstPaid.get(checkoutId) === accountId && !firstGiven.has(`${checkoutId}/${offerId}`)
          const changes = book.state.offers
            .filter((offer) => isGivenFor(offer, event, isFirst(offer.offerId)))
            .flatMap((given) =>
              findCouponOffer(book.state, given.offerId, now)
                .andThen((offer) =>
                  giveOne(offer, {
                    // An order of a divided checkout brings what a first order does once for all of them.
                    noted:
                      checkoutId === event.rowId || isGivenFor(given, event, false)
                        ? []
                        : [
                            claim({
                              space: firstGivenSpace,
                              key: `${checkoutId}/${given.offerId}`,
                              owner: event.rowId,
                            }),
                          ],
                    left,
                    leftForCustomer,
                    preference,
                    couponId: ports.ids.next('cpn'),
                    accountId,
                    now,
                  }),
                )
                // What has run out, or what the customer has had, is not given; that is no failure of the event.
                .unwrapOr([]),
            )
          return ok({
            changes: changes.length === 0 ? [] : [...changes, expectRow(offerBooks, book)],
            answer: undefined,
          })
        },
      },
    )
  },
}

const giveOne = (
  offer: CouponOffer,
  given: {
    readonly noted: readonly Change[]
    readonly left: ReadonlyMap<string, number>
    readonly leftForCustomer: ReadonlyMap<string, number>
    readonly preference: Stored<MessagePreference> | undefined
    readonly couponId: string
    readonly accountId: string
    readonly now: Instant
  },
): Result<readonly Change[], CouponClaimError> =>
  countIssues(offer, given.left, 1)
    .andThen((issued) => countClaim(offer, given.leftForCustomer, given.accountId).map((claimed) => [issued, claimed]))
    .andThen((counted) =>
      makeClaimed(offer, given).map(({ coupon, change }) => [
        change,
        ...given.noted,
        ...counted,
        ...tellCouponGiven(offer, coupon, given.preference, given.now),
      ]),
    )

/** Whether an offer is given for what happened. */
const isGivenFor = ({ form, currency }: Offer, event: OutboxEvent, isFirstOrder: boolean): boolean =>
  form.kind === 'coupon' &&
  (form.givenOn ?? []).some((occasion) => isOccasion(occasion, event, { currency, isFirstOrder }))

// The rows of accounts, members and points stand under the id of the account; an order names it.
const accountOf = (event: OutboxEvent): string => {
  if (event.collection !== 'order') return event.rowId
  return typeof event.body.accountId === 'string' ? event.body.accountId : ''
}

// What a checkout that was divided among merchants is, each of its orders is: a first order or none.
const checkoutOf = ({ rowId, body }: OutboxEvent): string =>
  typeof body.checkoutId === 'string' ? body.checkoutId : rowId
