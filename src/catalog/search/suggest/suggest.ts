import { ok, okAsync, ResultAsync, safeTry } from 'neverthrow'
import type { Scope } from '../../../shared/actor.js'
import { type QueryContext, type QueryError, runQuery } from '../../../shared/run-query.js'
import type { SuggestInput } from '../../browse.js'
import { parseSuggest } from '../../browse.schema.js'
import { searchedText } from '../../history/browsing-history.js'
import { agreedItems, askOwnHistory, type HistoryPorts } from '../../history/read-history.js'
import type { CatalogPorts } from '../../ports.js'
import type { ProductCard } from '../../product-card.js'
import type { CatalogSource } from '../catalog-source.js'
import { cardsOf, withinScope } from '../found-cards.js'
import type { CatalogQuery } from '../query/catalog-query.js'
import { completionsOf, type Suggestion } from './complete.js'
import { askPopular, popularOf } from './popular.js'
import { relatedTo } from './related.js'

/** What to offer beside a search field. */
export type Suggestions = {
  /** What the typed text may become: what the shopper searched for before, then what many others did, then the catalog's names. */
  readonly completions: readonly Suggestion[]
  /** Other searches for the same kind of goods. */
  readonly related: readonly Suggestion[]
  /** Products for the typed text, or for what it most likely becomes. */
  readonly products: readonly ProductCard[]
}

const usualLimit = 8
const mostProducts = 4
const mostPopular = 3

/**
 * Offers completions of a typed text, by its letters, its pinyin or as it may have been meant; related searches; and
 * products beside them. Each leads to at least one product that is on sale and within the asker's reach.
 *
 * @errors QueryError
 */
export const suggest = (
  ports: CatalogPorts & HistoryPorts,
  context: QueryContext,
  input: SuggestInput,
): ResultAsync<Suggestions, QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.suggest',
    parse: parseSuggest,
    plan: ({ actor, input: { text } }) => ({ ...askOwnHistory(actor), ...askPopular(text) }),
    answer: (read, { input: { text, history: device = [], limit = usualLimit }, scope, now }) =>
      agreedItems(ports, read, now)
        .map((items) => (items ?? []).flatMap((item) => (item.kind === 'search' ? [item.text] : [])))
        .mapErr((error): QueryError => error)
        .andThen((own) =>
          ports.shelf
            .follow(ports)
            .mapErr((error): QueryError => error)
            .andThen((source) =>
              suggestFrom(ports, {
                source,
                text,
                history: [...own, ...device],
                popular: popularOf(read, text, ports.search?.popular),
                limit,
                scope,
                now,
              }),
            ),
        ),
  })

type Asked = {
  readonly source: CatalogSource
  readonly text: string
  readonly history: readonly string[]
  /** What many others searched for, most people first. */
  readonly popular: readonly string[]
  readonly limit: number
  readonly scope: Scope
  readonly now: number
}

const suggestFrom = (
  ports: CatalogPorts,
  { source, text, history, popular, limit, scope, now }: Asked,
): ResultAsync<Suggestions, QueryError> =>
  safeTry(async function* () {
    const within = withinScope(scope)
    const words = ports.search?.words
    const ask = (wanted: string, most: number) => source.ask(queryOf(wanted, within, most), words)
    const confirm = (offered: Suggestion): ResultAsync<readonly Suggestion[], QueryError> =>
      ask(offered.text, 0).map(({ total }) => (total === 0 ? [] : [{ ...offered, products: total }]))
    // How many products a word has was counted a while ago, and those it was counted of may all be gone.
    const isSure = ({ kind, products }: Suggestion): boolean =>
      within.length === 0 && (kind !== 'word' || products > source.figures.outdated)
    const reach = (offered: readonly Suggestion[]) =>
      ResultAsync.combine(offered.map((each) => (isSure(each) ? okAsync([each]) : confirm(each)))).map((all) =>
        all.flat(),
      )
    const remembered = (yield* ResultAsync.combine(rememberedOf(history, text, limit).map(confirm))).flat()
    const known = new Set(remembered.map((each) => searchedText(each.text)))
    const completed = yield* reach(completionsOf(source.figures, text, limit))
    const others = (yield* ResultAsync.combine(
      popular
        .filter((each) => !known.has(each))
        .slice(0, mostPopular)
        .map((each) => confirm({ text: each, kind: 'popular', products: 0 })),
    )).flat()
    for (const each of others) known.add(each.text)
    const named = completed.filter((each) => !known.has(searchedText(each.text)))
    const completions = [...remembered, ...others, ...named].slice(0, limit)
    const asTyped = yield* ask(text, mostProducts)
    const [likeliest] = completions
    const found =
      likeliest !== undefined && (asTyped.found.length === 0 || asTyped.dropped.length > 0)
        ? (yield* ask(likeliest.text, mostProducts)).found
        : asTyped.found
    const related = yield* reach(yield* relatedTo(source, { text, within, most: limit }, words))
    const cards = yield* cardsOf(ports, found, { scope, now })
    const cardOfId = new Map(cards.map((card) => [card.productId, card]))
    return ok({ completions, related, products: found.flatMap(({ productId }) => cardOfId.get(productId) ?? []) })
  })

const queryOf = (text: string, within: CatalogQuery['within'], limit: number): CatalogQuery => ({
  text,
  filter: {},
  within,
  sort: 'relevance',
  offset: 0,
  limit,
  isTotalOnly: limit === 0,
})

/** Earlier searches that begin as what is typed, the latest first, each once. */
const rememberedOf = (history: readonly string[], text: string, most: number): readonly Suggestion[] => {
  const typed = searchedText(text)
  const seen = new Set([typed])
  return history
    .filter((earlier) => {
      const folded = searchedText(earlier)
      if (!folded.startsWith(typed) || seen.has(folded)) return false
      seen.add(folded)
      return true
    })
    .slice(0, most)
    .map((earlier) => ({ text: earlier.trim(), kind: 'history', products: 0 }))
}
