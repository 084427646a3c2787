import type { CatalogIndex } from '../index/catalog-index.js'
import { type Arrangement, boostedScore, placeOf, spreadBrands } from './arrangement.js'
import type { CatalogQuery } from './catalog-query.js'
import { filterDocuments, partsOf } from './filter-documents.js'
import { createTitleFit, fittedScore } from './relevance.js'
import { keepOf, type Scored } from './scored.js'
import { comparePlaced, type Ordered, type Placed, selectTop } from './select-top.js'
import type { Slot } from './slot.js'

/** How many of the best are compared with the query title by title. */
const looked = 200

/** What was found for a query, by segment. */
export type FoundAll = {
  readonly query: CatalogQuery
  readonly slots: readonly Slot[]
  readonly found: readonly Scored[]
}

/** A page, and how many products are on all pages. */
export type OrderedPage = { readonly placed: readonly Placed[]; readonly total: number }

/** Orders what was found and takes the page that is asked for. */
export const pageOf = (index: CatalogIndex, all: FoundAll): OrderedPage => {
  const { query, found } = all
  const { offset, limit, arrangement = {} } = query
  const end = offset + limit
  const size = found.reduce((sum, { documents }) => sum + documents.length, 0)
  if (query.sort !== 'relevance') {
    return { placed: selectTop(orderedBy(found, query.sort), end).slice(offset), total: size }
  }
  const pinned = pinnedOf(index, all, arrangement)
  const last = new Set(arrangement.buried ?? [])
  const isPinned = new Set(pinned.placed.map(({ segment, document }) => segment.ids[document] ?? ''))
  const split = (isWanted: (id: string) => boolean): readonly Scored[] =>
    found.map((each) => keepOf(each, (at) => isWanted(each.segment.ids[each.documents[at] ?? 0] ?? '')))
  const isMoved = isPinned.size > 0 || last.size > 0
  const best = bestOf(index, isMoved ? split((id) => !isPinned.has(id) && !last.has(id)) : found, all, end)
  const buried =
    last.size === 0
      ? []
      : bestOf(
          index,
          split((id) => last.has(id) && !isPinned.has(id)),
          all,
          end,
        )
  return { placed: [...pinned.placed, ...best, ...buried].slice(offset, end), total: size + pinned.added }
}

const bestOf = (
  index: CatalogIndex,
  found: readonly Scored[],
  { query, slots }: FoundAll,
  end: number,
): readonly Placed[] => {
  const { brands, boost } = query.arrangement ?? {}
  const best = selectTop(orderedBy(found, 'relevance'), Math.max(end, looked))
  const compareTitle = createTitleFit(index.vocabulary.terms, slots)
  const fitted = best
    .slice(0, looked)
    .map((placed) => {
      const { segment, document, key } = placed
      const score = slots.length === 0 ? key : fittedScore(key, compareTitle(segment, document))
      return { ...placed, key: boost === undefined ? score : boostedScore(score, boost(segment.ids[document] ?? '')) }
    })
    .sort(comparePlaced)
  const spread = brands === undefined ? fitted : spreadBrands(index.vocabulary, fitted, brands)
  return [...spread, ...best.slice(looked)]
}

type Pinned = {
  readonly placed: readonly Placed[] /** Those that have nothing of the query. */
  readonly added: number
}

const pinnedOf = (index: CatalogIndex, { query, found }: FoundAll, { pinned = [] }: Arrangement): Pinned => {
  const parts = [...query.within, ...partsOf(query.filter)]
  let added = 0
  const placed = [...new Set(pinned)].flatMap((id): readonly Placed[] => {
    const place = placeOf(index.segments, id)
    if (place === undefined || query.among?.has(id) === false) return []
    const { segment, document } = place
    const scored = found.find((each) => each.segment === segment)
    const at = scored?.documents.indexOf(document) ?? -1
    if (at >= 0) return [{ ...place, key: scored?.scores[at] ?? 0 }]
    const { failing } = filterDocuments(index.vocabulary, { segment, documents: Uint32Array.of(document) }, parts)
    if (failing[0] !== 0) return []
    added += 1
    return [{ ...place, key: 0 }]
  })
  return { placed, added }
}

const orderedBy = (found: readonly Scored[], sort: CatalogQuery['sort']): readonly Ordered[] =>
  found.map((each) => ({ ...each, keys: keysOf(each, sort) }))

/** By what each product is ordered; more comes first. */
const keysOf = ({ segment, documents, scores }: Scored, sort: CatalogQuery['sort']): Float64Array => {
  const price = (document: number): number => segment.prices[document] ?? 0
  switch (sort) {
    case 'relevance':
      return scores
    case 'newest':
      return Float64Array.from(documents, (document) => segment.createdAt[document] ?? 0)
    case 'priceAscending':
      return Float64Array.from(documents, (document) => -(Number.isNaN(price(document)) ? 0 : price(document)))
    case 'priceDescending':
      return Float64Array.from(documents, (document) => (Number.isNaN(price(document)) ? 0 : price(document)))
  }
}
