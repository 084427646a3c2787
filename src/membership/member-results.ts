import type { ResultAsync } from 'neverthrow'
import { book } from '../shared/books.js'
import { csvRows } from '../shared/csv.js'
import { daysMs, type Instant } from '../shared/instant.js'
import type { Message } from '../shared/messages.js'
import { bucketsOfPeriod, dayAfter, type Period } from '../shared/period.js'
import type { CorePorts } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { counters } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { guideMembership } from './guide-membership.js'
import type { MemberResultsInput } from './inputs.schema.js'
import { parseMemberResults } from './inputs.schema.js'
import {
  benefitTally,
  type LevelCount,
  levelCounts,
  levelTally,
  memberTallies,
  type PointsCount,
  pointsCounts,
  pointsTally,
  programmeCounts,
} from './member-tally.js'
import { type MembershipTerms, membershipBookId } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'

/** What a level came to: who stands on it, now or when the period ended, and how often somebody rose or fell to it. */
export type LevelResults = { readonly levelId: string; readonly title: Message } & Readonly<Record<LevelCount, number>>

/** What the programme came to, as far as its events have been delivered. */
export type MemberResults = {
  /** The days whose events are counted; null for all. */
  readonly period: Period | null
  /** In the order of the ladder. */
  readonly levels: readonly LevelResults[]
  readonly joined: number
  readonly left: number
  readonly benefits: readonly { readonly benefitId: string; readonly title: Message; readonly taken: number }[]
  /** Points earned once they could be spent; spent, restored by refunds, expired, and taken back. */
  readonly points: Readonly<Record<PointsCount, number>>
  /** Of the points earned, those spent and not restored; null before any was earned. */
  readonly redemptionRateBasisPoints: number | null
  /** Customers with an account who paid for their first order, and for their second. */
  readonly buyers: number
  readonly repeatBuyers: number
  /** Buyers who came back; null before there was one, and of a period: who came back in it may have begun before. */
  readonly repeatRateBasisPoints: number | null
}

/**
 * Shows staff what the programme came to, in all or in a period: members of each level and their moves, benefits taken,
 * points, and customers who bought again. The figures follow the events by the time the relay takes to deliver them, and
 * count on the day of the event.
 *
 * @errors QueryError
 */
export const memberResults = (
  ports: CorePorts,
  context: QueryContext,
  input: MemberResultsInput = {},
): ResultAsync<MemberResults, QueryError> =>
  runQuery(ports, context, input, {
    action: 'membership.results',
    parse: parseMemberResults,
    plan: ({ now }) => ({ membership: book(ports.books, membershipBooks, membershipBookId, now) }),
    answer: ({ membership }, { input: { period }, scope, now }) => {
      const terms = membership?.state ?? guideMembership
      // Who stood on a level when the period ended: who stands there now, without what came after.
      const buckets = period === undefined ? [''] : bucketsOfPeriod(period)
      const since = period === undefined ? [] : bucketsOfPeriod({ from: dayAfter(period.to), to: latestDay(now) })
      const standing = terms.levels.ladder.map(({ levelId }) => levelTally(levelId, 'members'))
      const moved = [
        ...programmeCounts,
        ...pointsCounts.map(pointsTally),
        ...terms.levels.ladder.flatMap(({ levelId }) => [
          levelTally(levelId, 'reached'),
          levelTally(levelId, 'fallen'),
        ]),
        ...terms.benefits.map(({ benefitId }) => benefitTally(benefitId)),
      ]
      const plan = {
        tallies: counters(memberTallies, [
          ...standing.flatMap((id) => ['', ...since].map((bucket) => `${id}${bucket}`)),
          ...moved.flatMap((id) => buckets.map((bucket) => `${id}${bucket}`)),
        ]),
      }
      return readFacts(ports.storage, { shop: ports.shop, scope, at: now, plan }).map(({ tallies }) => {
        const sum = (id: string, over: readonly string[]): number =>
          over.reduce((total, bucket) => total + (tallies.get(`${id}${bucket}`) ?? 0), 0)
        return resultsOf(terms, {
          period: period ?? null,
          standing: (id) => sum(id, ['']) - sum(id, since),
          moved: (id) => sum(id, buckets),
        })
      })
    },
  })

/** The last day that the calendar of any time zone may show at a moment. */
const latestDay = (now: Instant): string => new Date(now + daysMs).toISOString().slice(0, 10)

const resultsOf = (
  terms: MembershipTerms,
  of: {
    readonly period: Period | null
    readonly standing: (id: string) => number
    readonly moved: (id: string) => number
  },
): MemberResults => {
  const points = (count: PointsCount): number => of.moved(pointsTally(count))
  const [buyers, repeatBuyers] = [of.moved('buyers'), of.moved('repeatBuyers')]
  return {
    period: of.period,
    levels: terms.levels.ladder.map(({ levelId, title }) => ({
      levelId,
      title,
      members: of.standing(levelTally(levelId, 'members')),
      reached: of.moved(levelTally(levelId, 'reached')),
      fallen: of.moved(levelTally(levelId, 'fallen')),
    })),
    joined: of.moved('joined'),
    left: of.moved('left'),
    benefits: terms.benefits.map(({ benefitId, title }) => ({
      benefitId,
      title,
      taken: of.moved(benefitTally(benefitId)),
    })),
    points: {
      earned: points('earned'),
      spent: points('spent'),
      restored: points('restored'),
      expired: points('expired'),
      takenBack: points('takenBack'),
    },
    redemptionRateBasisPoints: rateOf(points('spent') - points('restored'), points('earned')),
    buyers,
    repeatBuyers,
    repeatRateBasisPoints: of.period === null ? rateOf(repeatBuyers, buyers) : null,
  }
}

const rateOf = (part: number, whole: number): number | null =>
  whole <= 0 ? null : Math.round((Math.max(0, part) * 10_000) / whole)

/**
 * The results as comma-separated values, a figure a row; of a level or a benefit with its id and title. A text that a
 * spreadsheet would take for a formula is kept from being one.
 */
export const memberResultsCsv = (results: MemberResults): string => {
  const titled = (title: Message): string => title['zh-CN'] || title.en
  return csvRows([
    ['figure', 'id', 'title', 'value'],
    ...results.levels.flatMap((level) =>
      levelCounts.map((count) => [`level.${count}`, level.levelId, titled(level.title), level[count]]),
    ),
    ...results.benefits.map(({ benefitId, title, taken }) => ['benefit.taken', benefitId, titled(title), taken]),
    ...pointsCounts.map((count) => [`points.${count}`, '', '', results.points[count]]),
    ...programmeCounts.map((count) => [count, '', '', results[count]]),
    ['redemptionRateBasisPoints', '', '', results.redemptionRateBasisPoints ?? ''],
    ['repeatRateBasisPoints', '', '', results.repeatRateBasisPoints ?? ''],
  ])
}
