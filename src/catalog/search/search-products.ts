import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { Actor, Scope } from '../../shared/actor.js'
import type { InvalidInput } from '../../shared/errors.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { SearchProductsInput } from '../browse.js'
import { parseSearchProducts } from '../browse.schema.js'
import type { HistoryItem } from '../history/browsing-history.js'
import { agreedItems, askOwnHistory, type HistoryPorts } from '../history/read-history.js'
import type { LocalText } from '../local-text.js'
import type { CatalogPorts } from '../ports.js'
import type { ProductCard } from '../product-card.js'
import type { ProductFilter } from '../product-filter.js'
import type { CatalogSource } from './catalog-source.js'
import { orderFacets, profiledProducts, profileOf, usedFacet } from './facet-order.js'
import { cardsWithHabits, withinScope } from './found-cards.js'
import { pricedQuery } from './priced-query.js'
import type { CatalogAnswer, CatalogQuery } from './query/catalog-query.js'
import type { ScorePart } from './query/explain-score.js'
import { partsOf } from './query/filter-documents.js'
import { highlight, type TextRange } from './query/highlight.js'
import { type SearchFrom, searchFrom, windowOf } from './search-cursor.js'
import { arrangementFor } from './search-policy.js'
import { didYouMean, type MeantQuery } from './spelling/did-you-mean.js'
import { applyUnderstood } from './understanding/apply-understood.js'
import { lexiconOf } from './understanding/lexicon.js'
import { type UnderstoodPart, understandQuery } from './understanding/understand-query.js'

/** A product found, with what it scored; a whole number, more is better. */
export type SearchHit = ProductCard & {
  readonly score: number
  /** What the score is made of, where `explain` asked for it; the parts sum to it exactly. */
  readonly parts?: readonly ScorePart[]
  /** Where the title, in each language, has words of the query. */
  readonly highlights: Readonly<Record<keyof LocalText, readonly TextRange[]>>
}

/** What a search found. */
export type SearchedProducts = Omit<CatalogAnswer, 'found'> & {
  readonly hits: readonly SearchHit[]
  /** Whether the order of the facets goes by what the shopper looked at, too. */
  readonly profiled: boolean
  /** Where the next page begins; null at the end, and by relevance behind the first `mostPaged`. */
  readonly next: string | null
  /**
   * Where what is sold out is left out, and more was found than is looked at: of how many of the best all is told. Null where
   * it is told of all.
   */
  readonly stockOf: number | null
  /** The query as it may have been meant, to be offered; null where nothing looks like a slip. */
  readonly meant: MeantQuery | null
  /** What the text was understood to say beyond words; a shopper may take each away (`literally`). */
  readonly understood: readonly (UnderstoodPart & {
    /** Whether only what meets it was found; what is only inferred is offered, and what would leave nothing is not applied. */
    readonly applied: boolean
  })[]
}

/**
 * The most products whose stock is asked for, best first, where what is sold out is left out: of those that meet the filter,
 * and of those that meet the query without it, of which `filters`, `facets` and `relax` tell.
 */
export const mostCandidates = 500

/**
 * Finds products on sale by words: title, brand, categories, SKU, attributes and description, in English and Chinese.
 *
 * What the text says beyond words is understood as conditions (`under $50`, `品牌:华为`), told in `understood`, and applied
 * where it is stated. Products with every word come first, then those with most of the query. Words that nothing has are looked for as they
 * may have been meant (`corrected`); what the best product lacks is named in `dropped`.
 *
 * @errors QueryError
 */
export const searchProducts = (
  ports: CatalogPorts & HistoryPorts,
  context: QueryContext,
  input: SearchProductsInput,
): ResultAsync<SearchedProducts, QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.searchProducts',
    parse: (given) => parseSearchProducts(given).andThen(withFrom),
    plan: ({ actor, input }) => askOwnHistory(input.profiled === false ? nobody : actor),
    answer: (read, { input: asked, scope, now }) =>
      agreedItems(ports, read, now).andThen((items) =>
        ports.shelf
          .follow(ports)
          .andThen((source) => answerFrom(ports, { source, asked, viewed: viewedIn(items), scope, now })),
      ),
  })

const nobody: Actor = { kind: 'guest', guestId: '' }

/** The products that were looked at last; null of whoever has no profile. */
const viewedIn = (items: readonly HistoryItem[] | null): readonly string[] | null =>
  items?.flatMap((item) => (item.kind === 'product' ? [item.productId] : [])).slice(0, profiledProducts) ?? null

type AskedPage = SearchProductsInput & { readonly from: SearchFrom }

