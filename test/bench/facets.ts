import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import type { CatalogIndex } from '../../src/catalog/search/index/catalog-index.js'
import { type Bench, type Figure, wholeOption } from './bench.js'
import { type FacetQuery, facetNames, type Listed, listProducts, listQueries, lookAtAll } from './facets/catalog.js'
import { askIndex, indexListed, openFacetContenders, pageLength } from './facets/engines.js'
import { openGoodsTable } from './facets/sql.js'
import { quantileOf } from './search/relevance-metric.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

const few = 100_000
const many = 1_000_000

/** How often each question is put to an engine that ours is held against, and then to ours. */
const turnsBeside = 2
/** How many of the questions are put to it where there are many products. */
const fewQueries = 28

/** What a shopper waits for who ticks values: filter, price range, all counts, order and page in one call. */
export const bench: Bench<'queries' | 'others' | 'sizes'> = {
  name: 'facets',
  summary: 'filter, price range, all counts of six facets, order and page in one call, beside other engines',
  options: {
    queries: { summary: 'questions, each timed thrice', otherwise: '140' },
    others: { summary: 'the most products that other engines are given', otherwise: String(many) },
    sizes: { summary: 'how many products there are, one size after the other', otherwise: `${few},${many}` },
  },
  run: async ({ queries: count, others, sizes }, report) => {
    const queries = listQueries(wholeOption('queries', count))
    const most = wholeOption('others', others, 0)
    const contenders = openFacetContenders(root, report)
    if (contenders === null) report('other engines cannot be installed: nothing is held against them')
    const figures: Figure[] = []
    for (const size of sizes.split(',').map((each) => wholeOption('sizes', each))) {
      const name = size.toLocaleString('en')
      report(`${name} products`)
      const listed = listProducts(size)
      const start = performance.now()
      const index = indexListed(listed)
      const buildMs = performance.now() - start
      const ask = (query: FacetQuery): number => askIndex(index, query).total
      const ours = await timed(ask, queries, 3)
      if (size <= few) figures.push(...checkAnswers(listed, index, queries))
      figures.push(...besideScan(name, size, ours))
      const asked = size <= few ? queries : queries.slice(0, fewQueries)
      const engines = [
        { engine: contenders?.orama, least: size <= few ? 40 : 100 },
        { engine: contenders?.itemsJs, least: 100 },
      ]
      for (const { engine, least } of engines) {
        if (engine === undefined || size > most) continue
        report(`${name} products: ${engine.name}`)
        const begin = performance.now()
        const askThem = await engine.build(listed)
        const theirBuildMs = performance.now() - begin
        const theirs = await timed(askThem, asked, turnsBeside)
        const again = await timed(ask, asked, turnsBeside)
        figures.push(
          beside(`p50 ${name}, ${engine.name}`, again.p50Ms, theirs.p50Ms, null),
          beside(`p95 ${name}, ${engine.name}`, again.p95Ms, theirs.p95Ms, least),
          beside(`build ${name}, ${engine.name}`, buildMs, theirBuildMs, null),
          equalCounts(`${name}, ${engine.name}`, again, theirs),
        )
      }
      report(`${name} products: Postgres`)
      figures.push(...(await besideSql(name, listed, index, asked)))
    }
    return figures
  },
}

/** Other engines do not all mean the same by a condition: how often they do is told. */
const equalCounts = (name: string, ours: Timed, theirs: Timed): Figure => ({
  ...counted(`questions of equal count ${name}`, theirs.totals.filter((total, at) => total === ours.totals[at]).length),
  baseline: theirs.totals.length,
})

const beside = (name: string, value: number, baseline: number, goal: number | null): Figure => ({
  case: name,
  value,
  unit: 'ms',
  baseline,
  ratio: baseline / value,
  target: goal === null ? null : { kind: 'atLeast', value: goal },
  kind: 'time',
})

const counted = (name: string, value: number): Figure => ({
  case: name,
  value,
  unit: '',
  baseline: null,
  ratio: null,
  target: null,
  kind: 'correctness',
})

type Timed = {
  readonly totals: readonly number[]
  /** By question, the quickest turn. */
  readonly quickest: readonly number[]
  readonly p50Ms: number
  readonly p95Ms: number
}

const timed = async (
  ask: (query: FacetQuery) => number | Promise<number>,
  queries: readonly FacetQuery[],
  turns: number,
): Promise<Timed> => {
  // What is made at the first question is not timed with it.
  for (const query of queries.slice(0, 7)) await ask(query)
  const quickest = queries.map(() => Number.POSITIVE_INFINITY)
  const totals: number[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [at, query] of queries.entries()) {
      const begin = performance.now()
      totals[at] = await ask(query)
      quickest[at] = Math.min(quickest[at] ?? 0, performance.now() - begin)
    }
  }
  return { totals, quickest, p50Ms: quantileOf(quickest, 0.5), p95Ms: quantileOf(quickest, 0.95) }
}

