import { compareCodePoints } from '../../../shared/json.js'
import type { Segment } from '../index/segment.js'

/** Products of a segment that are in question, and by what they are ordered. */
export type Ordered = {
  readonly segment: Segment
  readonly documents: Uint32Array
  /** By place in `documents`; more comes first, NaN is left out. */
  readonly keys: Float64Array
}

/** A product and the key that it stands by. */
export type Placed = { readonly segment: Segment; readonly document: number; readonly key: number }

/** The products with the highest keys, highest first, ties by id. */
export const selectTop = (ordered: readonly Ordered[], most: number): readonly Placed[] => {
  const held: Placed[] = []
  if (most === 0) return held
  for (const { segment, documents, keys } of ordered) {
    for (let at = 0; at < documents.length; at += 1) {
      const key = keys[at] ?? Number.NaN
      if (Number.isNaN(key)) continue
      const last = held[0]
      if (held.length === most && last !== undefined && key < last.key) continue
      const placed = { segment, document: documents[at] ?? 0, key }
      if (held.length < most) rise(held, placed)
      else if (last !== undefined && comparePlaced(placed, last) < 0) sink(held, placed)
    }
  }
  return held.sort(comparePlaced)
}

/** Highest key first, then by id. */
export const comparePlaced = (a: Placed, b: Placed): number =>
  b.key - a.key || compareCodePoints(a.segment.ids[a.document] ?? '', b.segment.ids[b.document] ?? '')

// A heap whose first is the one to give way.
const rise = (heap: Placed[], placed: Placed): void => {
  let at = heap.length
  heap.push(placed)
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || comparePlaced(placed, parent) <= 0) break
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
    const isRight = right !== undefined && comparePlaced(right, left) > 0
    const worse = isRight ? right : left
    if (comparePlaced(worse, placed) <= 0) break
    heap[at] = worse
    at = 2 * at + (isRight ? 2 : 1)
  }
  heap[at] = placed
}
