import { hasBit } from '../index/bits.js'
import type { CatalogIndex } from '../index/catalog-index.js'
import { placeIn, postingsOf } from '../index/segment.js'
import type { Vocabulary } from '../index/vocabulary.js'
import { allOf, type Candidates, inBoth, withIds } from './candidates.js'
import type { CatalogAnswer, CatalogQuery } from './catalog-query.js'
import { completeAnswer } from './complete-answer.js'
import { filterDocuments, partsOf } from './filter-documents.js'
import { pageOf } from './page-of.js'
import { planOf } from './plan-query.js'
import { coversOf, enoughOf, matchSegments, scoreMatched, totalOf } from './score-segments.js'
import { onlyRetailWords, type PreparedWords } from './search-words.js'
import { firstOf, type Placed } from './select-top.js'
import type { Slot } from './slot.js'
import { tallyOf } from './tally.js'
import { pricedIndex } from './viewer-prices.js'

/** Answers a query from an index: filter, all counts, order and page in one go. */
export const searchIndex = (
  all: CatalogIndex,
  query: CatalogQuery,
  words: PreparedWords = onlyRetailWords(),
): CatalogAnswer => {
  const index = pricedIndex(all, query.prices)
  const plan = planOf(index, query.text, words)
  const matched = scoredFor(index, plan?.slots, query.text).map((each) => visibleOf(index.vocabulary, each, query))
  const { slots, read } = plan ?? { slots: [], read: [] }
  const parts = partsOf(query.filter)
  const filtered = matched.map((each) => filterDocuments(index.vocabulary, each, parts))
  const found = matched.map((each, at) => ({ ...each, held: filtered[at]?.open ?? each.held }))
  const best = bestOf(matched)
  return completeAnswer(index, {
    query,
    plan: { slots, read },
    parts,
    tally: tallyOf(index.vocabulary, filtered),
    page: pageOf(index, { query, slots, found }),
    bestHas: best === undefined ? null : (slot) => hasWord(best, slot),
  })
}

const scoredFor = ({ segments }: CatalogIndex, slots: readonly Slot[] | undefined, text: string) => {
  if (slots === undefined) return segments.map(allOf)
  const matched = matchSegments(segments, slots)
  const asked = { least: enoughOf(coversOf(matched)), total: totalOf(slots), text }
  return matched.map((each) => scoreMatched(each, asked))
}

/** What of it the asker may see. */
export const visibleOf = (
  vocabulary: Vocabulary,
  all: Candidates,
  { within, among }: Pick<CatalogQuery, 'within' | 'among'>,
): Candidates => {
  const seen = within.length === 0 ? all : inBoth(all, filterDocuments(vocabulary, all, within).open)
  return among === undefined ? seen : inBoth(seen, withIds(all.segment, among))
}

/** The product that scored most. */
export const bestOf = (matched: readonly Candidates[]): Placed | undefined => {
  const [best] = firstOf(
    matched.map(({ segment, held, scored }) => {
      if (scored === null) return []
      const { documents, scores } = scored
      let first = -1
      let most = Number.NEGATIVE_INFINITY
      for (let at = 0; at < documents.length; at += 1) {
        const score = scores[at] ?? 0
        if (score <= most || !hasBit(held, documents[at] ?? 0)) continue
        first = at
        most = score
      }
      return first < 0 ? [] : [{ segment, document: documents[first] ?? 0, key: scores[first] ?? 0 }]
    }),
    1,
  )
  return best
}

/** Whether a product has a word of a query in one of its writings. */
export const hasWord = ({ segment, document }: Placed, { alternatives }: Slot): boolean =>
  alternatives.some(({ term }) => {
    const { begin, end } = postingsOf(segment, term)
    return placeIn(segment.documents.subarray(begin, end), document) !== undefined
  })
