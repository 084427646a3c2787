import { performance } from 'node:perf_hooks'
import { median } from '../bench.js'
import type { Engine, OpenEngine } from './engine.js'
import type { JudgedQuery, JudgedSet } from './judged-set.js'
import { ndcg10, quantileOf, recall100, reciprocalRank } from './relevance-metric.js'

/** What an engine came to on the queries of a set. */
export type Measured = {
  /** One of each for every query, in their order. */
  readonly ndcg: readonly number[]
  readonly reciprocalRank: readonly number[]
  readonly recall: readonly number[]
  /** How many queries nothing was found for. */
  readonly empty: number
  /** Processor time of building the index, milliseconds; the median where it was built more than once. */
  readonly buildMs: number
  /** What the index keeps, MB. */
  readonly memoryMb: number
  /** Milliseconds below which half, and 95 of 100 queries were answered; of each its quickest turn. */
  readonly p50Ms: number
  readonly p95Ms: number
}

/** Builds an engine's index and asks it every query. */
export const measureEngine = async (
  engine: Engine,
  { goods }: JudgedSet,
  queries: readonly JudgedQuery[],
  { builds, turns }: { readonly builds: number; readonly turns: number },
): Promise<Measured> => {
  const times: number[] = []
  let memoryMb = Number.NaN
  let open: OpenEngine | undefined
  for (let build = 0; build < builds; build += 1) {
    const before = keptMb()
    const start = process.cpuUsage()
    open = await engine.build(goods)
    const { user, system } = process.cpuUsage(start)
    times.push((user + system) / 1_000)
    // Of the first alone: what is left of an earlier one is not told apart.
    if (build === 0) memoryMb = keptMb() - before
  }
  if (open === undefined) throw new Error('An engine is built at least once')
  const { found, quickest } = await askAll(open, queries, turns)
  const each = (of: (query: JudgedQuery, found: readonly string[]) => number): readonly number[] =>
    queries.map((query, index) => of(query, found[index] ?? []))
  return {
    ndcg: each(ndcg10),
    reciprocalRank: each(reciprocalRank),
    recall: each(recall100),
    empty: found.filter(({ length }) => length === 0).length,
    buildMs: median(times),
    memoryMb,
    p50Ms: quantileOf(quickest, 0.5),
    p95Ms: quantileOf(quickest, 0.95),
  }
}

const askAll = async (engine: OpenEngine, queries: readonly JudgedQuery[], turns: number) => {
  const quickest = queries.map(() => Number.POSITIVE_INFINITY)
  let found: readonly (readonly string[])[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    const answers: (readonly string[])[] = []
    for (const [index, { text }] of queries.entries()) {
      const start = performance.now()
      const answer = await engine.search(text, 100)
      quickest[index] = Math.min(quickest[index] ?? 0, performance.now() - start)
      answers.push(answer)
    }
    found = answers
  }
  return { found, quickest }
}

const keptMb = (): number => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1e6
}
