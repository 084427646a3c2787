import type { CatalogIndex } from '../index/catalog-index.js'
import { postingsOf, type Segment } from '../index/segment.js'
import type { CatalogAnswer, CatalogQuery } from './catalog-query.js'
import { countFacets } from './count-facets.js'
import { filterDocuments, partsOf } from './filter-documents.js'
import { matchSegment } from './match-segment.js'
import { planQuery } from './plan-query.js'
import { createTitleFit, fittedScore, scoreOf } from './relevance.js'
import { onlyRetailWords, type PreparedWords } from './search-words.js'
import { comparePlaced, type Ordered, type Placed, selectTop } from './select-top.js'
import type { Slot } from './slot.js'

/** How many of the best are compared with the query title by title. */
const looked = 200

/** Answers a query from an index: filter, all counts, order and page in one go. */
export const searchIndex = (
  index: CatalogIndex,
  query: CatalogQuery,
  words: PreparedWords = onlyRetailWords(),
): CatalogAnswer => {
  const isBrowsing = query.text.trim() === ''
  const slots = isBrowsing ? [] : planQuery(index, query.text, words)
  const matched = (isBrowsing ? index.segments.map(allOf) : matchAll(index, slots)).map((each) =>
    visibleOf(index, each, query),
  )
  const parts = partsOf(query.filter)
  const filtered = matched.map((each) => filterDocuments(index.vocabulary, each, parts))
  const found = matched.map((each, at) => keepOf(each, (place) => filtered[at]?.failing[place] === 0))
  const isScored = !isBrowsing && query.sort === 'relevance'
  return {
    found: pageOf(index, { query, slots, found }).map(({ segment, document, key }) => ({
      productId: segment.ids[document] ?? '',
      score: isScored ? key : 0,
    })),
    total: found.reduce((sum, { documents }) => sum + documents.length, 0),
    dropped: droppedOf(slots, matched),
    corrected: slots.flatMap(({ word, corrected }) => (corrected === null ? [] : [{ from: word, to: corrected }])),
    facets: countFacets(index.vocabulary, filtered, parts),
  }
}

/** Products of a segment with their scores. */
type Scored = {
  readonly segment: Segment
  readonly documents: Uint32Array
  readonly scores: Float64Array
}

/** The products of them that are kept. */
const keepOf = ({ segment, documents, scores }: Scored, isKept: (at: number) => boolean): Scored => {
  const kept = new Uint32Array(documents.length)
  const keptScores = new Float64Array(documents.length)
  let count = 0
  for (let at = 0; at < documents.length; at += 1) {
    if (!isKept(at)) continue
    kept[count] = documents[at] ?? 0
    keptScores[count] = scores[at] ?? 0
    count += 1
  }
  return { segment, documents: kept.subarray(0, count), scores: keptScores.subarray(0, count) }
}

const allOf = (segment: Segment): Scored => {
  const documents = new Uint32Array(segment.ids.length)
  for (let document = 0; document < documents.length; document += 1) documents[document] = document
  const all = { segment, documents, scores: new Float64Array(documents.length) }
  return segment.dead === 0 ? all : keepOf(all, (at) => segment.alive[at] === 1)
}

/**
 * What has enough of the query: at least half of the most that any product has. Where few do, what has less is found as
 * well, behind them.
 */
const matchAll = (index: CatalogIndex, slots: readonly Slot[]): readonly Scored[] => {
  const total = slots.reduce((sum, { rarity, isExtra }) => sum + (isExtra ? 0 : rarity), 0)
  const all = index.segments.map((segment) => ({ segment, ...matchSegment(segment, slots) }))
  let most = 0
  for (const { covered } of all) for (const each of covered) if (each > most) most = each
  const countFrom = (least: number): number =>
    all.reduce((sum, { covered }) => sum + covered.reduce((held, each) => held + (each >= least ? 1 : 0), 0), 0)
  const least = countFrom(most * usualShare) >= enough ? most * usualShare : most * leastShare
  return all.map(({ segment, documents, sums, covered }) => {
    const scores = sums.map((sum, at) => scoreOf(sum, covered[at] ?? 0, total))
    return keepOf({ segment, documents, scores }, (at) => (covered[at] ?? 0) >= least)
  })
}

/** What of it the asker may see. */
const visibleOf = ({ vocabulary }: CatalogIndex, scored: Scored, { within, among }: CatalogQuery): Scored => {
  if (within.length === 0 && among === undefined) return scored
  const { segment, documents } = scored
  const { failing } = filterDocuments(vocabulary, scored, within)
  return keepOf(scored, (at) => failing[at] === 0 && (among?.has(segment.ids[documents[at] ?? 0] ?? '') ?? true))
}

const usualShare = 0.5
const leastShare = 0.12
const enough = 60

type Page = { readonly query: CatalogQuery; readonly slots: readonly Slot[]; readonly found: readonly Scored[] }

const pageOf = (index: CatalogIndex, { query, slots, found }: Page): readonly Placed[] => {
  const { offset, limit } = query
  const end = offset + limit
  const ordered = found.map((each): Ordered => ({ ...each, keys: keysOf(each, query.sort) }))
  if (query.sort !== 'relevance' || slots.length === 0) return selectTop(ordered, end).slice(offset)
  const best = selectTop(ordered, Math.max(end, looked))
  const compareTitle = createTitleFit(index.vocabulary.terms, slots)
  const fitted = best
    .slice(0, looked)
    .map((placed) => ({ ...placed, key: fittedScore(placed.key, compareTitle(placed.segment, placed.document)) }))
    .sort(comparePlaced)
  return [...fitted, ...best.slice(looked)].slice(offset, end)
}

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

/** The words of a query that the best product does not have, where none has all. */
const droppedOf = (slots: readonly Slot[], matched: readonly Scored[]): readonly string[] => {
  const asked = slots.filter(({ isExtra }) => !isExtra)
  const [best] = selectTop(
    matched.map((each) => ({ ...each, keys: each.scores })),
    1,
  )
  if (best === undefined) return asked.map(({ word }) => word)
  const missing = asked.filter(({ alternatives }) => !alternatives.some(({ term }) => hasWord(best, term)))
  return joinPairs(missing)
}

const hasWord = ({ segment, document }: Placed, term: number): boolean => {
  const { begin, end } = postingsOf(segment, term)
  return segment.documents.subarray(begin, end).includes(document)
}

/** Pairs of characters that follow each other, as the one text they came from. */
const joinPairs = (missing: readonly Slot[]): readonly string[] => {
  const words: string[] = []
  let before: Slot | undefined
  for (const slot of missing) {
    const follows = before?.kind === 'pair' && slot.kind === 'pair' && slot.at === before.at + 1
    if (follows) words.push((words.pop() ?? '') + slot.word.slice(1))
    else words.push(slot.word)
    before = slot
  }
  return words
}
