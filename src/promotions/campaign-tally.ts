import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'
import type { LocalDay } from '../shared/local-day.js'
import { bucketsOfDay } from '../shared/period.js'

/**
 * What campaigns and offers came to, counted from events: `campaign/ID/what` and `offer/ID/what` of all time, and with the
 * month or the day after them (`@2026-11`, `@2026-11-11`).
 */
export const campaignTallies: CounterFamily = { name: 'campaignTally', rank: 7, minimum: Number.MIN_SAFE_INTEGER }

/** What is counted of coupons. */
export const couponCounts = ['issued', 'claimed', 'used', 'returned', 'expired', 'revoked'] as const

/**
 * What is counted of orders; amounts in minor units. `discountMinor` is what was taken off, also off pieces added later, less
 * what was taken off pieces that were taken out of an order: below zero on a day on which that was more. `refundedMinor` is
 * what went back, less what came back of that, and what was never taken: below zero on a day on which more came back than
 * went. `chargedBackMinor` is what payers have by disputes that were lost, in the same way.
 */
export const saleCounts = ['orders', 'revenueMinor', 'discountMinor', 'refundedMinor', 'chargedBackMinor'] as const

export type CouponCount = (typeof couponCounts)[number]
export type SaleCount = (typeof saleCounts)[number]

/** The end of a tally's id: amounts are kept by currency. */
export const tallyOf = (count: CouponCount | SaleCount, currency: string): string =>
  count.endsWith('Minor') ? `${count}/${currency}` : count

/** What was counted, of one campaign or offer. */
export type Counted = {
  readonly of: { readonly campaignId: string } | { readonly offerId: string }
  readonly count: CouponCount | SaleCount
  readonly currency: string
  readonly by: number
}

/**
 * Adds to the tallies: of all time, of the month and of the day.
 *
 * @param day - when it happened, as the shop counts days
 */
export const moveTallies = (counted: readonly Counted[], day: LocalDay): readonly Change[] =>
  counted.flatMap(({ of, count, currency, by }) =>
    by === 0
      ? []
      : ['', ...bucketsOfDay(day)].map((bucket) =>
          adjust(campaignTallies, { id: `${tallyPrefix(of)}${tallyOf(count, currency)}${bucket}`, by }),
        ),
  )

/** The beginning of a tally's id. */
export const tallyPrefix = (of: Counted['of']): string =>
  'campaignId' in of ? `campaign/${of.campaignId}/` : `offer/${of.offerId}/`