const withFrom = (input: SearchProductsInput): Result<AskedPage, InvalidInput> => {
  if (input.after !== undefined && (input.offset ?? 0) > 0) {
    const issue = { path: 'offset', code: 'after_given', message: 'Nothing is left out behind the end of a page' }
    return err({ type: 'InvalidInput', issues: [issue] })
  }
  return searchFrom(input.sort ?? 'relevance', input.after).map((from) => ({ ...input, from }))
}

type Asked = {
  readonly source: CatalogSource
  readonly asked: AskedPage
  readonly viewed: readonly string[] | null
  readonly scope: Scope
  readonly now: number
}

const answerFrom = (
  ports: CatalogPorts,
  { source, asked, viewed, scope, now }: Asked,
): ResultAsync<SearchedProducts, QueryError> =>
  safeTry(async function* () {
    const { offset = 0, limit = 24, sort = 'relevance', from } = asked
    const policy = ports.search ?? {}
    const lexicon = lexiconOf(source.figures)
    const { text, parts } = understandQuery(lexicon, asked.text, asked.literally)
    const { prices } = ports
    const currencies = prices === undefined || prices.currency === null ? lexicon.currencies : [prices.currency]
    const stated = applyUnderstood(asked.filter ?? {}, parts, currencies)
    const ask = (query: CatalogQuery) => source.ask(query, policy.words)
    const queryWith = (filter: ProductFilter): CatalogQuery =>
      pricedQuery(source.figures, prices, {
        text,
        filter,
        within: withinScope(scope),
        sort,
        offset,
        limit,
        isExplained: asked.explain === true,
      })
    // Conditions that leave nothing are told and not applied; those of the filter are the asker's own. What is pinned comes
    // without a word of the query, and is no sign that something meets it.
    const isMet =
      stated.applied.size === 0 ||
      (yield* ask({ ...queryWith(stated.filter), offset: 0, limit: 0, isTotalOnly: true })).total > 0
    const filter = isMet ? stated.filter : (asked.filter ?? {})
    const query: CatalogQuery = {
      ...queryWith(filter),
      arrangement: arrangementFor(policy, { text: asked.text, isOfBrand: isOfBrand(filter, parts), now }),
    }
    const window = windowOf(sort, from, { offset, limit })
    const isStockWanted = asked.inStockOnly === true && ports.stock !== undefined
    const wide = { ...query, offset: 0, limit: mostCandidates }
    const answer = yield* ask(isStockWanted ? wide : { ...query, ...window.asks })
    // What the filter took away is told of what is in stock too, so its stock is asked for beside that of what was found.
    const open = isStockWanted && partsOf(filter).length > 0 ? yield* ask({ ...wide, filter: {} }) : undefined
    const looked = isStockWanted ? [...answer.found, ...(open?.found ?? [])] : window.cut(answer.found).page
    const once = [...new Map(looked.map((each) => [each.productId, each])).values()]
    const facets = answer.facets.attributes.map(({ name }) => usedFacet(`attribute:${name}`))
    const { cards, ...habits } = yield* cardsWithHabits(ports, once, { scope, now }, { viewed: viewed ?? [], facets })
    const profile = viewed === null ? null : profileOf(habits.viewed)
    const among = new Set(cards.filter(({ inStock }) => inStock).map(({ productId }) => productId))
    const { found: all, ...told } = isStockWanted ? yield* ask({ ...query, ...window.asks, among }) : answer
    const { page: found, next } = window.cut(all)
    const most = Math.max(answer.total, open?.total ?? 0)
    const terms = new Set(told.terms)
    const cardOfId = new Map(cards.map((card) => [card.productId, card]))
    return ok({
      ...told,
      facets: orderFacets(told.facets, habits.uses, profile),
      profiled: profile !== null,
      next,
      stockOf: isStockWanted && most > mostCandidates ? mostCandidates : null,
      // What was read as Chinese is told already, and no slip.
      meant: told.corrected.some(({ to }) => han.test(to)) ? null : didYouMean(source.figures, text),
      understood: parts.map((part) => ({ ...part, applied: isMet && stated.applied.has(part) })),
      hits: found.flatMap(({ productId, key: _, ...scored }) => {
        const card = cardOfId.get(productId)
        if (card === undefined) return []
        const { en, 'zh-CN': zh } = card.title
        return [{ ...card, ...scored, highlights: { en: highlight(en, terms), 'zh-CN': highlight(zh, terms) } }]
      }),
    })
  })

const han = /\p{Script=Han}/u

/** Whether a brand was asked for: who does so wants as much of it as there is. */
const isOfBrand = ({ brands = [] }: ProductFilter, parts: readonly UnderstoodPart[]): boolean =>
  brands.length > 0 || parts.some(({ kind }) => kind === 'brand')
