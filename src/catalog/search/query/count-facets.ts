import { compareCodePoints } from '../../../shared/json.js'
import type { Vocabulary } from '../index/vocabulary.js'
import { type AttributeCounts, type FacetCounts, mostAttributes, mostValues } from './catalog-query.js'
import type { FilterPart } from './filter-documents.js'
import { priceEdges } from './price-steps.js'
import type { Tally } from './tally.js'

/** Counts found products by every facet; each count is made under all parts of the filter but its own. */
export const countFacets = (vocabulary: Vocabulary, tally: Tally, parts: readonly FilterPart[]): FacetCounts => {
  const partFor = (facet: string): number => parts.findIndex((part) => part.kind === 'facet' && part.facet === facet)
  const valuesBy = (facet: string): readonly CountedValue[] => {
    const id = vocabulary.facets.find(facet)
    return id === undefined ? [] : countedValues(vocabulary, id, tally.valuesOf(id, partFor(facet)))
  }
  return {
    brands: valuesBy('brand').map(({ value, count }) => ({ brand: value, count })),
    categories: valuesBy('category').map(({ value, count }) => ({ categoryId: value, count })),
    prices: priceCounts(tally.pricesOf(parts.findIndex(({ kind }) => kind === 'price'))),
    // Of the many that no answer tells only how many state them is counted.
    attributes: vocabulary.facets.list
      .flatMap((facet, id) =>
        facet.startsWith(attributeMark) ? [{ facet, stating: tally.statingOf(id, partFor(facet)) }] : [],
      )
      .filter(({ stating }) => stating > 0)
      .sort((a, b) => b.stating - a.stating || compareCodePoints(a.facet, b.facet))
      .slice(0, mostAttributes)
      .map(
        ({ facet, stating }): AttributeCounts => ({
          name: facet.slice(attributeMark.length),
          values: valuesBy(facet)
            .slice(0, mostValues)
            .map(({ label, count }) => ({ value: label, count })),
          notStated: tally.countOf(partFor(facet)) - stating,
        }),
      ),
  }
}

const attributeMark = 'attribute:'

type CountedValue = { readonly value: string; readonly label: string; readonly count: number }

/** Most first, then by value. */
const countedValues = ({ valuesOf }: Vocabulary, facet: number, counts: Uint32Array): readonly CountedValue[] => {
  const { names, labels } = valuesOf(facet)
  const values: CountedValue[] = []
  for (const [at, count] of counts.entries()) {
    const value = names.list[at]
    if (count > 0 && value !== undefined) values.push({ value, label: labels[at] ?? value, count })
  }
  return values.sort((a, b) => b.count - a.count || compareCodePoints(a.value, b.value))
}

const priceCounts = (counts: Uint32Array): FacetCounts['prices'] =>
  priceEdges.flatMap((fromMinor, step) => {
    const count = counts[step + 1] ?? 0
    return count === 0 ? [] : [{ fromMinor, belowMinor: priceEdges[step + 1] ?? Number.MAX_SAFE_INTEGER, count }]
  })
