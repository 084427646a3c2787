import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { type Bench, type Figure, wholeOption } from './bench.js'
import { type FacetQuery, facetNames, type Listed, listProducts, listQueries, lookAtAll } from './facets/catalog.js'
import {
  askIndex,
  type FacetEngine,
  indexListed,
  openFacetContenders,
  ourEngine,
  pageLength,
} from './facets/engines.js'
import { quantileOf } from './search/relevance-metric.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

const few = 100_000
const many = 1_000_000

/** What a shopper waits for who ticks values: filter, price range, all counts, order and page in one call. */
export const bench: Bench<'queries' | 'others'> = {
  name: 'facets',
  summary: 'filter, price range, all counts of six facets, order and page in one call, beside other engines',
  options: {
    queries: { summary: 'questions, each timed thrice', otherwise: '140' },
    others: { summary: 'the most products that other engines are given', otherwise: '100000' },
  },
  run: async ({ queries: count, others }, report) => {
    const queries = listQueries(wholeOption('queries', count))
    const most = wholeOption('others', others, 0)
    const contenders = openFacetContenders(root, report)
    if (contenders === null) report('other engines cannot be installed: nothing is held against them')
    const figures: Figure[] = []
    for (const size of [few, many]) {
      const name = size.toLocaleString('en')
      report(`${name} products`)
      const listed = listProducts(size)
      const ours = await measure(ourEngine, listed, queries)
      if (size === few) figures.push(...checkAnswers(listed, queries))
      figures.push(...besideScan(name, size, ours))
      if (size === many) figures.push(...topByPrice(name, listed))
      if (contenders === null || size > most) continue
      const engines = [
        { engine: contenders.orama, least: size === few ? 40 : 100 },
        { engine: contenders.itemsJs, least: 100 },
      ]
      for (const { engine, least } of engines) {
        report(`${name} products: ${engine.name}`)
        const theirs = await measure(engine, listed, size === few ? queries : queries.slice(0, 42), 1)
        const agreeing = theirs.totals.filter((total, at) => total === ours.totals[at]).length
        const beside = (what: string, value: number, baseline: number, goal: number | null): Figure => ({
          case: `${what} ${name}, ${engine.name}`,
          value,
          unit: 'ms',
          baseline,
          ratio: baseline / value,
          target: goal === null ? null : { kind: 'atLeast', value: goal },
          kind: 'time',
        })
        figures.push(
          beside('p50', ours.p50Ms, theirs.p50Ms, null),
          beside('p95', ours.p95Ms, theirs.p95Ms, least),
          beside('build', ours.buildMs, theirs.buildMs, null),
          {
            ...counted(`questions of equal count ${name}, ${engine.name}`, agreeing),
            baseline: theirs.totals.length,
          },
        )
      }
    }
    return figures
  },
}

const counted = (name: string, value: number): Figure => ({
  case: name,
  value,
  unit: '',
  baseline: null,
  ratio: null,
  target: null,
  kind: 'correctness',
})

type Measured = {
  readonly totals: readonly number[]
  readonly buildMs: number
  readonly p50Ms: number
  readonly p95Ms: number
}

const measure = async (
  engine: FacetEngine,
  listed: readonly Listed[],
  queries: readonly FacetQuery[],
  turns = 3,
): Promise<Measured> => {
  const start = performance.now()
  const ask = await engine.build(listed)
  const buildMs = performance.now() - start
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
  return { totals, buildMs, p50Ms: quantileOf(quickest, 0.5), p95Ms: quantileOf(quickest, 0.95) }
}

/** How the slow questions stand to reading every number once: six columns of facets, and the price. */
const besideScan = (name: string, size: number, { p50Ms, p95Ms }: Measured): readonly Figure[] => {
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

/** The cheapest first, with no condition and with ever more; no counts are left out for it. */
const topByPrice = (name: string, listed: readonly Listed[]): readonly Figure[] => {
  const index = indexListed(listed)
  const queries = listQueries(70).map((query) => ({ ...query, price: null }))
  const quickest = queries.map(() => Number.POSITIVE_INFINITY)
  for (let turn = 0; turn < 3; turn += 1) {
    for (const [at, query] of queries.entries()) {
      const begin = performance.now()
      askIndex(index, query)
      quickest[at] = Math.min(quickest[at] ?? 0, performance.now() - begin)
    }
  }
  return [
    {
      case: `p95 ${name}, the ${pageLength} cheapest with all counts`,
      value: quantileOf(quickest, 0.95),
      unit: 'ms',
      baseline: null,
      ratio: null,
      // A tenth of what Postgres takes with an index on the price.
      target: { kind: 'atMost', value: 20 },
      kind: 'time',
    },
  ]
}

/** How many answers differ from what a look at every product gives. */
const checkAnswers = (listed: readonly Listed[], queries: readonly FacetQuery[]): readonly Figure[] => {
  const index = indexListed(listed)
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
