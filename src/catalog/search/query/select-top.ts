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

/** The same products in no order. */
export const pickTop = (ordered: readonly Ordered[], most: number): readonly Placed[] => {
  const [only, ...others] = ordered.filter(({ documents }) => documents.length > 0)
  return only === undefined || others.length > 0 ? selectTop(ordered, most) : heapOf(only, most)
}

/** The first of products that are in order by segment. */
export const firstOf = (bySegment: readonly (readonly Placed[])[], most: number): readonly Placed[] => {
  const filled = bySegment.filter(({ length }) => length > 0)
  return filled.length === 1 ? (filled[0] ?? []) : filled.flat().sort(comparePlaced).slice(0, most)
}

/** Highest key first, then by id, which is how products of a segment stand. */
export const comparePlaced = (a: Placed, b: Placed): number =>
  b.key - a.key ||
  (a.segment === b.segment
    ? a.document - b.document
    : compareCodePoints(a.segment.ids[a.document] ?? '', b.segment.ids[b.document] ?? ''))

// A heap of places whose first is the one to give way. Products of a segment stand in order of ids, so one that comes
// later gives way where keys are equal.
const heapOf = ({ segment, documents, keys }: Ordered, most: number): Placed[] => {
  const heap = new Uint32Array(Math.min(most, documents.length))
  let size = 0
  let least = Number.NEGATIVE_INFINITY
  for (let at = 0; at < documents.length; at += 1) {
    if (size < heap.length) rise(heap, keys, size++, at)
    else if ((keys[at] ?? 0) > least && size > 0) sink(heap, keys, at)
    else continue
    least = keys[heap[0] ?? 0] ?? 0
  }
  const picked: Placed[] = []
  for (let at = 0; at < heap.length; at += 1) {
    const place = heap[at] ?? 0
    picked.push({ segment, document: documents[place] ?? 0, key: keys[place] ?? 0 })
  }
  return picked
}

const topOf = (ordered: Ordered, most: number): readonly Placed[] =>
  heapOf(ordered, most).sort((a, b) => b.key - a.key || a.document - b.document)

/** Whether the product at a place gives way to that at another. */
const isBehind = (keys: Float64Array, a: number, b: number): boolean => {
  const left = keys[a] ?? 0
  const right = keys[b] ?? 0
  return left < right || (left === right && a > b)
}

const rise = (heap: Uint32Array, keys: Float64Array, size: number, placed: number): void => {
  let at = size
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above] ?? 0
    if (!isBehind(keys, placed, parent)) break
    heap[at] = parent
    at = above
  }
  heap[at] = placed
}

const sink = (heap: Uint32Array, keys: Float64Array, placed: number): void => {
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    if (left >= heap.length) break
    const right = left + 1
    const isRight = right < heap.length && isBehind(keys, heap[right] ?? 0, heap[left] ?? 0)
    const below = isRight ? right : left
    const worse = heap[below] ?? 0
    if (isBehind(keys, placed, worse)) break
    heap[at] = worse
    at = below
  }
  heap[at] = placed
}
