import { ok, type ResultAsync } from 'neverthrow'
import { csvRows } from '../shared/csv.js'
import type { Message } from '../shared/messages.js'
import type { CorePorts } from '../shared/ports.js'
import { counters, row } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseNothing } from '../shared/stored.schema.js'
import { guideLadder, guideMembership } from './guide-membership.js'
import {
  benefitTally,
  type LevelCount,
  levelCounts,
  levelTally,
  memberTallies,
  type PointsCount,
  type ProgrammeCount,
  pointsCounts,
  pointsTally,
  programmeCounts,
} from './member-tally.js'
import { membershipBookId } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'

/** What a level came to: who stands on it now, and how often somebody rose or fell to it. */
export type LevelResults = { readonly levelId: string; readonly title: Message } & Readonly<Record<LevelCount, number>>

/** What the programme came to, as far as its events have been delivered. */
export type MemberResults = {
  /** In the order of the ladder. */
  readonly levels: readonly LevelResults[]
  readonly joined: number
  readonly left: number
  readonly benefits: readonly { readonly benefitId: string; readonly title: Message; readonly taken: number }[]
  /** Points earned once they could be spent; spent, restored by refunds, expired, and taken back. */
  readonly points: Readonly<Record<PointsCount, number>>
  /** Of the points earned, those spent and not restored; null before any was earned. */
  readonly redemptionRateBasisPoints: number | null
  /** Customers with an account who paid for an order, and for a second. */
  readonly buyers: number
  readonly repeatBuyers: number
  /** Buyers who came back; null before there was one. */
  readonly repeatRateBasisPoints: number | null
}

/**
 * Shows staff what the programme came to: members of each level and their moves, benefits taken, points, and customers
 * who bought again. The figures follow the events by the time the relay takes to deliver them.
 *
 * @errors QueryError
 */
export const memberResults = (
  ports: CorePorts,
  context: QueryContext,
  input: unknown = {},
): ResultAsync<MemberResults, QueryError> =>
  runQuery(ports, context, input, {
    action: 'membership.results',
    parse: parseNothing,
    plan: () => {
      const ofLevels = (count: LevelCount) =>
        counters(memberTallies, {
          from: 'membership',
          path: 'levels.ladder.*.levelId',
          prefix: 'level/',
          suffix: `/${count}`,
        })
      return {
        // Not from the shelf: the counters are found by what stands in it.
        membership: row(membershipBooks, membershipBookId),
        // A shop that has published no terms has the guide's.
        programme: counters(memberTallies, [
          ...programmeCounts,
          ...pointsCounts.map(pointsTally),
          ...guideLadder.flatMap(({ levelId }) => levelCounts.map((count) => levelTally(levelId, count))),
        ]),
        members: ofLevels('members'),
        reached: ofLevels('reached'),
        fallen: ofLevels('fallen'),
        benefits: counters(memberTallies, {
          from: 'membership',
          path: 'benefits.*.benefitId',
          prefix: 'benefit/',
          suffix: '/taken',
        }),
      }
    },
    answer: ({ membership, ...read }) => {
      const terms = membership?.state ?? guideMembership
      const tallies = new Map(Object.values(read).flatMap((each) => [...each]))
      const of = (id: string): number => tallies.get(id) ?? 0
      const programme = (count: ProgrammeCount): number => of(count)
      const points = (count: PointsCount): number => of(pointsTally(count))
      return ok({
        levels: terms.levels.ladder.map(({ levelId, title }) => ({
          levelId,
          title,
          members: of(levelTally(levelId, 'members')),
          reached: of(levelTally(levelId, 'reached')),
          fallen: of(levelTally(levelId, 'fallen')),
        })),
        joined: programme('joined'),
        left: programme('left'),
        benefits: terms.benefits.map(({ benefitId, title }) => ({
          benefitId,
          title,
          taken: of(benefitTally(benefitId)),
        })),
        points: {
          earned: points('earned'),
          spent: points('spent'),
          restored: points('restored'),
          expired: points('expired'),
          takenBack: points('takenBack'),
        },
        redemptionRateBasisPoints: rateOf(points('spent') - points('restored'), points('earned')),
        buyers: programme('buyers'),
        repeatBuyers: programme('repeatBuyers'),
        repeatRateBasisPoints: rateOf(programme('repeatBuyers'), programme('buyers')),
      })
    },
  })

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
