import { adjust, type Change, put } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import { type Asked, counters, rows, type Stored } from '../../shared/read-plan.js'
import { periodEnd } from './counted-marks.js'
import { type PopularQuery, queryTallies } from './popular-query.js'
import { popularQueries } from './popular-query.schema.js'

/** A searched text that is counted, and the digest it is counted under. */
export type CountedQuery = { readonly queryId: string; readonly text: string }

/** What is read of how often a text was searched for. */
export type QueryRead = {
  readonly searched: ReadonlyMap<string, number>
  readonly popular: readonly Stored<PopularQuery>[]
}

/** Asks how many people searched for a text. */
export const askQuery = (
  query: CountedQuery | undefined,
): { readonly [Name in keyof QueryRead]: Asked<QueryRead[Name]> } => {
  const ids = query === undefined ? [] : [query.queryId]
  return { searched: counters(queryTallies, ids), popular: rows(popularQueries, ids) }
}

/**
 * Counts one person more who searched for a text, to be called once for each of them in a period. Its words are written down
 * when as many as the floor have within one.
 */
export const countQuery = (
  { searched, popular }: QueryRead,
  { queryId, text }: CountedQuery,
  floor: number,
  now: Instant,
): readonly Change[] => {
  const told = popular.find(({ id }) => id === queryId)
  const version = told?.version ?? 0
  const before = told?.state
  const counted = searched.get(queryId) ?? 0
  const write = (state: PopularQuery): Change => put(popularQueries, { id: queryId, version, state })
  if (before !== undefined && before.text !== null) {
    const people = counted + 1
    return [
      adjust(queryTallies, { id: queryId, by: 1 }),
      // A row that many write is written seldom.
      ...(people >= 2 * before.people ? [write({ queryId, text, people })] : []),
    ]
  }
  const people = (before === undefined || before.endsAt <= now ? 0 : before.people) + 1
  return people < floor
    ? [write({ queryId, text: null, people, endsAt: periodEnd(now) })]
    : [write({ queryId, text, people }), adjust(queryTallies, { id: queryId, by: people - counted })]
}
