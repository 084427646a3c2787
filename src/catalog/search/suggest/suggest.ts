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
import type { CatalogAnswer, CatalogQuery } from '../query/catalog-query.js'
import type { PreparedWords } from '../query/search-words.js'
import { completionsOf, type Suggestion } from './complete.js'
import { askPopular, popularOf } from './popular.js'
import { askRelated } from './related.js'

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
): ResultAsync<Suggestions, QueryError> => {
  const follow = () => ports.shelf.follow(ports)
  let following: ReturnType<typeof follow> | undefined
  return runQuery(ports, context, input, {
    action: 'catalog.suggest',
    parse: parseSuggest,
    plan: ({ actor, input: { text } }) => {
      // Who may ask is known, and what was saved since is looked for while the rest is read.
      following = follow()
      return { ...askOwnHistory(actor), ...askPopular(text) }
    },
    answer: (read, { input: { text, history: device = [], limit = usualLimit }, scope, now }) =>
      agreedItems(ports, read, now)
        .map((items) => (items ?? []).flatMap((item) => (item.kind === 'search' ? [item.text] : [])))
        .andThen((own) =>
          (following ?? follow()).andThen((source) =>
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
}

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
    // How many products a word has was counted a while ago, and those it was counted of may all be gone.
    const isSure = ({ kind, products }: Suggestion): boolean =>
      within.length === 0 && (kind !== 'word' || products > source.figures.outdated)
    const remembered = rememberedOf(history, text, limit)
    const others = popularBeside(popular, remembered)
    const completed = completionsOf(source.figures, text, limit)
    const related = askRelated(source.figures, { text, within, most: limit })
    const unsure = [...remembered, ...others, ...completed.filter((each) => !isSure(each))]
    // What is shown comes from what is typed or from the first that leads anywhere, which is none behind one that is sure to.
    const firstSure = completed.findIndex(isSure)
    const leading = firstSure < 0 ? completed : completed.slice(0, firstSure + 1)
    const wanted = new Map([
      ...unsure.map((each) => [each.text, 0] as const),
      ...[...remembered, ...others, ...leading].map((each) => [each.text, mostProducts] as const),
      [text, mostProducts] as const,
    ])
    const queries = [...wanted].map(([each, most]) => queryOf(each, within, most))
    const answers = yield* source.askEach([...queries, ...(related === null ? [] : [related.query])], words)
    const answerTo = new Map([...wanted.keys()].map((each, at) => [each, answers[at]]))
    const confirmed = (offered: readonly Suggestion[]): readonly Suggestion[] =>
      offered.flatMap((each) => withProducts(each, answerTo.get(each.text)))

    const recalled = confirmed(remembered)
    const known = new Set(recalled.map((each) => searchedText(each.text)))
    const liked = confirmed(others.filter((each) => !known.has(each.text)).slice(0, mostPopular))
    for (const each of liked) known.add(each.text)
    const named = completed
      .flatMap((each) => (isSure(each) ? [each] : confirmed([each])))
      .filter((each) => !known.has(searchedText(each.text)))
    const completions = [...recalled, ...liked, ...named].slice(0, limit)
    const [likeliest] = completions
    const asTyped = answerTo.get(text)
    const isTypedFound = asTyped !== undefined && asTyped.found.length > 0 && asTyped.dropped.length === 0
    const shown = isTypedFound || likeliest === undefined ? asTyped : answerTo.get(likeliest.text)
    const found = shown?.found ?? []
    const alike = answers[wanted.size]
    const phrases = related === null || alike === undefined ? [] : related.told(alike)
    const [reached, cards] = yield* ResultAsync.combine([
      phrases.every(isSure)
        ? okAsync<readonly Suggestion[], QueryError>(phrases)
        : reach(source, phrases, within, words),
      cardsOf(ports, found, { scope, now }),
    ])
    const cardOfId = new Map(cards.map((card) => [card.productId, card]))
    const products = found.flatMap(({ productId }) => cardOfId.get(productId) ?? [])
    return ok({ completions, related: reached, products })
  })

/** An offer with as many products as were found for it; nothing where there are none. */
const withProducts = (offered: Suggestion, answer: CatalogAnswer | undefined): readonly Suggestion[] =>
  answer === undefined || answer.total === 0 ? [] : [{ ...offered, products: answer.total }]

/** Those of the offers that lead to something within the asker's reach. */
const reach = (
  source: CatalogSource,
  offered: readonly Suggestion[],
  within: CatalogQuery['within'],
  words: PreparedWords | undefined,
): ResultAsync<readonly Suggestion[], QueryError> =>
  source
    .askEach(
      offered.map((each) => queryOf(each.text, within, 0)),
      words,
    )
    .map((answers) => offered.flatMap((each, at) => withProducts(each, answers[at])))

/** What many searched for, so far down that `mostPopular` are left when all that the shopper remembers is left out. */
const popularBeside = (popular: readonly string[], remembered: readonly Suggestion[]): readonly Suggestion[] => {
  const own = new Set(remembered.map((each) => searchedText(each.text)))
  const others = popular.filter((each) => !own.has(each))
  const last = others[mostPopular - 1]
  return popular
    .slice(0, last === undefined ? popular.length : popular.indexOf(last) + 1)
    .map((text) => ({ text, kind: 'popular', products: 0 }))
}

const queryOf = (text: string, within: CatalogQuery['within'], limit: number): CatalogQuery => ({
  text,
  filter: {},
  within,
  sort: 'relevance',
  offset: 0,
  limit,
  isTotalOnly: true,
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
