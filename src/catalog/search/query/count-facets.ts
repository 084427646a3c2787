import { compareCodePoints } from '../../../shared/json.js'
import { type Bits, countBits, hasBit, listBits, restOf } from '../index/bits.js'
import type { FacetColumn, Segment } from '../index/segment.js'
import type { Vocabulary } from '../index/vocabulary.js'
import { type AttributeCounts, type FacetCounts, mostAttributes, mostValues } from './catalog-query.js'
import type { Filtered, FilterPart } from './filter-documents.js'
import { priceEdges, priceStepsOf } from './price-steps.js'

/** Counts found products by every facet; each count is made under all parts of the filter but its own. */
export const countFacets = (
  vocabulary: Vocabulary,
  filtered: readonly Filtered[],
  parts: readonly FilterPart[],
): FacetCounts => {
  const partFor = (facet: string): number => parts.findIndex((part) => part.kind === 'facet' && part.facet === facet)
  const open = filtered.map((each) => countedOf(each.segment, each.open))
  const countedFor = (part: number): readonly Counted[] =>
    part < 0 ? open : filtered.map((each) => countedOf(each.segment, each.without(part)))
  const countedBy = (facet: string): CountedFacet => countFacet(vocabulary, countedFor(partFor(facet)), facet)
  return {
    brands: countedBy('brand').values.map(({ value, count }) => ({ brand: value, count })),
    categories: countedBy('category').values.map(({ value, count }) => ({ categoryId: value, count })),
    prices: countPrices(countedFor(parts.findIndex(({ kind }) => kind === 'price'))),
    attributes: vocabulary.facets.list
      .filter((facet) => facet.startsWith(attributeMark))
      .map((facet) => ({ facet, ...countedBy(facet) }))
      .filter(({ stating }) => stating > 0)
      .sort((a, b) => b.stating - a.stating || compareCodePoints(a.facet, b.facet))
      .slice(0, mostAttributes)
      .map(
        ({ facet, values, looked, stating }): AttributeCounts => ({
          name: facet.slice(attributeMark.length),
          values: values.slice(0, mostValues).map(({ label, count }) => ({ value: label, count })),
          notStated: looked - stating,
        }),
      ),
  }
}

const attributeMark = 'attribute:'

/** Products of a segment that are to be counted. */
export type Counted = {
  readonly segment: Segment
  readonly held: Bits
  readonly looked: number
  /** The fewer of those that are and those that are not; what the others have is known of all. */
  readonly list: Uint32Array
  readonly isRest: boolean
}

/** Prepares products of a segment to be counted. */
export const countedOf = (segment: Segment, held: Bits): Counted => {
  const size = segment.ids.length
  const looked = countBits(held)
  const isRest = 2 * looked > size
  const list = isRest ? listBits(restOf(held, size), size - looked) : listBits(held, looked)
  return { segment, held, looked, list, isRest }
}

type CountedFacet = {
  /** Most first, then by value. */
  readonly values: readonly { readonly value: string; readonly label: string; readonly count: number }[]
  /** Products that were looked at, and those of them that state the facet. */
  readonly looked: number
  readonly stating: number
}

const countFacet = ({ facets, valuesOf }: Vocabulary, counted: readonly Counted[], facet: string): CountedFacet => {
  const id = facets.find(facet)
  if (id === undefined) return { values: [], looked: 0, stating: 0 }
  const { names, labels } = valuesOf(id)
  const { counts, looked, stating } = countValues(counted, id, names.list.length)
  const values = names.list.flatMap((value, at) => {
    const count = counts[at] ?? 0
    return count === 0 ? [] : [{ value, label: labels[at] ?? value, count }]
  })
  return { values: values.sort((a, b) => b.count - a.count || compareCodePoints(a.value, b.value)), looked, stating }
}

/** By the number of a value of a facet: how many of the counted products have it. */
export const countValues = (
  counted: readonly Counted[],
  id: number,
  values: number,
): { readonly counts: Uint32Array; readonly looked: number; readonly stating: number } => {
  const counts = new Uint32Array(values)
  let looked = 0
  let stating = 0
  for (const each of counted) {
    looked += each.looked
    const column = each.segment.facets.get(id)
    if (column === undefined) continue
    const bySet = column.documents === null ? countSets(each, column) : countFewSets(each, column, column.documents)
    for (let set = 1; set < bySet.length; set += 1) {
      const count = bySet[set] ?? 0
      if (count === 0) continue
      stating += count
      const end = column.offsets[set + 1] ?? 0
      for (let at = column.offsets[set] ?? 0; at < end; at += 1) {
        const value = column.values[at] ?? 0
        counts[value] = (counts[value] ?? 0) + count
      }
    }
  }
  return { counts, looked, stating }
}

/** How many of the counted products have each set of values. */
const countSets = ({ list, isRest }: Counted, { sets, totals }: Pick<FacetColumn, 'sets' | 'totals'>): Uint32Array => {
  const counts = new Uint32Array(totals.length)
  for (let at = 0; at < list.length; at += 1) {
    const set = sets[list[at] ?? 0] ?? 0
    counts[set] = (counts[set] ?? 0) + 1
  }
  if (isRest) for (let set = 0; set < counts.length; set += 1) counts[set] = (totals[set] ?? 0) - (counts[set] ?? 0)
  return counts
}

const countFewSets = ({ held }: Counted, { sets, totals }: FacetColumn, documents: Uint32Array): Uint32Array => {
  const counts = new Uint32Array(totals.length)
  for (let at = 0; at < documents.length; at += 1) {
    if (!hasBit(held, documents[at] ?? 0)) continue
    const set = sets[at] ?? 0
    counts[set] = (counts[set] ?? 0) + 1
  }
  return counts
}

const countPrices = (counted: readonly Counted[]): FacetCounts['prices'] => {
  const counts = new Uint32Array(priceEdges.length + 1)
  for (const each of counted) {
    const steps = countSets(each, priceStepsOf(each.segment.prices))
    for (let step = 0; step < counts.length; step += 1) counts[step] = (counts[step] ?? 0) + (steps[step] ?? 0)
  }
  return priceEdges.flatMap((fromMinor, step) => {
    const count = counts[step + 1] ?? 0
    return count === 0 ? [] : [{ fromMinor, belowMinor: priceEdges[step + 1] ?? Number.MAX_SAFE_INTEGER, count }]
  })
}
