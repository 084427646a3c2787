import { type Bits, bothOf, countBits, hasBit, listBits, restOf } from '../index/bits.js'
import type { CatalogIndex } from '../index/catalog-index.js'
import { placeIn } from '../index/segment.js'
import { boostedScore, placeOf, spreadBrands } from './arrangement.js'
import { type Candidates, inBoth, scoresOf, withIds } from './candidates.js'
import type { CatalogQuery } from './catalog-query.js'
import { exactCodeWorth } from './exact-code.js'
import { explainScore, type ScoreMaking, type ScorePart } from './explain-score.js'
import { filterDocuments, partsOf } from './filter-documents.js'
import { createIsMeant, meantScore } from './meant-categories.js'
import { createTitleFit, fittedScore } from './relevance.js'
import { comparePlaced, firstOf, type Placed, pickTop, selectTop } from './select-top.js'
import type { Slot } from './slot.js'
import { sortBy } from './sort-by.js'

/** How many of the best are compared with the query title by title. */
export const looked = 200

type PagedIndex = Pick<CatalogIndex, 'vocabulary' | 'segments'>

/** What was found for a query, by segment. */
export type FoundAll = {
  readonly query: CatalogQuery
  readonly slots: readonly Slot[]
  readonly found: readonly Candidates[]
}

/** A page, how many products were put on the pages beside those that were found, and what a score is made of. */
export type OrderedPage = {
  readonly placed: readonly Placed[]
  readonly added: number
  readonly explain: (placed: Placed) => readonly ScorePart[]
}

/** Orders what was found and takes the page that is asked for. */
export const pageOf = (index: PagedIndex, all: FoundAll): OrderedPage => {
  const { query, found, slots } = all
  const { offset, limit, arrangement = {} } = query
  const end = offset + limit
  const making: ScoreMaking = {
    nameOf: (term) => index.vocabulary.terms.list[term] ?? '',
    slots,
    fitOf: createTitleFit(index.vocabulary.terms, slots),
    isMeant: createIsMeant(index.vocabulary, slots),
    boost: arrangement.boost,
  }
  const explain = (placed: Placed): readonly ScorePart[] => explainScore(making, placed)
  if (query.sort !== 'relevance') {
    return { placed: sortBy(found, query.sort, end, query.after).slice(offset), added: 0, explain }
  }
  const { pinned = [], buried = [] } = arrangement
  if (pinned.length + buried.length === 0) {
    return { placed: bestOf(index, found, { all, making, end }).slice(offset, end), added: 0, explain }
  }
  const moved = found.map(({ segment }) => {
    const first = withIds(segment, pinned)
    return { first, last: bothOf(withIds(segment, buried), restOf(first, segment.ids.length)) }
  })
  const only = (
    kept: (of: { readonly first: Bits; readonly last: Bits }, size: number) => Bits,
  ): readonly Candidates[] =>
    found.map((each, at) => {
      const of = moved[at]
      return of === undefined ? each : inBoth(each, kept(of, each.segment.ids.length))
    })
  const rest = only(({ first, last }, size) => bothOf(restOf(first, size), restOf(last, size)))
  const first = pinnedOf(index, all, making)
  const best = bestOf(index, rest, { all, making, end })
  const last = bestOf(
    index,
    only(({ last: held }) => held),
    { all, making, end },
  )
  return { placed: [...first.placed, ...best, ...last].slice(offset, end), added: first.added, explain }
}

type Asked = { readonly all: FoundAll; readonly making: ScoreMaking; readonly end: number }

const bestOf = (index: PagedIndex, found: readonly Candidates[], { all, making, end }: Asked): readonly Placed[] => {
  const { brands } = all.query.arrangement ?? {}
  const best = highest(found, Math.max(end, looked))
  const fitted = best
    .slice(0, looked)
    .map((placed) => lookedAt(making, placed))
    .sort(comparePlaced)
  const spread = brands === undefined ? fitted : spreadBrands(index.vocabulary, fitted, brands)
  return best.length > looked ? [...spread, ...best.slice(looked)] : spread
}

/** A product whose title was held against the query, with what the shop adds; a code that was asked for stays before all. */
const lookedAt = ({ slots, fitOf, isMeant, boost }: ScoreMaking, { segment, document, key }: Placed): Placed => {
  const ofCode = key >= exactCodeWorth ? exactCodeWorth : 0
  const ofWords = key - ofCode
  const score =
    slots.length === 0
      ? ofWords
      : meantScore(fittedScore(ofWords, fitOf(segment, document)), isMeant(segment, document))
  const boosted = boost === undefined ? score : boostedScore(score, boost(segment.ids[document] ?? ''))
  return { segment, document, key: boosted + ofCode, isLookedAt: true }
}

/**
 * Those with the highest scores, in order where more are wanted than are looked at; where nothing was searched for all are
 * alike, and stand in order of ids.
 */
const highest = (found: readonly Candidates[], most: number): readonly Placed[] =>
  found.every(({ scored }) => scored === null)
    ? firstOf(
        found.map(({ segment, held }) =>
          Array.from(listBits(held, Math.min(most, countBits(held))), (document) => ({ segment, document, key: 0 })),
        ),
        most,
      )
    : (most > looked ? selectTop : pickTop)(
        found.map((each) => {
          const { documents, scores } = scoresOf(each)
          return { segment: each.segment, documents, keys: scores }
        }),
        most,
      )

type Pinned = {
  readonly placed: readonly Placed[]
  /** Those that have nothing of the query. */
  readonly added: number
}

const pinnedOf = (index: PagedIndex, { query, found }: FoundAll, making: ScoreMaking): Pinned => {
  const { pinned = [] } = query.arrangement ?? {}
  const welcome = welcomeOf(index, query, pinned)
  let added = 0
  const placed = [...new Set(pinned)].flatMap((id): readonly Placed[] => {
    const place = placeOf(index.segments, id)
    if (place === undefined) return []
    const { segment, document } = place
    const each = found.find((other) => other.segment === segment)
    if (each !== undefined && hasBit(each.held, document)) {
      const at = each.scored === null ? undefined : placeIn(each.scored.documents, document)
      return [lookedAt(making, { ...place, key: at === undefined ? 0 : (each.scored?.scores[at] ?? 0) })]
    }
    if (!welcome.some((other) => other.segment === segment && hasBit(other.open, document))) return []
    added += 1
    return [{ ...place, key: 0 }]
  })
  return { placed, added }
}

/** Those that are pinned and meet the filter, whether they have a word of the query or not. */
const welcomeOf = (index: PagedIndex, query: CatalogQuery, pinned: readonly string[]) => {
  const wanted = pinned.filter((id) => query.among?.has(id) !== false)
  const parts = [...query.within, ...partsOf(query.filter)]
  return index.segments.map((segment) => {
    const held = bothOf(withIds(segment, wanted), segment.alive)
    return filterDocuments(index.vocabulary, { segment, held }, parts)
  })
}
