import type { ValueCounts } from '../index/count-values.js'
import type { Tally } from '../query/tally.js'
import { totalUnder } from './knowledge.js'
import type { SealedCatalog } from './sealed-catalog.js'
import type { SealedFindings } from './sealed-index.js'
import type { SealedParts } from './sealed-parts.js'
import { markOf, priceSteps } from './value-numbers.js'

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
  const { numbers, vocabulary, counted } = knowledge
  const byMissing = new Map(missing.map(({ parts, count }) => [parts, count]))
  const byParts = new Map<number, Map<number, number>>()
  for (const { parts, value, count } of counts) {
    const held = byParts.get(parts) ?? new Map<number, number>()
    byParts.set(parts, held.set(value, count))
  }
  const under = (parts: number, value: number): number => byParts.get(parts)?.get(value) ?? 0
  // Who is asked for nothing, or for one thing, leaves out or has left out what is known of all.
  const isAll = (bit: number): boolean => isWhole && (asked.length === 0 || (asked.length === 1 && bit !== 0))
  const bitOf = (except: number): number => (except < 0 ? 0 : (bits[except] ?? 0))
  const countOf = (except: number): number => {
    const bit = bitOf(except)
    if (isAll(bit)) return counted - dead.size
    return (byMissing.get(0) ?? 0) + (bit === 0 ? 0 : (byMissing.get(bit) ?? 0))
  }
  const countUnder = (value: number, except: number): number => {
    const bit = bitOf(except)
    if (isAll(bit)) return totalUnder(knowledge, value) - (deadUnder.get(value) ?? 0)
    return under(0, value) + (bit === 0 ? 0 : under(bit, value))
  }
  return {
    countOf,
    meeting: (part) => {
      const bit = bitOf(part)
      if (bit === 0) return isWhole ? counted - dead.size : missing.reduce((sum, { count }) => sum + count, 0)
      return missing.reduce((sum, { parts, count }) => sum + (has(parts, bit) ? 0 : count), 0)
    },
    valuesOf: (facet, except): ValueCounts => ({
      counts: Uint32Array.from(vocabulary.valuesOf(facet).names.list, (_, local) => {
        const value = numbers.find(facet, local)
        return value === undefined ? 0 : countUnder(value, except)
      }),
      looked: countOf(except),
      stating: countUnder(markOf(facet), except),
    }),
    pricesOf: (except) =>
      Uint32Array.from({ length: priceSteps }, (_, step) => (step === 0 ? 0 : countUnder(step, except))),
  }
}

// Forty parts are more than numbers have bits to be combined by.
const has = (parts: number, bit: number): boolean => Math.floor(parts / bit) % 2 === 1
