import type { ResultAsync } from 'neverthrow'
import { type QueryContext, type QueryError, runQuery } from '../../../shared/run-query.js'
import { parseSuggest } from '../../browse.schema.js'
import type { CatalogPorts } from '../../ports.js'
import type { ProductCard } from '../../product-card.js'
import { fold } from '../analysis/fold.js'
import { cardsOf, withinScope } from '../found-cards.js'
import type { CatalogQuery } from '../query/catalog-query.js'
import { searchIndex } from '../query/search-index.js'
import { completionsOf, type Suggestion } from './complete.js'
import { relatedTo } from './related.js'

/** What to offer beside a search field. */
export type Suggestions = {
  /** What the typed text may become; what the shopper searched for before comes first. */
  readonly completions: readonly Suggestion[]
  /** Other searches for the same kind of goods. */
  readonly related: readonly Suggestion[]
  /** Products for the typed text, or for what it most likely becomes. */
  readonly products: readonly ProductCard[]
}

const usualLimit = 8
const mostProducts = 4

/**
 * Offers completions of a typed text, by its letters, its pinyin or as it may have been meant; related searches; and
 * products beside them. Each leads to at least one product that is on sale and within the asker's reach.
 *
 * @errors QueryError
 */
export const suggest = (
  ports: CatalogPorts,
  context: QueryContext,
  input: unknown,
): ResultAsync<Suggestions, QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.suggest',
    parse: parseSuggest,
    plan: () => ({}),
    answer: (_, { input: { text, history = [], limit = usualLimit }, scope, now }) =>
      ports.shelf
        .follow(ports)
        .mapErr((error): QueryError => error)
        .andThen((index) => {
          const within = withinScope(scope)
          const ask = (words: string, most: number) =>
            searchIndex(index, queryOf(words, within, most), ports.search?.words)
          const reach = (offered: readonly Suggestion[]): readonly Suggestion[] =>
            within.length === 0 ? offered : offered.flatMap((each) => reached(each, ask(each.text, 0).total))
          const remembered = rememberedOf(history, text, limit).flatMap((each) =>
            reached(each, ask(each.text, 0).total),
          )
          const known = new Set(remembered.map((each) => fold(each.text).trim()))
          const completions = [
            ...remembered,
            ...reach(completionsOf(index, text, limit)).filter((each) => !known.has(fold(each.text).trim())),
          ].slice(0, limit)
          const asTyped = ask(text, mostProducts)
          const [likeliest] = completions
          const found =
            likeliest !== undefined && (asTyped.found.length === 0 || asTyped.dropped.length > 0)
              ? ask(likeliest.text, mostProducts).found
              : asTyped.found
          const related = reach(relatedTo(index, { text, within, most: limit }, ports.search?.words))
          return cardsOf(ports, found, { scope, now }).map((cards): Suggestions => {
            const cardOfId = new Map(cards.map((card) => [card.productId, card]))
            return { completions, related, products: found.flatMap(({ productId }) => cardOfId.get(productId) ?? []) }
          })
        }),
  })

const queryOf = (text: string, within: CatalogQuery['within'], limit: number): CatalogQuery => ({
  text,
  filter: {},
  within,
  sort: 'relevance',
  offset: 0,
  limit,
})

const reached = (suggestion: Suggestion, products: number): readonly Suggestion[] =>
  products === 0 ? [] : [{ ...suggestion, products }]

/** Earlier searches that begin as what is typed, the latest first, each once. */
const rememberedOf = (history: readonly string[], text: string, most: number): readonly Suggestion[] => {
  const typed = fold(text).trim()
  const seen = new Set([typed])
  return history
    .filter((earlier) => {
      const folded = fold(earlier).trim()
      if (!folded.startsWith(typed) || seen.has(folded)) return false
      seen.add(folded)
      return true
    })
    .slice(0, most)
    .map((earlier) => ({ text: earlier.trim(), kind: 'history', products: 0 }))
}
