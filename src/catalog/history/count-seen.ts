import { okAsync, ResultAsync } from 'neverthrow'
import { adjust, type Change, put } from '../../shared/commit.js'
import type { IdSource } from '../../shared/ids.js'
import { hoursMs, type Instant, minutesMs } from '../../shared/instant.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { mostAlongside, type ViewBatch } from '../recommend/view-count.js'
import { viewBatches } from '../recommend/view-count.schema.js'
import { facetTallies } from '../search/facet-order.js'
import { type CountedMarks, type HistoryItem, type SealedMarks, searchedText } from './browsing-history.js'
import type { RecordHistoryInput } from './browsing-history.schema.js'
import { type CountedQuery, countQuery, type QueryRead } from './count-query.js'
import { markOf, marksNow, openMarks, sealMarks } from './counted-marks.js'
import { popularFloor } from './popular-query.js'
import type { HistoryPorts, HistoryRead } from './read-history.js'

/** What is counted of a step of a history, and the marks that its person has then. */
export type SeenCounted = { readonly changes: readonly Change[]; readonly counted: SealedMarks | undefined }

/**
 * Counts what somebody looked at or for, among all that others did, without a word of who: once a person in each period,
 * whatever becomes of their history meanwhile. To be written with that history, and so by consent alone.
 *
 * @param before - their history before it, newest first
 * @errors CryptoUnavailable
 */
export const countSeen = (
  { digests, sealer, ids, search }: Pick<HistoryPorts, 'digests' | 'sealer' | 'ids' | 'search'>,
  read: QueryRead & Pick<HistoryRead, 'history'>,
  { accountId, key }: { readonly accountId: string; readonly key: SubjectKey },
  {
    before,
    seen,
    query,
    facets,
    now,
  }: {
    readonly before: readonly HistoryItem[]
    readonly seen: RecordHistoryInput
    readonly query: CountedQuery | undefined
    /** What was filtered by, each once. */
    readonly facets: readonly string[]
    readonly now: Instant
  },
): ResultAsync<SeenCounted, CryptoUnavailable> => {
  const held = marksNow(read.history?.state, now)
  const nothing = okAsync<SeenCounted, CryptoUnavailable>({ changes: [], counted: held })
  const written = (changes: readonly Change[], marks: CountedMarks) =>
    sealMarks(sealer, key, accountId, marks, now).map((counted): SeenCounted => ({ changes, counted }))
  if (seen.kind === 'search' && query === undefined && facets.length === 0) return nothing
  return openMarks(sealer, key, accountId, held).andThen((marks) => {
    if (marks === null) return nothing
    if (seen.kind === 'search') {
      return markOf(digests, accountId, { kind: 'search', text: searchedText(seen.text) }).andThen((mark) => {
        if (marks.texts.includes(mark)) return nothing
        const floor = Math.max(popularFloor, search?.popular?.leastPeople ?? popularFloor)
        const tallies = [
          ...facets.map((id) => adjust(facetTallies, { id, by: 1 })),
          ...(query === undefined ? [] : countQuery(read, query, floor, now)),
        ]
        return written(tallies, { ...marks, texts: [...marks.texts, mark] })
      })
    }
    const lately = before.filter((item) => item.kind === 'product').slice(0, mostAlongside)
    return ResultAsync.combine([seen, ...lately].map((each) => markOf(digests, accountId, each))).andThen(
      ([mark = '', ...markOfEach]) => {
        if (marks.products.includes(mark)) return nothing
        // What came by a merge was not counted by itself, so it is not counted as a partner either.
        const alongside = lately
          .filter((_, index) => marks.products.includes(markOfEach[index] ?? ''))
          .map(({ productId }) => productId)
        const isFirst = marks.products.length === 0
        return written([viewOf(ids, { productId: seen.productId, alongside, isFirst }, now)], {
          ...marks,
          products: [...marks.products, mark],
        })
      },
    )
  })
}

const spreadMinutes = hoursMs / minutesMs

// Its id and its time tell nothing of when the view was but the hour, so that it cannot be laid beside a row of a history.
const viewOf = (ids: IdSource, view: Omit<ViewBatch, 'dueAt'>, now: Instant): Change => {
  const dueAt = (Math.ceil(now / minutesMs) + (Number(ids.digits(6)) % spreadMinutes)) * minutesMs
  return put(viewBatches, { id: `view_${ids.secret()}`, version: 0, state: { ...view, dueAt } })
}
