import { ok, type ResultAsync } from 'neverthrow'
import { book } from '../shared/books.js'
import { csvRows } from '../shared/csv.js'
import type { Message } from '../shared/messages.js'
import type { CorePorts } from '../shared/ports.js'
import { type Asked, counters, type Stored } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
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
import type { OfferBook } from './offer.js'
import { offerBookId, offerBooks } from './offer.schema.js'

/**
 * What was counted: coupons by what became of them; orders in which it took effect; what these came to when they were
 * paid, what it took off them, and what was refunded of them since, minor units.
 */
export type CampaignCounts = Readonly<Record<CouponCount | SaleCount, number>>

/** What a campaign came to, as far as its events have been delivered. */
export type CampaignResults = {
  readonly campaignId: string
  readonly currency: string
  readonly total: CampaignCounts
  /** Its offers that stand in the book. An order in which two of them took effect counts for each, once in the total. */
  readonly offers: readonly { readonly offerId: string; readonly title: Message; readonly counts: CampaignCounts }[]
}

/**
 * Shows staff what a campaign came to. The figures follow the events by the time the relay takes to deliver them.
 *
 * @errors QueryError
 */
export const campaignResults = (
  ports: CorePorts,
  context: QueryContext,
  input: unknown,
): ResultAsync<CampaignResults, QueryError> =>
  runQuery(ports, context, input, {
    action: 'promotions.campaignResults',
    parse: parseCampaignResults,
    plan: ({ input: { campaignId, currency }, now }) => {
      const offers = book(ports.books, offerBooks, offerBookId, now)
      return {
        offers,
        total: counters(
          campaignTallies,
          counts.map((count) => `${tallyPrefix({ campaignId })}${tallyOf(count, currency)}`),
        ),
        ...askOffers(offers, campaignId, currency),
      }
    },
    answer: ({ offers, total, ...tallies }, { input: { campaignId, currency } }) =>
      ok({
        campaignId,
        currency,
        total: countsIn(total, tallyPrefix({ campaignId }), currency),
        offers: offersOf(offers, campaignId).map(({ offerId, title }) => ({
          offerId,
          title,
          counts: countsIn(
            new Map(Object.values(tallies).flatMap((each) => [...each])),
            tallyPrefix({ offerId }),
            currency,
          ),
        })),
      }),
  })

const counts: readonly (CouponCount | SaleCount)[] = [...couponCounts, ...saleCounts]

const offersOf = (stored: Stored<OfferBook> | undefined, campaignId: string) =>
  stored?.state.offers.filter(({ issuer }) => issuer.kind === 'campaign' && issuer.campaignId === campaignId) ?? []

type Tallies = { readonly [Count in CouponCount | SaleCount]: Asked<ReadonlyMap<string, number>> }

// From the shelf the offers of the campaign are known at once; else the counters of all offers follow the book.
const askOffers = (offers: Asked<Stored<OfferBook> | undefined>, campaignId: string, currency: string): Tallies => {
  const known =
    offers.query === null
      ? offers.answer([]).match(
          (stored) => offersOf(stored, campaignId).map(({ offerId }) => offerId),
          () => [],
        )
      : undefined
  const ask = (count: CouponCount | SaleCount) =>
    counters(
      campaignTallies,
      known === undefined
        ? { from: 'offers', path: 'offers.*.offerId', prefix: 'offer/', suffix: `/${tallyOf(count, currency)}` }
        : known.map((offerId) => `${tallyPrefix({ offerId })}${tallyOf(count, currency)}`),
    )
  return {
    issued: ask('issued'),
    claimed: ask('claimed'),
    used: ask('used'),
    returned: ask('returned'),
    expired: ask('expired'),
    revoked: ask('revoked'),
    orders: ask('orders'),
    revenueMinor: ask('revenueMinor'),
    discountMinor: ask('discountMinor'),
    refundedMinor: ask('refundedMinor'),
  }
}

const countsIn = (tallies: ReadonlyMap<string, number>, prefix: string, currency: string): CampaignCounts => {
  const of = (count: CouponCount | SaleCount): number => tallies.get(`${prefix}${tallyOf(count, currency)}`) ?? 0
  return {
    issued: of('issued'),
    claimed: of('claimed'),
    used: of('used'),
    returned: of('returned'),
    expired: of('expired'),
    revoked: of('revoked'),
    orders: of('orders'),
    revenueMinor: of('revenueMinor'),
    discountMinor: of('discountMinor'),
    refundedMinor: of('refundedMinor'),
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
