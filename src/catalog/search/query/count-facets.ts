import { compareCodePoints } from '../../../shared/json.js'
import type { FacetColumn } from '../index/segment.js'
import type { Vocabulary } from '../index/vocabulary.js'
import { type AttributeCounts, type FacetCounts, mostAttributes, mostValues } from './catalog-query.js'
import type { Filtered, FilterPart } from './filter-documents.js'
import { countPrices } from './price-steps.js'

/** Counts found products by every facet; each count is made under all parts of the filter but its own. */
export const countFacets = (
  vocabulary: Vocabulary,
  filtered: readonly Filtered[],
  parts: readonly FilterPart[],
): FacetCounts => {
  const partFor = (facet: string): number => parts.findIndex((part) => part.kind === 'facet' && part.facet === facet)
  const counted = (facet: string): readonly Counted[] => countOne(vocabulary, filtered, facet, partFor(facet)).counted
  return {
    brands: counted('brand').map(({ value, count }) => ({ brand: value, count })),
    categories: counted('category').map(({ value, count }) => ({ categoryId: value, count })),
    prices: countPrices(
      filtered,
      parts.findIndex(({ kind }) => kind === 'price'),
    ),
    attributes: vocabulary.facets.list
      .filter((facet) => facet.startsWith(attributeMark))
      .map((facet) => ({ facet, ...countOne(vocabulary, filtered, facet, partFor(facet)) }))
      .filter(({ stating }) => stating > 0)
      .sort((a, b) => b.stating - a.stating || compareCodePoints(a.facet, b.facet))
      .slice(0, mostAttributes)
      .map(
        ({ facet, counted: values, looked, stating }): AttributeCounts => ({
          name: facet.slice(attributeMark.length),
          values: values.slice(0, mostValues).map(({ label, count }) => ({ value: label, count })),
          notStated: looked - stating,
        }),
      ),
  }
}

const attributeMark = 'attribute:'

type Counted = { readonly value: string; readonly label: string; readonly count: number }

type CountedFacet = {
  /** Most first, then by value. */
  readonly counted: readonly Counted[]
  /** Products that were looked at, and those of them that state the facet. */
  readonly looked: number
  readonly stating: number
}

const countOne = (
  { facets, valuesOf }: Vocabulary,
  filtered: readonly Filtered[],
  facet: string,
  part: number,
): CountedFacet => {
  const id = facets.find(facet)
  if (id === undefined) return { counted: [], looked: 0, stating: 0 }
  const { names, labels } = valuesOf(id)
  const counts = new Uint32Array(names.list.length + 1)
  let looked = 0
  let stating = 0
  for (const each of filtered) {
    const column = each.segment.facets.get(id)
    const told = column === undefined ? countAll(each, part + 1) : countColumn(each, column, part + 1, counts)
    looked += told.looked
    stating += told.stating
  }
  const counted: Counted[] = []
  for (const [value, name] of names.list.entries()) {
    const count = counts[value + 1] ?? 0
    if (count > 0) counted.push({ value: name, label: labels[value] ?? name, count })
  }
  return {
    counted: counted.sort((a, b) => b.count - a.count || compareCodePoints(a.value, b.value)),
    looked,
    stating,
  }
}

type Told = { readonly looked: number; readonly stating: number }

const countAll = ({ failing }: Filtered, own: number): Told => {
  let looked = 0
  for (const failed of failing) if (failed === 0 || failed === own) looked += 1
  return { looked, stating: 0 }
}

const countColumn = (
  { documents, failing, segment }: Filtered,
  { first, documents: owners, values }: FacetColumn,
  own: number,
  counts: Uint32Array,
): Told => {
  let looked = 0
  let stating = 0
  const further = owners.length > 0 ? new Uint8Array(segment.ids.length) : undefined
  for (let at = 0; at < documents.length; at += 1) {
    const failed = failing[at]
    if (failed !== 0 && failed !== own) continue
    const document = documents[at] ?? 0
    looked += 1
    if (further !== undefined) further[document] = 1
    if (first === null) continue
    const value = first[document] ?? 0
    if (value === 0) continue
    counts[value] = (counts[value] ?? 0) + 1
    stating += 1
  }
  if (further === undefined) return { looked, stating }
  let last = -1
  for (let at = 0; at < owners.length; at += 1) {
    const document = owners[at] ?? 0
    if (further[document] === 0) continue
    const value = (values[at] ?? 0) + 1
    counts[value] = (counts[value] ?? 0) + 1
    // Who has more in `first` was counted there.
    if (first === null && document !== last) stating += 1
    last = document
  }
  return { looked, stating }
}
