import type { Instant } from '../shared/instant.js'
import type { Message } from '../shared/messages.js'
import { type Asked, counters, type Stored } from '../shared/read-plan.js'
import { couponIssues, customerCounterId, leftOf } from './limits.js'
import { findCouponOffer, isForLevel, validityOf } from './make-coupon.js'
import type { Offer, OfferBook } from './offer.js'

/** A coupon that whoever looks may have at a click. */
export type ClaimableCoupon = {
  readonly offerId: string
  readonly title: Message
  /** How many are left in all, and how many of them this customer may still have. */
  readonly left: number
  readonly leftForCustomer: number
  /** From when to when it would hold if it were claimed now. */
  readonly validFrom: Instant
  readonly validTo: Instant
}

/** What was counted of coupons that were made. */
export type IssuesRead = {
  readonly issuesOfAll: ReadonlyMap<string, number>
  readonly issuesOfCustomer: ReadonlyMap<string, number>
}

/**
 * Asks how many coupons of a book were made.
 *
 * @param name - under which the book is asked for in the same plan
 */
export const askIssues = (
  asked: Asked<Stored<OfferBook> | undefined>,
  name: string,
  accountId: string,
): { readonly [Name in keyof IssuesRead]: Asked<IssuesRead[Name]> } => {
  if (asked.query !== null) {
    const from = { from: name, path: 'offers.*.offerId' }
    return {
      issuesOfAll: counters(couponIssues, from),
      issuesOfCustomer: counters(couponIssues, { ...from, suffix: `@${accountId}` }),
    }
  }
  const ids = asked.answer([]).match(
    (book) => (book?.state.offers ?? []).flatMap(({ form, offerId }) => (form.kind === 'coupon' ? [offerId] : [])),
    () => [],
  )
  return {
    issuesOfAll: counters(couponIssues, ids),
    issuesOfCustomer: counters(
      couponIssues,
      ids.map((offerId) => customerCounterId(offerId, accountId)),
    ),
  }
}

/** The coupons of some offers that a customer may have at a click, in the order of the offers. */
export const claimableCoupons = (
  book: OfferBook | undefined,
  offers: readonly Offer[],
  { issuesOfAll, issuesOfCustomer }: IssuesRead,
  { accountId, levelId, now }: { readonly accountId: string; readonly levelId: string | null; readonly now: Instant },
): readonly ClaimableCoupon[] =>
  offers.flatMap(({ offerId }) =>
    findCouponOffer(book, offerId, now).match(
      (offer): readonly ClaimableCoupon[] => {
        const { claimable, issues, claimsPerCustomer } = offer.form
        const left = leftOf(issues, issuesOfAll.get(offerId))
        const leftForCustomer = leftOf(claimsPerCustomer, issuesOfCustomer.get(customerCounterId(offerId, accountId)))
        if (!claimable || !isForLevel(offer, levelId) || left < 1 || leftForCustomer < 1) return []
        return [{ offerId, title: offer.title, left, leftForCustomer, ...validityOf(offer, now) }]
      },
      () => [],
    ),
  )
