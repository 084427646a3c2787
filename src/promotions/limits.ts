import { isGuestOwner } from '../shared/actor.js'
import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'
import { type Asked, claims, counters, type IdsFrom, type Stored } from '../shared/read-plan.js'
import type { Offer, OfferBook } from './offer.js'

// What is taken is counted down from 0 and the limit is the floor, so that a limit holds as it is published last, for
// customers who took theirs before too. No limit is larger than this.
export const largestLimit = 1_000_000_000

/** How often each limited offer was used, below 0: in all (`offerId`) and by a customer (`offerId@accountId`). */
export const offerUses: CounterFamily = { name: 'offerUses', rank: 2, minimum: -largestLimit }

/** How many coupons of each offer were made, below 0: in all (`offerId`) and for a customer (`offerId@accountId`). */
export const couponIssues: CounterFamily = { name: 'couponIssues', rank: 3, minimum: -largestLimit }

/**
 * How many checkouts of each account are paid and not given back whole, below 0: at 0 the next is a first one, and a floor
 * of 0 keeps what relies on that.
 */
export const paidCheckouts: CounterFamily = { name: 'paidCheckouts', rank: 16, minimum: -largestLimit }

/** The space of what only a first order is offered: under an account stands the order that has it, paid or not. */
export const firstOrderSpace = 'firstOrder'

/** The space of orders that were paid as the first of their accounts, whatever became of them; the account owns each. */
export const firstPaidSpace = 'firstPaid'

/** The space of what a divided checkout has brought as a first order, by checkout and offer: none of its orders brings it again. */
export const firstGivenSpace = 'firstGiven'

/** What tells whether the next order of a buyer is a first one. */
export type FirstOrderRead = {
  /** By account, the order that has what only a first order is offered. */
  readonly firstOrder: ReadonlyMap<string, string>
  /** By account; see `paidCheckouts`. */
  readonly paidCheckouts: ReadonlyMap<string, number>
}

/** Asks whether what a buyer orders next is a first order, of a buyer or of that of a row asked for in the same plan. */
export const askFirstOrder = (
  buyer: string | IdsFrom,
): { readonly [Name in keyof FirstOrderRead]: Asked<FirstOrderRead[Name]> } => ({
  firstOrder: claims(firstOrderSpace, typeof buyer === 'string' ? [buyer] : buyer),
  paidCheckouts: counters(paidCheckouts, typeof buyer === 'string' ? [buyer] : buyer),
})

/** Whether no order of a buyer is paid and kept. */
export const hasNonePaid = (buyerId: string, read: Pick<FirstOrderRead, 'paidCheckouts'>): boolean =>
  (read.paidCheckouts.get(buyerId) ?? 0) >= 0

/** Whether what a buyer orders now is their first order. A visitor's never is: nobody knows who has ordered before. */
export const isFirstOrder = (buyerId: string, read: FirstOrderRead): boolean =>
  buyerId !== '' && !isGuestOwner(buyerId) && !read.firstOrder.has(buyerId) && hasNonePaid(buyerId, read)

/** What a limit leaves of what was counted. */
export const leftOf = (limit: number, counted: number | undefined): number => Math.max(0, limit + (counted ?? 0))

/** The id of a customer's own counter beside the one of all. */
export const customerCounterId = (offerId: string, accountId: string): string => `${offerId}@${accountId}`

/** What is left of limited offers: what `PriceCartInput.usesLeft` takes. */
export type UsesLeft = Readonly<Record<string, { readonly left?: number; readonly leftForCustomer?: number }>>

/**
 * Asks how often the limited offers of a book may still be used.
 *
 * @param name - under which the book is asked for in the same plan
 */
export const askUsesLeft = (
  asked: Asked<Stored<OfferBook> | undefined>,
  name: string,
  accountId: string,
): {
  readonly usesOfAll: Asked<ReadonlyMap<string, number>>
  readonly usesOfCustomer: Asked<ReadonlyMap<string, number>>
} => {
  if (asked.query !== null) {
    const from = { from: name, path: 'limitedOfferIds.*' }
    return {
      usesOfAll: counters(offerUses, from),
      usesOfCustomer: counters(offerUses, { ...from, suffix: `@${accountId}` }),
    }
  }
  const ids = asked.answer([]).match(
    (book) => book?.state.limitedOfferIds ?? [],
    () => [],
  )
  return {
    usesOfAll: counters(offerUses, ids),
    usesOfCustomer: counters(
      offerUses,
      ids.map((offerId) => customerCounterId(offerId, accountId)),
    ),
  }
}

/** Turns the counters that were read into what pricing takes. */
export const toUsesLeft = (
  book: OfferBook,
  accountId: string,
  {
    usesOfAll,
    usesOfCustomer,
  }: { readonly usesOfAll: ReadonlyMap<string, number>; readonly usesOfCustomer: ReadonlyMap<string, number> },
): UsesLeft =>
  Object.fromEntries(
    book.offers.flatMap(({ offerId, limits }) => {
      if (limits === undefined) return []
      const { uses, usesPerCustomer } = limits
      const ofAll = usesOfAll.get(offerId)
      const ofCustomer = usesOfCustomer.get(customerCounterId(offerId, accountId))
      return [
        [
          offerId,
          {
            ...(uses === undefined || ofAll === undefined ? {} : { left: leftOf(uses, ofAll) }),
            ...(usesPerCustomer === undefined || ofCustomer === undefined
              ? {}
              : { leftForCustomer: leftOf(usesPerCustomer, ofCustomer) }),
          },
        ],
      ]
    }),
  )

/**
 * What using offers changes: a use less of each that is limited. Under a race the storage refuses the one too many.
 *
 * @param offers - those that took effect, each once for every use
 * @param by - -1 uses, +1 gives back
 */
export const moveOfferUses = (offers: readonly Offer[], accountId: string, by: -1 | 1): readonly Change[] =>
  offers.flatMap(({ offerId, limits }) => [
    ...moveUses(offerId, limits?.uses, by),
    ...moveUses(customerCounterId(offerId, accountId), limits?.usesPerCustomer, by),
  ])

// What is given back is never refused, even where a limit was lowered below what is taken.
const moveUses = (id: string, limit: number | undefined, by: -1 | 1): readonly Change[] => {
  if (limit === undefined) return []
  return [adjust(offerUses, by > 0 ? { id, by } : { id, by, floor: -limit })]
}
