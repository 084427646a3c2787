import { type CatalogIndex, frequencyOf } from '../index/catalog-index.js'
import { postingsOf } from '../index/segment.js'
import { allOf, type Candidates, inBoth, scoresOf, thoseOf, withIds } from './candidates.js'
import type { CatalogAnswer, CatalogQuery } from './catalog-query.js'
import { countFacets } from './count-facets.js'
import { documentsByCode, exactCodeWorth } from './exact-code.js'
import { filterDocuments, partsOf } from './filter-documents.js'
import { effectsOf, partToRelax } from './filter-effects.js'
import { matchSegment } from './match-segment.js'
import { pageOf } from './page-of.js'
import { planQuery } from './plan-query.js'
import { scoreOf } from './relevance.js'
import { onlyRetailWords, type PreparedWords } from './search-words.js'
import { type Placed, selectTop } from './select-top.js'
import type { Slot } from './slot.js'

/** Answers a query from an index: filter, all counts, order and page in one go. */
export const searchIndex = (
  index: CatalogIndex,
  query: CatalogQuery,
  words: PreparedWords = onlyRetailWords(),
): CatalogAnswer => {
  const isBrowsing = query.text.trim() === ''
  const { slots, read } = isBrowsing ? { slots: [], read: [] } : planQuery(index, query.text, words)
  const matched = (isBrowsing ? index.segments.map(allOf) : matchAll(index, slots, query.text)).map((each) =>
    visibleOf(index, each, query),
  )
  const parts = partsOf(query.filter)
  const filtered = matched.map((each) => filterDocuments(index.vocabulary, each, parts))
  const found = matched.map((each, at) => ({ ...each, held: filtered[at]?.open ?? each.held }))
  const effects = effectsOf(filtered, parts)
  const isScored = !isBrowsing && query.sort === 'relevance'
  const { placed, total, explain } = pageOf(index, { query, slots, found })
  return {
    found: placed.map((each) => ({
      productId: each.segment.ids[each.document] ?? '',
      key: each.key,
      score: isScored ? each.key : 0,
      ...(query.isExplained === true ? { parts: isScored ? explain(each) : [] } : {}),
    })),
    total,
    dropped: droppedOf(slots, matched),
    corrected: [
      ...read,
      ...slots.flatMap(({ word, corrected }) => (corrected === null ? [] : [{ from: word, to: corrected }])),
    ],
    terms: [
      ...new Set(
        slots.flatMap(({ alternatives }) =>
          alternatives
            .filter(({ term }) => frequencyOf(index, term) > 0)
            .map(({ term }) => index.vocabulary.terms.list[term] ?? ''),
        ),
      ),
    ],
    facets: countFacets(index.vocabulary, filtered, parts),
    filters: effects,
    relax: partToRelax(filtered, parts, effects),
  }
}

/**
 * What has enough of the query: at least half of the most that any product has. Where few do, what has less is found as
 * well, behind them.
 */
const matchAll = (index: CatalogIndex, slots: readonly Slot[], text: string): readonly Candidates[] => {
  const total = slots.reduce((sum, { rarity, isExtra }) => sum + (isExtra ? 0 : rarity), 0)
  const all = index.segments.map((segment) => ({ segment, ...matchSegment(segment, slots) }))
  let most = 0
  for (const { covered } of all) for (const each of covered) if (each > most) most = each
  const countFrom = (least: number): number =>
    all.reduce((sum, { covered }) => sum + covered.reduce((held, each) => held + (each >= least ? 1 : 0), 0), 0)
  const least = countFrom(most * usualShare) >= enough ? most * usualShare : most * leastShare
  return all.map(({ segment, documents, sums, covered }) => {
    const kept = new Uint32Array(documents.length)
    const scores = new Float64Array(documents.length)
    const byCode = documentsByCode(segment, text)
    let count = 0
    for (let at = 0; at < documents.length; at += 1) {
      const has = covered[at] ?? 0
      const document = documents[at] ?? 0
      const isCode = byCode.length > 0 && byCode.includes(document)
      if (has < least && !isCode) continue
      kept[count] = document
      scores[count] = scoreOf(sums[at] ?? 0, has, total) + (isCode ? exactCodeWorth : 0)
      count += 1
    }
    return thoseOf(segment, { documents: kept.subarray(0, count), scores: scores.subarray(0, count) })
  })
}

/** What of it the asker may see. */
const visibleOf = ({ vocabulary }: CatalogIndex, all: Candidates, { within, among }: CatalogQuery): Candidates => {
  const seen = within.length === 0 ? all : inBoth(all, filterDocuments(vocabulary, all, within).open)
  return among === undefined ? seen : inBoth(seen, withIds(all.segment, among))
}

const usualShare = 0.5
const leastShare = 0.12
const enough = 60

/** The words of a query that the best product does not have, where none has all. */
const droppedOf = (slots: readonly Slot[], matched: readonly Candidates[]): readonly string[] => {
  const asked = slots.filter(({ isExtra }) => !isExtra)
  const [best] = selectTop(
    matched.map((each) => {
      const { documents, scores } = scoresOf(each)
      return { segment: each.segment, documents, keys: scores }
    }),
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
