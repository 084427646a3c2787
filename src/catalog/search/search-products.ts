import { ok, type ResultAsync } from 'neverthrow'
import type { Scope } from '../../shared/actor.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Asked, find, known, type Stored } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { type ProductSort, type SearchProductsInput, sortOrders } from '../browse.js'
import { parseSearchProducts } from '../browse.schema.js'
import type { CatalogPorts } from '../ports.js'
import type { Product } from '../product.js'
import { products } from '../product.schema.js'
import { cardOf, type ProductCard } from '../product-card.js'
import { filterConditions, isOpenFilter, meetsChoices, type ProductFilter } from '../product-filter.js'
import { askPartStock, askStock, partStock, type StockFacts, type StockPlan } from '../stock-source.js'
import { analyse, type Term } from './analyse.js'
import { countFacets, type FacetCounts } from './facet-counts.js'
import { titleMark } from './index-terms.js'
import { type Ranked, rankProducts } from './rank.js'

/** A product found, with what it scored. */
export type SearchHit = ProductCard & { readonly score: number }

/** What a search found. */
export type SearchedProducts = {
  readonly hits: readonly SearchHit[]
  /** Products found, at most `mostCandidates`. */
  readonly total: number
  /** Search words that were left out because nothing had them together with the rest. */
  readonly dropped: readonly string[]
  readonly facets: FacetCounts
}

/** The most products that are ranked and counted. */
export const mostCandidates = 500

/** The most words of a query that are looked for. */
const mostWords = 16

/**
 * Finds products on sale by words: title, brand, SKU, attributes and description, in English and Chinese.
 *
 * Products with every word come first; Chinese runs are also found apart. When nothing has every word, the one that most
 * narrows the search is left out and named in `dropped`.
 *
 * @errors QueryError
 */
export const searchProducts = (
  ports: CatalogPorts,
  context: QueryContext,
  input: unknown,
): ResultAsync<SearchedProducts, QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.searchProducts',
    parse: parseSearchProducts,
    plan: ({ input: asked }) => {
      const words = wordsOf(asked.text)
      return {
        inTitle: askWords(
          words.required.map((term) => titleMark + term),
          asked.filter,
          mostCandidates / 2,
        ),
        anywhere: askWords(words.required, asked.filter, mostCandidates / 2),
        apart: words.isApart ? askWords(words.loose, asked.filter, mostCandidates / 2) : known<Found>([]),
        // Facets count what another choice would give, so they are counted without the filter.
        unfiltered: isOpenFilter(asked.filter ?? {}) ? known<Found>([]) : askWords(words.required, {}, mostCandidates),
        ...askStockOf(ports, 'inTitle', 'inTitle '),
        ...askStockOf(ports, 'anywhere', 'anywhere '),
        ...(words.isApart ? askStockOf(ports, 'apart', 'apart ') : {}),
      }
    },
    answer: (facts, { input: asked, scope, now }) => {
      const words = wordsOf(asked.text)
      const stock = mergeStock(ports, facts, ['inTitle ', 'anywhere ', 'apart '])
      const strict = distinct([...facts.inTitle, ...facts.anywhere])
      // A run that is found apart must have most of its pairs, or every word with the same characters would do.
      const ranked = rankProducts(distinct([...facts.inTitle, ...facts.anywhere, ...facts.apart]), words.all).filter(
        ({ coverage, product }) => coverage >= 0.6 || strict.includes(product),
      )
      if (ranked.length > 0 || words.required.length < 2) {
        return ok(answerOf(ports, asked, ranked, distinct(facts.unfiltered), stock, []))
      }
      return relax(ports, { asked, words, scope, at: now })
    },
  })

type Found = readonly Stored<Product>[]

type QueryWords = {
  readonly all: readonly Term[]
  readonly required: readonly string[]
  readonly loose: readonly string[]
  /** Whether there are Chinese runs, which may also be found apart. */
  readonly isApart: boolean
}

const wordsOf = (text: string): QueryWords => {
  const all = analyse(text)
  return {
    all,
    required: all
      .filter(({ required }) => required)
      .slice(0, mostWords)
      .map(({ term }) => term),
    loose: all
      .filter(({ loose }) => loose)
      .slice(0, mostWords * 2)
      .map(({ term }) => term),
    isApart: all.some(({ kind }) => kind === 'pair'),
  }
}

const askWords = (terms: readonly string[], filter: ProductFilter | undefined, limit: number): Asked<Found> =>
  terms.length === 0
    ? known<Found>([])
    : find(products, {
        where: [...filterConditions(filter ?? {}), { field: 'terms', is: 'containsAll', values: terms }],
        orderBy: sortOrders.newest,
        limit,
      })

