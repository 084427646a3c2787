import { okAsync, type ResultAsync } from 'neverthrow'
import type { StorageUnavailable } from '../../../shared/errors.js'
import { compareCodePoints } from '../../../shared/json.js'
import { codeOfText } from '../index/code-column.js'
import type { Vocabulary } from '../index/vocabulary.js'
import { allOf, type Candidates } from '../query/candidates.js'
import type { CatalogAnswer, CatalogQuery, SearchSort } from '../query/catalog-query.js'
import { completeAnswer } from '../query/complete-answer.js'
import { exactCodeWorth, readCode } from '../query/exact-code.js'
import { filterDocuments, partsOf, type WithinPart } from '../query/filter-documents.js'
import { meantCategories } from '../query/meant-categories.js'
import { looked, pageOf } from '../query/page-of.js'
import { planOf, type QueryPlan } from '../query/plan-query.js'
import { coordinations } from '../query/relevance.js'
import {
  coversOf,
  enough,
  leastShare,
  type Matched,
  matchSegments,
  scoreMatched,
  totalOf,
  usualShare,
} from '../query/score-segments.js'
import { bestOf, hasWord, visibleOf } from '../query/search-index.js'
import { onlyRetailWords, type PreparedWords } from '../query/search-words.js'
import type { Placed } from '../query/select-top.js'
import type { Slot } from '../query/slot.js'
import { bothTallies, tallyOf } from '../query/tally.js'
import type { SealedCatalog } from './sealed-catalog.js'
import type { SealedFindings, SealedIndex, SealedQuestion, SealedSort, SealedWords } from './sealed-index.js'
import { type SealedParts, sealedPartsOf, sealedWithinOf } from './sealed-parts.js'
import { foundOfRows, segmentOfRows } from './sealed-segment.js'
import { sealedTally } from './sealed-tally.js'

/** Answers, each in the place of its query, and the newest epoch there is. */
export type SealedAnswers = { readonly answers: readonly CatalogAnswer[]; readonly newest: number }

/** A query, and the catalog as whoever asks sees it. */
export type SealedQuery = { readonly catalog: SealedCatalog; readonly query: CatalogQuery }

/**
 * Answers queries from an epoch and from what changed since, as one index of both would, in one round trip.
 *
 * @returns null where the epoch is no more
 */
export const searchSealed = (
  index: Pick<SealedIndex, 'find'>,
  queries: readonly SealedQuery[],
  words: PreparedWords = onlyRetailWords(),
): ResultAsync<SealedAnswers | null, StorageUnavailable> => {
  const asked = queries.map(({ catalog, query }) => ({ catalog, ...askFor(catalog, query, words) }))
  const questions = asked.flatMap(({ question }) => (question === null ? [] : [question]))
  const find = questions.length === 0 ? okAsync([]) : index.find(questions)
  return find.map((found) => {
    if (found === null) return null
    const left = [...found]
    const answers = asked.map((each) =>
      answerFrom(each.catalog, each, each.question === null ? nothing : (left.shift() ?? nothing)),
    )
    return {
      answers,
      newest: Math.max(...queries.map(({ catalog }) => catalog.epoch), ...found.map((each) => each.newest)),
    }
  })
}

const nothing: SealedFindings = {
  newest: 0,
  least: 0,
  rows: [],
  best: null,
  missing: [],
  counts: [],
  impacts: [],
}

type Asked = {
  readonly query: CatalogQuery
  readonly plan: QueryPlan | undefined
  readonly matched: readonly Matched[]
  readonly parts: SealedParts
  /** Null where the epoch has nothing of it. */
  readonly question: SealedQuestion | null
}

const askFor = (catalog: SealedCatalog, query: CatalogQuery, words: PreparedWords): Asked => {
  const { shop, epoch, knowledge, figures, changed } = catalog
  const plan = planOf(figures, query.text, words)
  const matched = plan === undefined ? [] : matchSegments(changed.segments, plan.slots)
  const parts = sealedPartsOf(knowledge, partsOf(query.filter))
  const base = { query, plan, matched, parts }
  if (knowledge.counted === 0) return { ...base, question: null }
  const { pinned = [], buried = [] } = query.sort === 'relevance' ? (query.arrangement ?? {}) : {}
  const end = query.offset + query.limit
  return {
    ...base,
    question: {
      shop,
      epoch,
      dead: catalog.deadDocuments,
      words: plan === undefined ? null : sealedWords(plan.slots, matched, query.text),
      within: sealedWithinOf(knowledge, query.within),
      parts: parts.asked,
      among: query.among === undefined ? null : [...query.among],
      sort: sortOf(query),
      most: query.limit === 0 ? 0 : query.sort === 'relevance' ? Math.max(end, looked) : end,
      mostLooked: query.sort === 'relevance' ? looked : 0,
      apart: [...new Set([...pinned, ...buried])],
      isCounted:
        query.isTotalOnly !== true &&
        (knowledge.numbers.facets.length > 0 || knowledge.totals.some((count) => count > 0)),
      wantsValues:
        query.sort === 'relevance' &&
        (query.arrangement?.brands !== undefined || pinned.length > 0 || namesCategory(knowledge.vocabulary, plan)),
      isExplained: query.isExplained === true,
    },
  }
}

