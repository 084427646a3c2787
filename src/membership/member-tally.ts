import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'

/**
 * What the programme came to, counted from events: `joined`, `level/ID/members`, `benefit/ID/taken`, `points/earned`,
 * `buyers`; and of each buyer whether the first and the second order are still to come, `buyer/ID/first`.
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

/** Adds to a tally; nothing where nothing is to be added. */
export const moveTally = (id: string, by: number): readonly Change[] =>
  by === 0 ? [] : [adjust(memberTallies, { id, by })]

/** A buyer's first and second order: 1 until it is counted. */
export const purchaseTally = (accountId: string, order: 'first' | 'second'): string => `buyer/${accountId}/${order}`

/**
 * Counts a paid order of a buyer: the first makes a buyer, the second one who came back. Of two orders counted at once
 * one finds its counter empty and is decided again.
 *
 * @param left - the buyer's own tallies
 */
export const countPurchase = (accountId: string, left: ReadonlyMap<string, number>): readonly Change[] => {
  for (const [order, count] of [
    ['first', 'buyers'],
    ['second', 'repeatBuyers'],
  ] as const) {
    const id = purchaseTally(accountId, order)
    if ((left.get(id) ?? 1) < 1) continue
    return [adjust(memberTallies, { id, by: -1, floor: 0, initial: 1 }), ...moveTally(count, 1)]
  }
  return []
}
