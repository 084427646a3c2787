import { comparable } from '../../product-facets.js'
import type { ProductFilter } from '../../product-filter.js'
import { attributeFacet } from '../index/search-document.js'
import type { Segment } from '../index/segment.js'
import type { Vocabulary } from '../index/vocabulary.js'

/** One part of a filter: a product must have one of some values of a facet, or a price within bounds. */
export type FilterPart =
  | { readonly kind: 'facet'; readonly facet: string; readonly values: ReadonlySet<string> }
  | { readonly kind: 'price'; readonly fromMinor: number; readonly toMinor: number }

/** Takes a filter apart; of an empty list of values nothing is asked. */
export const partsOf = (filter: ProductFilter): readonly FilterPart[] => {
  const facet = (name: string, values: readonly string[]): readonly FilterPart[] =>
    values.length === 0 ? [] : [{ kind: 'facet', facet: name, values: new Set(values) }]
  const { minPriceMinor, maxPriceMinor } = filter
  return [
    ...facet('category', filter.categoryId === undefined ? [] : [filter.categoryId]),
    ...facet('brand', filter.brands ?? []),
    ...Object.entries(filter.attributes ?? {}).flatMap(([name, values]) =>
      facet(attributeFacet(name), values.map(comparable)),
    ),
    ...(minPriceMinor === undefined && maxPriceMinor === undefined
      ? []
      : [
          {
            kind: 'price',
            fromMinor: minPriceMinor ?? 0,
            toMinor: maxPriceMinor ?? Number.POSITIVE_INFINITY,
          } as const,
        ]),
  ]
}

/** How products of a segment stand to a filter. */
export type Filtered = {
  readonly segment: Segment
  readonly documents: Uint32Array
  /** By place in `documents`: 0 where all parts hold, the number of the only part that does not plus one, else 255. */
  readonly failing: Uint8Array
}

/** The most parts of a filter. */
export const mostParts = 40

/** Judges products by every part of a filter. */
export const filterDocuments = (
  vocabulary: Vocabulary,
  { segment, documents }: { readonly segment: Segment; readonly documents: Uint32Array },
  parts: readonly FilterPart[],
): Filtered => {
  const failing = new Uint8Array(documents.length)
  const fail = (at: number, part: number): void => {
    failing[at] = failing[at] === 0 ? part + 1 : many
  }
  for (const [part, asked] of parts.slice(0, mostParts).entries()) {
    if (asked.kind === 'price') {
      for (let at = 0; at < documents.length; at += 1) {
        const price = segment.prices[documents[at] ?? 0] ?? Number.NaN
        if (!(price >= asked.fromMinor && price <= asked.toMinor)) fail(at, part)
      }
    } else {
      const holds = holdersOf(vocabulary, segment, asked)
      for (let at = 0; at < documents.length; at += 1) if (!holds(documents[at] ?? 0)) fail(at, part)
    }
  }
  return { segment, documents, failing }
}

const many = 255

const holdersOf = (
  { facets, valuesOf }: Vocabulary,
  segment: Segment,
  { facet, values }: Extract<FilterPart, { kind: 'facet' }>,
): ((document: number) => boolean) => {
  const id = facets.find(facet)
  const column = id === undefined ? undefined : segment.facets.get(id)
  if (id === undefined || column === undefined) return () => false
  const { names } = valuesOf(id)
  const wanted = new Uint8Array(names.list.length + 1)
  for (const value of values) {
    const found = names.find(value)
    if (found !== undefined) wanted[found + 1] = 1
  }
  const further = new Set<number>()
  for (let at = 0; at < column.documents.length; at += 1) {
    if (wanted[(column.values[at] ?? 0) + 1] === 1) further.add(column.documents[at] ?? 0)
  }
  const { first } = column
  if (first === null) return (document) => further.has(document)
  if (further.size === 0) return (document) => wanted[first[document] ?? 0] === 1
  return (document) => wanted[first[document] ?? 0] === 1 || further.has(document)
}
