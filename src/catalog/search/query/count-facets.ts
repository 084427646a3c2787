import { compareCodePoints } from '../../../shared/json.js'
import type { Vocabulary } from '../index/vocabulary.js'
import { type AttributeCounts, type FacetCounts, mostAttributes, mostValues } from './catalog-query.js'
import type { FilterPart } from './filter-documents.js'
import { priceEdges } from './price-steps.js'
import type { Tally } from './tally.js'

/** Counts found products by every facet; each count is made under all parts of the filter but its own. */
export const countFacets = (vocabulary: Vocabulary, tally: Tally, parts: readonly FilterPart[]): FacetCounts => {
  const partFor = (facet: string): number => parts.findIndex((part) => part.kind === 'facet' && part.facet === facet)
  const countedBy = (facet: string): CountedFacet => countFacet(vocabulary, tally, facet, partFor(facet))
  return {
    brands: countedBy('brand').values.map(({ value, count }) => ({ brand: value, count })),
    categories: countedBy('category').values.map(({ value, count }) => ({ categoryId: value, count })),
    prices: priceCounts(tally.pricesOf(parts.findIndex(({ kind }) => kind === 'price'))),
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

type CountedFacet = {
  /** Most first, then by value. */
  readonly values: readonly { readonly value: string; readonly label: string; readonly count: number }[]
  /** Products that were looked at, and those of them that state the facet. */
  readonly looked: number
  readonly stating: number
}

const countFacet = ({ facets, valuesOf }: Vocabulary, tally: Tally, facet: string, except: number): CountedFacet => {
  const id = facets.find(facet)
  if (id === undefined) return { values: [], looked: 0, stating: 0 }
  const { names, labels } = valuesOf(id)
  const { counts, looked, stating } = tally.valuesOf(id, except)
  const values = names.list.flatMap((value, at) => {
    const count = counts[at] ?? 0
    return count === 0 ? [] : [{ value, label: labels[at] ?? value, count }]
  })
  return { values: values.sort((a, b) => b.count - a.count || compareCodePoints(a.value, b.value)), looked, stating }
}

const priceCounts = (counts: Uint32Array): FacetCounts['prices'] =>
  priceEdges.flatMap((fromMinor, step) => {
    const count = counts[step + 1] ?? 0
    return count === 0 ? [] : [{ fromMinor, belowMinor: priceEdges[step + 1] ?? Number.MAX_SAFE_INTEGER, count }]
  })
