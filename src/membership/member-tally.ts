import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { type LocalDay, localDayOf } from '../shared/local-day.js'
import { bucketsOfDay } from '../shared/period.js'
import { guideMembership } from './guide-membership.js'
import type { MembershipTerms } from './membership-terms.js'

/**
 * What the programme came to, counted from events: `joined`, `level/ID/members`, `benefit/ID/taken`, `points/earned`,
 * `buyers`; of all time, and with the month or the day after them (`@2026-11`, `@2026-11-11`). And of each buyer whether the first and the second order are still to come, `buyer/ID/first`.
 */
export const memberTallies: CounterFamily = { name: 'memberTally', rank: 9, minimum: -1_000_000_000 }

/** What is counted of a level: who stands on it, and how often somebody rose or fell to it. */
export const levelCounts = ['members', 'reached', 'fallen'] as const

/** What is counted of points. */
export const pointsCounts = ['earned', 'spent', 'restored', 'expired', 'takenBack'] as const

/** What is counted of everybody. */
export const programmeCounts = ['joined', 'left', 'buyers', 'repeatBuyers'] as const

export type LevelCount = (typeof levelCounts)[number]
export type PointsCount = (typeof pointsCounts)[number]
export type ProgrammeCount = (typeof programmeCounts)[number]

/** The id of a level's tally; null is below the ladder. */
export const levelTally = (levelId: string | null, count: LevelCount): string => `level/${levelId ?? ''}/${count}`

/** The id of a benefit's tally. */
export const benefitTally = (benefitId: string): string => `benefit/${benefitId}/taken`

/** The id of a tally of points. */
export const pointsTally = (count: PointsCount): string => `points/${count}`

/**
 * Adds to a tally: of all time, of the month and of the day. Nothing where nothing is to be added.
 *
 * @param day - when it happened, as the programme counts days
 */
export const moveTally = (id: string, by: number, day: LocalDay): readonly Change[] =>
  by === 0 ? [] : ['', ...bucketsOfDay(day)].map((bucket) => adjust(memberTallies, { id: `${id}${bucket}`, by }))

/** The day that a moment belongs to, as the programme counts days. */
export const programmeDay = (terms: MembershipTerms | undefined, at: Instant): LocalDay =>
  localDayOf(at, (terms ?? guideMembership).levels.timeZone)

/** A buyer's first and second order: 1 until it is counted. */
export const purchaseTally = (accountId: string, order: 'first' | 'second'): string => `buyer/${accountId}/${order}`

/**
 * Counts a paid order of a buyer: the first makes a buyer, the second one who came back. Of two orders counted at once
 * one finds its counter empty and is decided again.
 *
 * @param left - the buyer's own tallies
 */
export const countPurchase = (
  accountId: string,
  left: ReadonlyMap<string, number>,
  day: LocalDay,
): readonly Change[] => {
  for (const [order, count] of [
    ['first', 'buyers'],
    ['second', 'repeatBuyers'],
  ] as const) {
    const id = purchaseTally(accountId, order)
    if ((left.get(id) ?? 1) < 1) continue
    return [adjust(memberTallies, { id, by: -1, floor: 0, initial: 1 }), ...moveTally(count, 1, day)]
  }
  return []
}
