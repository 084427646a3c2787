import type { ResultAsync } from 'neverthrow'
import { book } from '../shared/books.js'
import { csvRows } from '../shared/csv.js'
import type { Message } from '../shared/messages.js'
import { bucketsOfPeriod, type Period } from '../shared/period.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { counters } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { CampaignResultsInput } from './campaign-results.schema.js'
import { parseCampaignResults } from './campaign-results.schema.js'
import {
  type CouponCount,
  campaignTallies,
  couponCounts,
  type SaleCount,
  saleCounts,
  tallyOf,
  tallyPrefix,
} from './campaign-tally.js'
import { offerBookId, offerBooks } from './offer.schema.js'

/**
 * What was counted: coupons by what became of them; orders in which it took effect; what these came to when they were
 * paid, with what was paid for more pieces of them later, what it took off them, as changes left them, what was refunded of
 * them since, and what their payers have by disputes that were lost, minor units.
 */
export type CampaignCounts = Readonly<Record<CouponCount | SaleCount, number>>

/** What a campaign came to, as far as its events have been delivered. */
export type CampaignResults = {
  readonly campaignId: string
  readonly currency: string
  /** The days whose events are counted; null for all. */
  readonly period: Period | null
  readonly total: CampaignCounts
  /** Its offers that stand in the book. An order in which two of them took effect counts for each, once in the total. */
  readonly offers: readonly { readonly offerId: string; readonly title: Message; readonly counts: CampaignCounts }[]
}

/**
 * Shows staff what a campaign came to, in all or in a period. The figures follow the events by the time the relay takes to
 * deliver them, and count on the day of the event. What is read grows with the offers and with the months and single days
 * of the period, not with what happened.
 *
 * @errors QueryError
 */
export const campaignResults = (
  ports: CorePorts,
  context: QueryContext,
  input: CampaignResultsInput,
): ResultAsync<CampaignResults, QueryError> =>
  runQuery(ports, context, input, {
    action: 'promotions.campaignResults',
    parse: parseCampaignResults,
    plan: ({ now }) => ({ book: book(ports.books, offerBooks, offerBookId, now) }),
    answer: ({ book: stored }, { input: { campaignId, currency, period }, scope, now }) => {
      const offers =
        stored?.state.offers.filter(({ issuer }) => issuer.kind === 'campaign' && issuer.campaignId === campaignId) ??
        []
      const buckets = period === undefined ? [''] : bucketsOfPeriod(period)
      const prefixes = [tallyPrefix({ campaignId }), ...offers.map(({ offerId }) => tallyPrefix({ offerId }))]
      const ids = prefixes.flatMap((prefix) =>
        counts.flatMap((count) => buckets.map((bucket) => `${prefix}${tallyOf(count, currency)}${bucket}`)),
      )
      const plan = { tallies: counters(campaignTallies, ids) }
      return readFacts(ports.storage, { shop: ports.shop, scope, at: now, plan }).map(
        ({ tallies }): CampaignResults => {
          const countsOf = (prefix: string) => countsIn(tallies, { prefix, currency, buckets })
          return {
            campaignId,
            currency,
            period: period ?? null,
            total: countsOf(tallyPrefix({ campaignId })),
            offers: offers.map(({ offerId, title }) => ({
              offerId,
              title,
              counts: countsOf(tallyPrefix({ offerId })),
            })),
          }
        },
      )
    },
  })

const counts: readonly (CouponCount | SaleCount)[] = [...couponCounts, ...saleCounts]

const countsIn = (
  tallies: ReadonlyMap<string, number>,
  of: { readonly prefix: string; readonly currency: string; readonly buckets: readonly string[] },
): CampaignCounts => {
  const sum = (count: CouponCount | SaleCount): number =>
    of.buckets.reduce(
      (total, bucket) => total + (tallies.get(`${of.prefix}${tallyOf(count, of.currency)}${bucket}`) ?? 0),
      0,
    )
  return {
    issued: sum('issued'),
    claimed: sum('claimed'),
    used: sum('used'),
    returned: sum('returned'),
    expired: sum('expired'),
    revoked: sum('revoked'),
    orders: sum('orders'),
    revenueMinor: sum('revenueMinor'),
    discountMinor: sum('discountMinor'),
    refundedMinor: sum('refundedMinor'),
    chargedBackMinor: sum('chargedBackMinor'),
  }
}

/**
 * The results as comma-separated values: a row for each offer, and the total last. Amounts stand in minor units; a text
 * that a spreadsheet would take for a formula is kept from being one.
 */
export const campaignResultsCsv = ({ campaignId, currency, total, offers }: CampaignResults): string => {
  const header = ['campaignId', 'offerId', 'title', 'currency', ...counts]
  const row = (offerId: string, title: string, counted: CampaignCounts) => [
    campaignId,
    offerId,
    title,
    currency,
    ...counts.map((count) => counted[count]),
  ]
  const rows = [
    header,
    ...offers.map(({ offerId, title, counts: counted }) => row(offerId, title['zh-CN'] || title.en, counted)),
    row('', '', total),
  ]
  return csvRows(rows)
}
