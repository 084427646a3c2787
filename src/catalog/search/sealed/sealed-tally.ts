import type { Tally } from '../query/tally.js'
import { type Knowledge, totalsOf, totalUnder } from './knowledge.js'
import type { SealedCatalog } from './sealed-catalog.js'
import type { SealedFindings } from './sealed-index.js'
import type { SealedParts } from './sealed-parts.js'
import { firstValue, markOf, priceSteps } from './value-numbers.js'

/**
 * What an epoch counted.
 *
 * @param isWhole - whether all products are in question: then those that miss the only part of a filter are the rest
 */
export const sealedTally = (
  { knowledge, dead, deadUnder }: SealedCatalog,
  { missing, counts }: SealedFindings,
  { asked, bits }: SealedParts,
  isWhole: boolean,
): Tally => {
  const { vocabulary, counted } = knowledge
  const byMissing = new Map(missing.map(({ parts, count }) => [parts, count]))
  const byParts = new Map(counts.map(({ parts, ...told }) => [parts, countedUnder(knowledge, told)]))
  // Who is asked for nothing, or for one thing, leaves out or has left out what is known of all.
  const isAll = (bit: number): boolean => isWhole && (asked.length === 0 || (asked.length === 1 && bit !== 0))
  const bitOf = (except: number): number => (except < 0 ? 0 : (bits[except] ?? 0))
  const countOf = (except: number): number => {
    const bit = bitOf(except)
    if (isAll(bit)) return counted - dead.size
    return (byMissing.get(0) ?? 0) + (bit === 0 ? 0 : (byMissing.get(bit) ?? 0))
  }
  // What is under a step of prices, or states a facet at all.
  const countUnder = (number: number, except: number): number => {
    const bit = bitOf(except)
    if (isAll(bit)) return totalUnder(knowledge, number) - (deadUnder.get(number) ?? 0)
    const under = (parts: number): number => byParts.get(parts)?.others.get(number) ?? 0
    return under(0) + (bit === 0 ? 0 : under(bit))
  }
  return {
    countOf,
    meeting: (part) => {
      const bit = bitOf(part)
      if (bit === 0) return isWhole ? counted - dead.size : missing.reduce((sum, { count }) => sum + count, 0)
      return missing.reduce((sum, { parts, count }) => sum + (has(parts, bit) ? 0 : count), 0)
    },
    valuesOf: (facet, except) => {
      const bit = bitOf(except)
      if (isAll(bit)) return totalsOf(knowledge, facet, deadUnder)
      const sums = new Uint32Array(vocabulary.valuesOf(facet).names.list.length)
      for (const parts of bit === 0 ? [0] : [0, bit]) {
        const { locals = [], counts: of = [] } = byParts.get(parts)?.facets.get(facet) ?? {}
        for (let at = 0; at < locals.length; at += 1) {
          const local = locals[at] ?? 0
          sums[local] = (sums[local] ?? 0) + (of[at] ?? 0)
        }
      }
      return sums
    },
    statingOf: (facet, except) => countUnder(markOf(facet), except),
    pricesOf: (except) =>
      Uint32Array.from({ length: priceSteps }, (_, step) => (step === 0 ? 0 : countUnder(step, except))),
  }
}

type Counts = Pick<SealedFindings['counts'][number], 'values' | 'counts'>

/** Counts of values by their facets, and of all other numbers. */
type CountedUnder = {
  readonly facets: ReadonlyMap<number, { readonly locals: readonly number[]; readonly counts: readonly number[] }>
  readonly others: ReadonlyMap<number, number>
}

const countedUnder = ({ numbers }: Knowledge, { values, counts }: Counts): CountedUnder => {
  const facets = new Map<number, { readonly locals: number[]; readonly counts: number[] }>()
  const others = new Map<number, number>()
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0
    const count = counts[at] ?? 0
    const facet = value < firstValue ? undefined : numbers.facets[value - firstValue]
    if (facet === undefined) {
      others.set(value, count)
      continue
    }
    const held = facets.get(facet) ?? { locals: [], counts: [] }
    facets.set(facet, held)
    held.locals.push(numbers.locals[value - firstValue] ?? 0)
    held.counts.push(count)
  }
  return { facets, others }
}

// Forty parts are more than numbers have bits to be combined by.
const has = (parts: number, bit: number): boolean => Math.floor(parts / bit) % 2 === 1
