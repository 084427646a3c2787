import { isGuestOwner } from '../shared/actor.js'
import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'
import { type Asked, claims, counters, type Stored } from '../shared/read-plan.js'
import type { Offer, OfferBook } from './offer.js'

// What is taken is counted down from 0 and the limit is the floor, so that a limit holds as it is published last, for
// customers who took theirs before too. No limit is larger than this.
export const largestLimit = 1_000_000_000

/** How often each limited offer was used, below 0: in all (`offerId`) and by a customer (`offerId@accountId`). */
export const offerUses: CounterFamily = { name: 'offerUses', rank: 2, minimum: -largestLimit }

/** How many coupons of each offer were made, below 0: in all (`offerId`) and for a customer (`offerId@accountId`). */
export const couponIssues: CounterFamily = { name: 'couponIssues', rank: 3, minimum: -largestLimit }

/**
 * The space of first orders: under an account stands the order that has what only a first order is offered, paid or not;
 * under `firstPaidKey` the first of its orders that was paid, whatever it had.
 */
export const firstOrderSpace = 'firstOrder'

const paidSuffix = '@paid'

/** Under what the first order of an account that was paid stands. */
export const firstPaidKey = (accountId: string): string => `${accountId}${paidSuffix}`

/** Asks for the first order of a buyer: of one that has none nothing is answered. */
export const askFirstOrder = (buyerId: string): Asked<ReadonlyMap<string, string>> =>
  claims(firstOrderSpace, [buyerId, firstPaidKey(buyerId)])

/** The same, for the buyer of a row that is asked for in the same plan; see `firstOrderSpace`. */
export const askFirstOrderOf = (buyer: {
  readonly from: string
  readonly path: string
}): {
  readonly firstOrder: Asked<ReadonlyMap<string, string>>
  readonly firstPaid: Asked<ReadonlyMap<string, string>>
} => ({
  firstOrder: claims(firstOrderSpace, buyer),
  firstPaid: claims(firstOrderSpace, { ...buyer, suffix: paidSuffix }),
})

/**
 * Whether what a buyer orders now is their first order. A visitor's never is: nobody knows who has ordered before.
 *
 * @param taken - as `askFirstOrder` answers
 */
export const isFirstOrder = (buyerId: string, taken: ReadonlyMap<string, string>): boolean =>
  buyerId !== '' && !isGuestOwner(buyerId) && taken.size === 0

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
