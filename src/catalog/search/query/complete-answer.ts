import type { CatalogFigures } from '../index/catalog-figures.js'
import type { CatalogAnswer, CatalogQuery } from './catalog-query.js'
import { countFacets } from './count-facets.js'
import type { FilterPart } from './filter-documents.js'
import { effectsOf, partToRelax } from './filter-effects.js'
import type { OrderedPage } from './page-of.js'
import type { QueryPlan } from './plan-query.js'
import type { Slot } from './slot.js'
import type { Tally } from './tally.js'

/** What was found out for a query. */
export type FoundOut = {
  readonly query: CatalogQuery
  readonly plan: QueryPlan
  readonly parts: readonly FilterPart[]
  readonly tally: Tally
  readonly page: OrderedPage
  /** Which words the best product has, whatever the filter; null where nothing has any. */
  readonly bestHas: ((slot: Slot) => boolean) | null
}

const noFacets: CatalogAnswer['facets'] = { brands: [], categories: [], prices: [], attributes: [] }

/** Makes the answer of what was found out. */
export const completeAnswer = (
  figures: CatalogFigures,
  { query, plan: { slots, read }, parts, tally, page, bestHas }: FoundOut,
): CatalogAnswer => {
  const effects = effectsOf(tally, parts)
  const isScored = query.text.trim() !== '' && query.sort === 'relevance'
  return {
    found: page.placed.map((each) => ({
      productId: each.segment.ids[each.document] ?? '',
      key: each.key,
      score: isScored ? each.key : 0,
      ...(query.isExplained === true ? { parts: isScored ? page.explain(each) : [] } : {}),
    })),
    total: tally.countOf(-1) + page.added,
    dropped: droppedOf(slots, bestHas),
    corrected: [
      ...read,
      ...slots.flatMap(({ word, corrected }) => (corrected === null ? [] : [{ from: word, to: corrected }])),
    ],
    terms: [
      ...new Set(
        slots.flatMap(({ alternatives }) =>
          alternatives
            .filter(({ term }) => figures.frequencyOf(term) > 0)
            .map(({ term }) => figures.vocabulary.terms.list[term] ?? ''),
        ),
      ),
    ],
    facets: query.isTotalOnly === true ? noFacets : countFacets(figures.vocabulary, tally, parts),
    filters: effects,
    relax: partToRelax(tally, parts, effects),
  }
}

/** The words of a query that the best product does not have, where none has all. */
const droppedOf = (slots: readonly Slot[], bestHas: FoundOut['bestHas']): readonly string[] => {
  const asked = slots.filter(({ isExtra }) => !isExtra)
  return bestHas === null ? asked.map(({ word }) => word) : joinPairs(asked.filter((slot) => !bestHas(slot)))
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
