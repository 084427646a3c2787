import { addBit, allBits, noBits } from '../index/bits.js'
import { createFacetColumn } from '../index/facet-columns.js'
import { createGrowing } from '../index/growing.js'
import type { FacetColumn, Segment } from '../index/segment.js'
import type { Candidates } from '../query/candidates.js'
import type { SearchSort } from '../query/catalog-query.js'
import type { Knowledge } from './knowledge.js'
import { titleTerm } from './seal-part.js'
import type { SealedFindings, SealedRow } from './sealed-index.js'
import { firstValue } from './value-numbers.js'

/**
 * Makes of the first products of an epoch a segment, in which they are looked at as any others: with the facets and
 * postings that were asked for.
 */
export const segmentOfRows = (
  { numbers, vocabulary }: Knowledge,
  { rows, impacts }: Pick<SealedFindings, 'rows' | 'impacts'>,
  { facets, sort }: { readonly facets: ReadonlySet<string>; readonly sort: SearchSort },
): { readonly segment: Segment; readonly rows: readonly SealedRow[] } => {
  const ordered = [...rows].sort((a, b) => a.document - b.document)
  const titleOffsets = createGrowing()
  const titleTerms = createGrowing()
  let length = 0
  for (const { title } of ordered) {
    titleOffsets.push(length)
    for (const term of title) titleTerms.push(titleTerm(term))
    length += title.length
  }
  titleOffsets.push(length)
  const keys = sort === 'relevance' ? new Float64Array(ordered.length) : Float64Array.from(ordered, ({ key }) => key)
  const wanted = new Set([...facets].flatMap((facet) => vocabulary.facets.find(facet) ?? []))
  return {
    rows: ordered,
    segment: {
      ids: ordered.map(({ id }) => id),
      alive: allBits(ordered.length),
      dead: 0,
      ...postingsOfRows(ordered, impacts),
      titleOffsets: titleOffsets.finish(),
      titleTerms: titleTerms.finish(),
      codes: new Float64Array(),
      codeDocuments: new Uint32Array(),
      prices: Float64Array.from(ordered, ({ price }) => price ?? Number.NaN),
      variants: null,
      createdAt: keys,
      launchedAt: Float64Array.from(ordered, ({ launchedAt }) => launchedAt),
      sold: keys,
      trend: Float64Array.from(ordered, ({ trend }) => trend),
      recommendation: keys,
      facets: columnsOf(ordered, wanted, (value) => ({
        facet: numbers.facets[value - firstValue],
        local: numbers.locals[value - firstValue] ?? 0,
      })),
    },
  }
}

/** Those of the rows that were found, with their scores; null for scores where nothing was searched for. */
export const foundOfRows = ({ segment, rows }: ReturnType<typeof segmentOfRows>, isScored: boolean): Candidates => {
  const held = noBits(rows.length)
  for (const [at, { isFound }] of rows.entries()) if (isFound) addBit(held, at)
  const documents = Uint32Array.from(rows.keys())
  const scores = Float64Array.from(rows, ({ key }) => key)
  return { segment, held, scored: isScored ? { documents, scores, all: allBits(rows.length) } : null }
}

const columnsOf = (
  rows: readonly SealedRow[],
  wanted: ReadonlySet<number>,
  placeOf: (value: number) => { readonly facet: number | undefined; readonly local: number },
): ReadonlyMap<number, FacetColumn> => {
  if (wanted.size === 0) return new Map()
  const columns = new Map([...wanted].map((facet) => [facet, createFacetColumn()] as const))
  for (const [document, { values }] of rows.entries()) {
    const stated = new Map<number, number[]>()
    for (const value of values) {
      const { facet, local } = placeOf(value)
      if (facet === undefined || !wanted.has(facet)) continue
      const held = stated.get(facet)
      if (held === undefined) stated.set(facet, [local])
      else held.push(local)
    }
    for (const [facet, locals] of stated) {
      const column = columns.get(facet)
      column?.put(document, column.setOf(locals))
    }
  }
  return new Map([...columns].map(([facet, column]) => [facet, column.finish(rows.length)]))
}

const postingsOfRows = (
  rows: readonly SealedRow[],
  impacts: SealedFindings['impacts'],
): Pick<Segment, 'terms' | 'offsets' | 'documents' | 'impacts'> => {
  const placeOf = new Map(rows.map(({ document }, at) => [document, at]))
  const all = impacts
    .map(({ document, term, impact }) => ({ place: placeOf.get(document) ?? 0, term, impact }))
    .sort((a, b) => a.term - b.term || a.place - b.place)
  const terms = [...new Set(all.map(({ term }) => term))]
  return {
    terms: Uint32Array.from(terms),
    offsets: Uint32Array.from([...terms.map((term) => all.findIndex((each) => each.term === term)), all.length]),
    documents: Uint32Array.from(all, ({ place }) => place),
    impacts: Uint8Array.from(all, ({ impact }) => impact),
  }
}
