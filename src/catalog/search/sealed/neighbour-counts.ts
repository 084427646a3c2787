import { forMark } from '../index/segment.js'

/** In how many titles which words stand one after the other: pairs, ascending, and beside each its count. */
export type NeighbourCounts = { readonly pairs: Float64Array; readonly counts: Uint32Array }

/** Collects pairs of titles. */
export type NeighbourCounter = {
  /** Takes the words of a title. */
  readonly hear: (title: ArrayLike<number>) => void
  readonly finish: () => NeighbourCounts
}

// Numbers of words stay far below.
const pairOf = (left: number, right: number): number => left * 0x4000000 + right

/** Starts to collect; `given` was collected before. */
export const createNeighbourCounter = (given?: NeighbourCounts): NeighbourCounter => {
  const held = new Map<number, number>()
  for (const [at, pair] of (given?.pairs ?? []).entries()) held.set(pair, given?.counts[at] ?? 0)
  return {
    hear: (title) => {
      const pairs = new Set<number>()
      for (let at = 0; at + 1 < title.length; at += 1) {
        pairs.add(pairOf((title[at] ?? 0) % forMark, (title[at + 1] ?? 0) % forMark))
      }
      for (const pair of pairs) held.set(pair, (held.get(pair) ?? 0) + 1)
    },
    finish: () => {
      const pairs = Float64Array.from(held.keys()).sort()
      return { pairs, counts: Uint32Array.from(pairs, (pair) => held.get(pair) ?? 0) }
    },
  }
}

/** In how many titles two words stand one after the other. */
export const countOfPair = ({ pairs, counts }: NeighbourCounts, left: number, right: number): number => {
  const wanted = pairOf(left, right)
  let low = 0
  let high = pairs.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = pairs[middle] ?? 0
    if (found === wanted) return counts[middle] ?? 0
    if (found < wanted) low = middle + 1
    else high = middle - 1
  }
  return 0
}