/** How the slow questions stand to reading every number once: six columns of facets, and the price. */
const besideScan = (name: string, size: number, { p50Ms, p95Ms }: Timed): readonly Figure[] => {
  const columns = facetNames.map((_, at) => new Uint16Array(size).map((__, document) => (document * (at + 3)) & 0xff))
  const prices = new Float64Array(size).map((_, document) => document % 1_000)
  let scanMs = Number.POSITIVE_INFINITY
  let sum = 0
  for (let turn = 0; turn < 20; turn += 1) {
    const begin = performance.now()
    for (const column of columns) for (let at = 0; at < column.length; at += 1) sum += column[at] ?? 0
    for (let at = 0; at < prices.length; at += 1) sum += prices[at] ?? 0
    scanMs = Math.min(scanMs, performance.now() - begin)
  }
  if (sum < 0) throw new Error('A sum of counts is not below nought')
  const figure = (what: string, value: number, most: number | null): Figure => ({
    case: `${what} ${name}, over a bare scan of the columns`,
    value,
    unit: 'ms',
    baseline: scanMs,
    ratio: value / scanMs,
    target: most === null ? null : { kind: 'atMost', value: most },
    kind: 'time',
  })
  return [figure('p50', p50Ms, null), figure('p95', p95Ms, size === many ? 4 : null)]
}

/**
 * The cheapest first, beside a table with an index on the price and one on each facet with it: with all counts, of the two
 * ways to ask for them the one that is quicker for the question; and with the total alone.
 */
const besideSql = async (
  name: string,
  listed: readonly Listed[],
  index: CatalogIndex,
  queries: readonly FacetQuery[],
): Promise<readonly Figure[]> => {
  const table = await openGoodsTable(listed, pageLength)
  try {
    const byFacet = await timed(table.byFacet, queries, turnsBeside)
    const atOnce = await timed(table.atOnce, queries, turnsBeside)
    const first = await timed(table.first, queries, turnsBeside)
    const quicker = byFacet.quickest.map((ms, at) => Math.min(ms, atOnce.quickest[at] ?? ms))
    const ours = await timed((query) => askIndex(index, query).total, queries, turnsBeside)
    const alone = await timed((query) => askIndex(index, query, { isTotalOnly: true }).total, queries, turnsBeside)
    const goal = listed.length >= many ? 10 : null
    const what = `the ${pageLength} cheapest`
    return [
      beside(`p50 ${name}, ${what} and all counts, Postgres`, ours.p50Ms, quantileOf(quicker, 0.5), null),
      beside(`p95 ${name}, ${what} and all counts, Postgres`, ours.p95Ms, quantileOf(quicker, 0.95), goal),
      beside(`p50 ${name}, ${what} and the total, Postgres`, alone.p50Ms, first.p50Ms, null),
      beside(`p95 ${name}, ${what} and the total, Postgres`, alone.p95Ms, first.p95Ms, null),
      equalCounts(`${name}, Postgres`, ours, byFacet),
      equalCounts(`${name}, Postgres at once`, ours, atOnce),
    ]
  } finally {
    await table.stop()
  }
}

/** How many answers differ from what a look at every product gives. */
const checkAnswers = (
  listed: readonly Listed[],
  index: CatalogIndex,
  queries: readonly FacetQuery[],
): readonly Figure[] => {
  const wrong = queries.slice(0, 28).filter((query) => {
    const plain = lookAtAll(listed, query, pageLength)
    const { total, found, facets } = askIndex(index, query)
    const told = {
      brand: new Map(facets.brands.map(({ brand, count }) => [brand, count])),
      category: new Map(facets.categories.map(({ categoryId, count }) => [categoryId, count])),
    }
    const countsOf = (facet: string): ReadonlyMap<string, number> =>
      new Map(facets.attributes.find(({ name }) => name === facet)?.values.map(({ value, count }) => [value, count]))
    const isSame = facetNames.every((facet) => {
      const counts = facet === 'brand' || facet === 'category' ? told[facet] : countsOf(facet)
      return [...plain.counts[facet]].every(([value, count]) => counts.get(value) === count)
    })
    return !isSame || total !== plain.total || plain.cheapest.some((id, at) => found[at]?.productId !== id)
  })
  return [{ ...counted('answers unlike a look at every product', wrong.length), target: { kind: 'exactly', value: 0 } }]
}