const distinct = (found: Found): readonly Product[] => {
  const byId = new Map(found.map((each) => [each.id, each.state]))
  return [...byId.values()].slice(0, mostCandidates)
}

type Relaxed = {
  readonly asked: SearchProductsInput
  readonly words: QueryWords
  readonly scope: Scope
  readonly at: number
}

/** Looks again without one word each, and for each word alone; what has the most of them is answered. */
const relax = (
  ports: CatalogPorts,
  { asked, words, scope, at }: Relaxed,
): ResultAsync<SearchedProducts, QueryError> => {
  const terms = words.required.slice(0, 10)
  const names = terms.flatMap((_, index) => [`without ${index}`, `only ${index}`] as const)
  const plan: RelaxedPlan = Object.assign(
    {},
    ...terms.map((term, index): FoundPlan => {
      const others = terms.filter((other) => other !== term)
      return {
        [`found:without ${index}`]: askWords(others, asked.filter, 200),
        [`found:only ${index}`]: askWords([term], asked.filter, 100),
      }
    }),
    ...names.map((name) => askStockOf(ports, `found:${name}`, `${name} `)),
  )
  return readFacts(ports.storage, { shop: ports.shop, scope, at, plan }).map((facts) => {
    const without = terms.map((_, index) => facts[`found:without ${index}`] ?? [])
    const best = without.reduce<Found>((most, found) => (found.length > most.length ? found : most), [])
    const candidates = best.length > 0 ? best : terms.flatMap((_, index) => facts[`found:only ${index}`] ?? [])
    const ranked = rankProducts(distinct(candidates), words.all)
    const top = ranked[0]?.product
    const dropped = top === undefined ? [] : terms.filter((term) => !top.terms.includes(term))
    const wanted = terms.filter((term) => !dropped.includes(term))
    const shown = ranked.filter(({ product }) => wanted.every((term) => product.terms.includes(term)))
    return answerOf(
      ports,
      asked,
      shown,
      [],
      mergeStock(
        ports,
        facts,
        names.map((name) => `${name} `),
      ),
      dropped,
    )
  })
}

type FoundPlan = { readonly [name: `found:${string}`]: Asked<Found> }

type RelaxedPlan = FoundPlan & StockPlan

const askStockOf = (ports: CatalogPorts, from: string, name: string): StockPlan => ({
  ...askStock(ports.stock, { from, path: 'variants.*.sku' }, name),
  ...askPartStock(ports.stock, from, name),
})

const mergeStock = (ports: CatalogPorts, facts: StockFacts, names: readonly string[]): StockFacts => {
  const merged: Record<`stock:${string}`, ReadonlyMap<string, number>> = {}
  for (const warehouse of ports.stock?.warehouses ?? []) {
    for (const kind of ['', partStock]) {
      merged[`stock:${kind}${warehouse}`] = new Map(
        names.flatMap((name) => [...(facts[`stock:${name}${kind}${warehouse}`] ?? [])]),
      )
    }
  }
  return merged
}

const answerOf = (
  ports: CatalogPorts,
  asked: SearchProductsInput,
  ranked: readonly Ranked[],
  unfiltered: readonly Product[],
  stock: StockFacts,
  dropped: readonly string[],
): SearchedProducts => {
  const filter = asked.filter ?? {}
  const hits = ranked
    .filter(({ product }) => meetsChoices(product, filter))
    .map(({ product, score }) => ({ product, hit: { ...cardOf(product, ports.stock, stock), score } }))
    .filter(({ hit }) => hit.inStock || asked.inStockOnly !== true)
  const found = hits.map(({ product }) => product)
  const counted = new Map([...unfiltered, ...found].map((product) => [product.productId, product]))
  const offset = asked.offset ?? 0
  return {
    hits: sorted(hits, asked.sort ?? 'relevance')
      .slice(offset, offset + (asked.limit ?? 24))
      .map(({ hit }) => hit),
    total: hits.length,
    dropped,
    facets: countFacets([...counted.values()], filter),
  }
}

type Hit = { readonly product: Product; readonly hit: SearchHit }

const sorted = (hits: readonly Hit[], sort: 'relevance' | ProductSort): readonly Hit[] => {
  const price = ({ product }: Hit): number => product.minPriceMinor ?? 0
  switch (sort) {
    case 'relevance':
      return hits
    case 'newest':
      return [...hits].sort((a, b) => b.product.createdAt - a.product.createdAt)
    case 'priceAscending':
      return [...hits].sort((a, b) => price(a) - price(b))
    case 'priceDescending':
      return [...hits].sort((a, b) => price(b) - price(a))
  }
}
