import { adjust, type Change, put } from '../../shared/commit.js'
import type { IdSource } from '../../shared/ids.js'
import { type Instant, minutesMs } from '../../shared/instant.js'
import { type Asked, counters, rows, type Stored } from '../../shared/read-plan.js'
import { mostAlongside, type ViewBatch } from '../recommend/view-count.js'
import { viewBatches } from '../recommend/view-count.schema.js'
import { facetTallies, usedFacet } from '../search/facet-order.js'
import { type HistoryItem, isInHistory } from './browsing-history.js'
import type { RecordHistoryInput } from './browsing-history.schema.js'
import { type PopularQuery, popularFloor, queryTallies } from './popular-query.js'
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
 * Counts what somebody looked at or for, among all that others did, without a word of who: once a person, as long as it is in
 * their history. To be written with that history, and so by consent alone.
 *
 * @param before - their history before it, newest first
 */
export const countSeen = (
  { searched, popular }: QueryRead,
  before: readonly HistoryItem[],
  seen: RecordHistoryInput,
  { query, ids, now }: { readonly query: CountedQuery | undefined; readonly ids: IdSource; readonly now: Instant },
): readonly Change[] => {
  if (isInHistory(before, seen)) return []
  if (seen.kind === 'product') {
    const viewed = before.flatMap((item) => (item.kind === 'product' ? [item.productId] : []))
    // Neither its id nor its time, which is told to the minute, can be laid beside a history.
    const dueAt = Math.ceil(now / minutesMs) * minutesMs
    const state: ViewBatch = { productId: seen.productId, alongside: viewed.slice(0, mostAlongside), dueAt }
    return [put(viewBatches, { id: `view_${ids.secret()}`, version: 0, state })]
  }
  const facets = new Set((seen.filters ?? []).map(usedFacet))
  const used = [...facets].map((id) => adjust(facetTallies, { id, by: 1 }))
  if (query === undefined) return used
  const people = (searched.get(query.queryId) ?? 0) + 1
  const told = popular.find(({ id }) => id === query.queryId)
  // A row that many write is written seldom.
  const isDue = people >= (told === undefined ? popularFloor : 2 * told.state.people)
  const state: PopularQuery = { ...query, people }
  return [
    ...used,
    adjust(queryTallies, { id: query.queryId, by: 1 }),
    ...(isDue ? [put(popularQueries, { id: query.queryId, version: told?.version ?? 0, state })] : []),
  ]
}
