import { addBit, hasBit, listBits, noBits } from '../index/bits.js'
import { postingsOf, type Segment } from '../index/segment.js'
import type { Slot } from './slot.js'

/** The products of a segment that have anything of a query. */
export type Matches = {
  readonly documents: Uint32Array
  /** By place in `documents`: what their words say together. */
  readonly sums: Float64Array
  /** The rarity of what each has of the query. */
  readonly covered: Float64Array
}

/** What a word is worth in a product: its rarity times its weight, of 16, by its impact. */
export const worthOfImpact = (worth: number, impact: number): number => 1 + ((worth * impact) >> 4)

/**
 * Adds up for every product what the words of a query say of it: impact times rarity, of several writings of a word the
 * best. All sums are whole numbers.
 */
export const matchSegment = (segment: Segment, slots: readonly Slot[]): Matches => {
  const size = segment.ids.length
  const sums = new Float64Array(size)
  const covered = new Float64Array(size)
  const touched = noBits(size)
  const best = slots.some(({ alternatives }) => alternatives.length > 1) ? new Float64Array(size) : sums
  let count = 0
  const { documents, impacts, alive } = segment
  for (const { alternatives, rarity, isExtra } of slots) {
    const [only] = alternatives
    if (only === undefined) continue
    const cover = isExtra ? 0 : rarity
    if (alternatives.length === 1) {
      const { begin, end } = postingsOf(segment, only.term)
      const worth = rarity * only.weight
      for (let at = begin; at < end; at += 1) {
        const document = documents[at] ?? 0
        if (sums[document] === 0) {
          if (!hasBit(alive, document)) continue
          addBit(touched, document)
          count += 1
        }
        sums[document] = (sums[document] ?? 0) + worthOfImpact(worth, impacts[at] ?? 0)
        covered[document] = (covered[document] ?? 0) + cover
      }
      continue
    }
    const reached: number[] = []
    for (const { term, weight } of alternatives) {
      const { begin, end } = postingsOf(segment, term)
      const worth = rarity * weight
      for (let at = begin; at < end; at += 1) {
        const document = documents[at] ?? 0
        const value = worthOfImpact(worth, impacts[at] ?? 0)
        const before = best[document] ?? 0
        if (before === 0) {
          if (!hasBit(alive, document)) continue
          reached.push(document)
        }
        if (value > before) best[document] = value
      }
    }
    for (const document of reached) {
      if (sums[document] === 0) {
        addBit(touched, document)
        count += 1
      }
      sums[document] = (sums[document] ?? 0) + (best[document] ?? 0)
      covered[document] = (covered[document] ?? 0) + cover
      best[document] = 0
    }
  }
  const found = listBits(touched, count)
  const foundSums = new Float64Array(count)
  const foundCovered = new Float64Array(count)
  for (let at = 0; at < count; at += 1) {
    const document = found[at] ?? 0
    foundSums[at] = sums[document] ?? 0
    foundCovered[at] = covered[document] ?? 0
  }
  return { documents: found, sums: foundSums, covered: foundCovered }
}
