import { type Bits, countBits } from '../index/bits.js'
import { type Counted, countedOf, countSets, countStating, countValues } from '../index/count-values.js'
import type { Vocabulary } from '../index/vocabulary.js'
import type { Filtered } from './filter-documents.js'
import { priceEdges, priceStepsOf } from './price-steps.js'

/** How many of the products in question stand where. `except` is a part of the filter that does not count; -1 for none. */
export type Tally = {
  /** How many meet all parts of the filter but one. */
  readonly countOf: (except: number) => number
  /** How many meet a part of the filter, whatever they are to the others. */
  readonly meeting: (part: number) => number
  /** How many of these have each value of a facet, by its number. */
  readonly valuesOf: (facet: number, except: number) => Uint32Array
  /** How many of them state a facet at all. */
  readonly statingOf: (facet: number, except: number) => number
  /** How many of them fall into each step of prices plus one; those without a price come first. */
  readonly pricesOf: (except: number) => Uint32Array
}

/** Counts the products of segments. */
export const tallyOf = ({ valuesOf }: Vocabulary, filtered: readonly Filtered[]): Tally => {
  const known = new Map<number, readonly Counted[]>()
  const heldOf = (each: Filtered, except: number): Bits => (except < 0 ? each.open : each.without(except))
  const countedFor = (except: number): readonly Counted[] => {
    const counted = known.get(except) ?? filtered.map((each) => countedOf(each.segment, heldOf(each, except)))
    known.set(except, counted)
    return counted
  }
  return {
    countOf: (except) => filtered.reduce((sum, each) => sum + countBits(heldOf(each, except)), 0),
    meeting: (part) => filtered.reduce((sum, each) => sum + countBits(each.meeting(part)), 0),
    valuesOf: (facet, except) => countValues(countedFor(except), facet, valuesOf(facet).names.list.length),
    statingOf: (facet, except) => countStating(countedFor(except), facet),
    pricesOf: (except) => {
      const counts = new Uint32Array(priceEdges.length + 1)
      for (const each of countedFor(except)) {
        const steps = countSets(each, priceStepsOf(each.segment.prices))
        for (let step = 0; step < counts.length; step += 1) counts[step] = (counts[step] ?? 0) + (steps[step] ?? 0)
      }
      return counts
    },
  }
}

/** What two parts of an index that share no product come to. */
export const bothTallies = (left: Tally, right: Tally): Tally => ({
  countOf: (except) => left.countOf(except) + right.countOf(except),
  meeting: (part) => left.meeting(part) + right.meeting(part),
  valuesOf: (facet, except) => sumOf(left.valuesOf(facet, except), right.valuesOf(facet, except)),
  statingOf: (facet, except) => left.statingOf(facet, except) + right.statingOf(facet, except),
  pricesOf: (except) => sumOf(left.pricesOf(except), right.pricesOf(except)),
})

const sumOf = (left: Uint32Array, right: Uint32Array): Uint32Array => {
  const sum = new Uint32Array(Math.max(left.length, right.length))
  for (let at = 0; at < sum.length; at += 1) sum[at] = (left[at] ?? 0) + (right[at] ?? 0)
  return sum
}
