import { compareCodePoints } from '../../../shared/json.js'
import type { Segment } from '../index/segment.js'

/** Products of a segment that are in question, and by what they are ordered. */
export type Ordered = {
  readonly segment: Segment
  /** Ascending. */
  readonly documents: Uint32Array
  /** By place in `documents`; more comes first. */
  readonly keys: Float64Array
}

/** A product and the key that it stands by. */
export type Placed = {
  readonly segment: Segment
  readonly document: number
  readonly key: number
  /** Whether its title was held against the query. */
  readonly isLookedAt?: boolean
}

/** The products with the highest keys, highest first, ties by id. */
export const selectTop = (ordered: readonly Ordered[], most: number): readonly Placed[] =>
  firstOf(
    ordered.map((each) => topOf(each, most)),
    most,
  )

/** The first of products that are in order by segment. */
export const firstOf = (bySegment: readonly (readonly Placed[])[], most: number): readonly Placed[] => {
  const filled = bySegment.filter(({ length }) => length > 0)
  return filled.length === 1 ? (filled[0] ?? []) : filled.flat().sort(comparePlaced).slice(0, most)
}

/** Highest key first, then by id. */
export const comparePlaced = (a: Placed, b: Placed): number =>
  b.key - a.key || compareCodePoints(a.segment.ids[a.document] ?? '', b.segment.ids[b.document] ?? '')

// A heap whose first is the one to give way. Products of a segment stand in order of ids, so one that comes later gives
// way where keys are equal.
const topOf = ({ segment, documents, keys }: Ordered, most: number): readonly Placed[] => {
  const heap: Placed[] = []
  if (most === 0) return heap
  let least = Number.NEGATIVE_INFINITY
  for (let at = 0; at < documents.length; at += 1) {
    const key = keys[at] ?? 0
    if (heap.length === most && key <= least) continue
    const placed = { segment, document: documents[at] ?? 0, key }
    if (heap.length < most) rise(heap, placed)
    else sink(heap, placed)
    least = heap[0]?.key ?? least
  }
  return heap.sort((a, b) => b.key - a.key || a.document - b.document)
}

/** Whether one of a segment gives way to the other. */
const isBehind = (a: Placed, b: Placed): boolean => a.key < b.key || (a.key === b.key && a.document > b.document)

const rise = (heap: Placed[], placed: Placed): void => {
  let at = heap.length
  heap.push(placed)
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || !isBehind(placed, parent)) break
    heap[at] = parent
    at = above
  }
  heap[at] = placed
}

const sink = (heap: Placed[], placed: Placed): void => {
  let at = 0
  for (;;) {
    const left = heap[2 * at + 1]
    const right = heap[2 * at + 2]
    if (left === undefined) break
    const isRight = right !== undefined && isBehind(right, left)
    const worse = isRight ? right : left
    if (isBehind(placed, worse)) break
    heap[at] = worse
    at = 2 * at + (isRight ? 2 : 1)
  }
  heap[at] = placed
}
