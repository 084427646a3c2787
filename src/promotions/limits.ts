import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'
import { type Asked, counters, type Stored } from '../shared/read-plan.js'
import type { Offer, OfferBook } from './offer.js'

/** How often each limited offer may still be used, in all (`offerId`) and by a customer (`offerId@accountId`). */
export const offerUses: CounterFamily = { name: 'offerUses', rank: 2, minimum: 0 }

/** How many coupons of each offer may still be made, in all (`offerId`) and for a customer (`offerId@accountId`). */
export const couponIssues: CounterFamily = { name: 'couponIssues', rank: 3, minimum: 0 }

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
    book.limitedOfferIds.map((offerId) => {
      const left = usesOfAll.get(offerId)
      const leftForCustomer = usesOfCustomer.get(customerCounterId(offerId, accountId))
      return [
        offerId,
        { ...(left === undefined ? {} : { left }), ...(leftForCustomer === undefined ? {} : { leftForCustomer }) },
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
    ...(limits?.uses === undefined ? [] : [adjust(offerUses, { id: offerId, by, initial: limits.uses })]),
    ...(limits?.usesPerCustomer === undefined
      ? []
      : [adjust(offerUses, { id: customerCounterId(offerId, accountId), by, initial: limits.usesPerCustomer })]),
  ])