const sealedWords = (slots: readonly Slot[], matched: readonly Matched[], text: string): SealedWords => {
  const code = codeOfText(readCode(text) ?? '')
  return {
    writings: slots.flatMap(({ alternatives, rarity }, slot) =>
      alternatives.map(({ term, weight }) => ({ slot, term, worth: rarity * weight })),
    ),
    covers: slots.map(({ rarity, isExtra }) => (isExtra ? 0 : rarity)),
    total: totalOf(slots),
    shares: coordinations,
    others: coversOf(matched),
    enough: { usual: usualShare, least: leastShare, products: enough },
    code: code === undefined ? null : { code, worth: exactCodeWorth },
  }
}

const sortOf = ({ sort, after }: CatalogQuery): SealedSort => {
  const column = columns[sort]
  return column === null ? { by: 'score' } : { by: column, isRising: sort === 'priceAscending', after: after ?? null }
}

const columns = {
  relevance: null,
  newest: 'createdAt',
  launched: 'launchedAt',
  priceAscending: 'price',
  priceDescending: 'price',
  sales: 'sold',
  hot: 'trend',
  rating: 'recommendation',
} as const satisfies Record<SearchSort, unknown>

const answerFrom = (catalog: SealedCatalog, asked: Asked, findings: SealedFindings): CatalogAnswer => {
  const { knowledge, figures, changed } = catalog
  const { vocabulary } = knowledge
  const { query, plan, matched } = asked
  const { slots, read } = plan ?? { slots: [], read: [] }
  const parts = partsOf(query.filter)
  const scoring = { least: findings.least, total: totalOf(slots), text: query.text }
  const seen = (
    plan === undefined ? changed.segments.map(allOf) : matched.map((each) => scoreMatched(each, scoring))
  ).map((each) => visibleOf(vocabulary, each, query))
  const filtered = seen.map((each) => filterDocuments(vocabulary, each, parts))
  const first = segmentOfRows(knowledge, findings, {
    facets: facetsFor(query, namesCategory(vocabulary, plan)),
    sort: query.sort,
  })
  const found: readonly Candidates[] = [
    foundOfRows(first, plan !== undefined),
    ...seen.map((each, at) => ({ ...each, held: filtered[at]?.open ?? each.held })),
  ]
  const isWhole = asked.question !== null && plan === undefined && isUnbounded(asked.question)
  return completeAnswer(figures, {
    query,
    plan: { slots, read },
    parts,
    tally: bothTallies(sealedTally(catalog, findings, asked.parts, isWhole), tallyOf(vocabulary, filtered)),
    page: pageOf({ vocabulary, segments: [first.segment, ...changed.segments] }, { query, slots, found }),
    bestHas: bestHasOf(slots, findings.best, bestOf(seen)),
  })
}

const isUnbounded = ({ within, among }: SealedQuestion): boolean => within.length === 0 && among === null

/** Whether the order of the first hangs on their categories. */
const namesCategory = (vocabulary: Vocabulary, plan: QueryPlan | undefined): boolean =>
  plan !== undefined && meantCategories(vocabulary, plan.slots).size > 0

/** The facets that the order of the first hangs on. */
const facetsFor = ({ filter, within, arrangement = {} }: CatalogQuery, isCategoryMeant: boolean): ReadonlySet<string> =>
  new Set([
    ...(isCategoryMeant ? ['category'] : []),
    ...(arrangement.brands === undefined ? [] : ['brand']),
    ...((arrangement.pinned ?? []).length === 0 ? [] : facetsIn([...within, ...partsOf(filter)])),
  ])

const facetsIn = (parts: readonly WithinPart[]): readonly string[] => parts.flatMap(facetsOf)

const facetsOf = (part: WithinPart): readonly string[] => {
  switch (part.kind) {
    case 'facet':
      return [part.facet]
    case 'anyOf':
      return part.choices.flatMap(facetsIn)
    case 'atLeast':
    case 'price':
    case 'priced':
    case 'products':
      return []
  }
}

const bestHasOf = (
  slots: readonly Slot[],
  sealed: SealedFindings['best'],
  changed: Placed | undefined,
): ((slot: Slot) => boolean) | null => {
  const changedHas = changed === undefined ? null : (slot: Slot) => hasWord(changed, slot)
  if (sealed === null) return changedHas
  const isChanged =
    changed !== undefined &&
    (changed.key - sealed.score || compareCodePoints(sealed.id, changed.segment.ids[changed.document] ?? '')) > 0
  return isChanged ? changedHas : (slot) => Math.floor(sealed.slots / 2 ** slots.indexOf(slot)) % 2 === 1
}
