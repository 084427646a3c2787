import { hasBit, removeBit } from './bits.js'
import { buildSegment } from './build-segment.js'
import type { CatalogFigures, EpochFigures } from './catalog-figures.js'
import type { IsCalled } from './collect-postings.js'
import { countedOf, countValues } from './count-values.js'
import { mergeSegments } from './merge-segments.js'
import type { SearchDocument } from './search-document.js'
import { documentIn, postingsOf, type Segment } from './segment.js'
import { titlesWith } from './title-neighbours.js'
import { createVocabulary, type Vocabulary } from './vocabulary.js'

/** The products of a catalog, prepared to be searched, filtered and counted. An update makes a new one. */
export type CatalogIndex = CatalogFigures & {
  /** Largest first; no product is alive in two of them. */
  readonly segments: readonly Segment[]
  /** How many products it holds. */
  readonly size: number
  /** Counted at an earlier moment, and what words are weighed by; by the products it holds when absent. */
  readonly epoch?: EpochFigures
}

/** An index of nothing. */
export const emptyIndex = (): CatalogIndex => indexOver(createVocabulary(), [])

/** The index that some segments are; each word was numbered by the vocabulary, and counted in an epoch where there is one. */
export const indexOver = (vocabulary: Vocabulary, segments: readonly Segment[], epoch?: EpochFigures): CatalogIndex => {
  const size = segments.reduce((sum, { ids, dead }) => sum + ids.length - dead, 0)
  return {
    vocabulary,
    segments,
    size,
    counted: size,
    outdated: 0,
    frequencyOf: (term) => (term === undefined ? 0 : frequencyIn(segments, term)),
    titlesWith: (left, right, most) => titlesWith(segments, left, right, most),
    countsOf: (facet) => {
      const all = segments.map((segment) => countedOf(segment, segment.alive))
      return countValues(all, facet, vocabulary.valuesOf(facet).names.list.length)
    },
    ...(epoch === undefined ? {} : { ...epoch, epoch }),
  }
}

/** What changed in a catalog. */
export type IndexChanges = {
  /** Products as they are now, each once. */
  readonly changed: readonly SearchDocument[]
  /** Ids of products that are no more. */
  readonly gone: readonly string[]
}

/**
 * The index after a change; that before stays as it was. A change costs what it holds, and now and then the merging of
 * what earlier ones have left.
 */
export const updateIndex = (
  { vocabulary, segments, epoch }: CatalogIndex,
  { changed, gone }: IndexChanges,
): CatalogIndex => {
  const ids = [...changed.map(({ id }) => id), ...gone]
  const places = segments.map((segment) => placesIn(segment, ids))
  const kept = segments
    .map((segment, at) => withoutPlaces(segment, [...(places[at]?.values() ?? [])]))
    .filter(({ ids: all, dead }) => dead < all.length)
  const isCalled: IsCalled = (id, title) =>
    segments.some((segment, at) => hasTitle(segment, places[at]?.get(id), title))
  const tidy = changed.length === 0 ? kept : merged([...kept, buildSegment(vocabulary, changed, isCalled)])
  return indexOver(vocabulary, tidy, epoch)
}

const frequencyIn = (segments: readonly Segment[], term: number): number => {
  let sum = 0
  for (const segment of segments) {
    const { begin, end } = postingsOf(segment, term)
    sum += end - begin
    if (segment.dead === 0) continue
    for (let at = begin; at < end; at += 1) if (!hasBit(segment.alive, segment.documents[at] ?? 0)) sum -= 1
  }
  return sum
}

/** A segment without some products. */
export const without = (segment: Segment, ids: Iterable<string>): Segment =>
  withoutPlaces(segment, [...placesIn(segment, ids).values()])

/** Where products stand in a segment, of those that it has. */
const placesIn = (segment: Segment, ids: Iterable<string>): ReadonlyMap<string, number> => {
  const places = new Map<string, number>()
  for (const id of ids) {
    const document = documentIn(segment, id)
    if (document !== undefined && hasBit(segment.alive, document)) places.set(id, document)
  }
  return places
}

const hasTitle = (
  { titleOffsets, titleTerms }: Segment,
  document: number | undefined,
  title: readonly number[],
): boolean => {
  if (document === undefined) return false
  const begin = titleOffsets[document] ?? 0
  const length = (titleOffsets[document + 1] ?? 0) - begin
  return length === title.length && title.every((term, at) => titleTerms[begin + at] === term)
}

const withoutPlaces = (segment: Segment, places: readonly number[]): Segment => {
  if (places.length === 0) return segment
  const alive = segment.alive.slice()
  for (const document of places) removeBit(alive, document)
  return { ...segment, alive, dead: segment.dead + places.length }
}

// As a number that is counted up carries: a segment is merged into the one before it when that is not much larger.
const merged = (segments: readonly Segment[]): readonly Segment[] => {
  const last = segments.at(-1)
  const before = segments.at(-2)
  if (last === undefined || before === undefined || before.ids.length > 2 * last.ids.length) return segments
  return merged([...segments.slice(0, -2), mergeSegments(before, last)])
}
