import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Bench, type Figure, wholeOption } from './bench.js'
import { openContenders } from './search/contenders.js'
import { measureDiversity } from './search/diversity.js'
import { listSets, readSet } from './search/judged-set.js'
import { measureLoading } from './search/loading.js'
import { type Measured, measureEngine } from './search/measure-engine.js'
import { ourEngine } from './search/our-engine.js'
import { bootstrapInterval, meanOf, standardError } from './search/relevance-metric.js'
import { measureSpelling } from './search/spelling.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What every set is to come to; one may fall short by as much as chance moves a mean of its queries. */
const accepted: Readonly<Record<string, { readonly ndcg: number; readonly mostEmptyShare: number }>> = {
  en_chorus: { ndcg: 0.79, mostEmptyShare: 0.005 },
  en_crowdflower: { ndcg: 0.77, mostEmptyShare: 0.005 },
  en_homedepot: { ndcg: 0.405, mostEmptyShare: 0.005 },
  zh_jd: { ndcg: 0.835, mostEmptyShare: 0 },
}

/** The set that is small enough for engines of which one query takes a tenth of a second. */
const comparedSet = 'en_chorus'

/** What the queries of one set came to. */
type SetFigures = {
  readonly figures: readonly Figure[]
  /** What each query gained over MiniSearch; empty where that is not compared. */
  readonly gains: readonly number[]
}

/** How good what is found is, on judged queries, beside other engines. */
export const bench: Bench<'data' | 'turns' | 'set'> = {
  name: 'search',
  summary: 'relevance on judged queries, time and memory of searches beside other engines',
  options: {
    data: { summary: 'folder of judged sets', otherwise: '../shared/data/search' },
    turns: { summary: 'times that every query is timed; with 0 only what is found is looked at', otherwise: '3' },
    set: { summary: 'only this set; each in a process of its own when empty', otherwise: '' },
  },
  run: async ({ data, turns, set }, report) => {
    const names = listSets(data).filter((name) => set === '' || name === set)
    if (names.length === 0) {
      report('not run: no shared folder')
      return []
    }
    if (set !== '') {
      const measured = await measureSet(data, set, wholeOption('turns', turns, 0), report)
      process.send?.(measured)
      return measured.figures
    }
    const measure = (name: string) => measureApart(['--data', data, '--turns', turns, '--set', name])
    const sets: SetFigures[] = []
    // Where nothing is timed nothing is disturbed; what they are held against is installed once, before.
    if (wholeOption('turns', turns, 0) === 0) {
      await openContenders(root, report)
      sets.push(...(await Promise.all(names.map(measure))))
    } else for (const name of names) sets.push(await measure(name))
    const english = sets.filter((_, index) => names[index]?.startsWith('en_'))
    return [...sets.flatMap(({ figures }) => figures), ...pooled(english.flatMap(({ gains }) => gains))]
  },
}

// A shop's process holds one catalog: what the engine of JavaScript has learnt of another set, and the heap that it left,
// would count for either side.
const measureApart = (options: readonly string[]): Promise<SetFigures> =>
  new Promise((resolve, reject) => {
    const child = fork(process.argv[1] ?? '', ['search', '--json', ...options], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let measured: SetFigures | undefined
    child.on('message', (message) => {
      measured = message as SetFigures
    })
    child.on('error', reject)
    child.on('exit', () => {
      if (measured === undefined) reject(new Error(`No figures came of ${options.join(' ')}`))
      else resolve(measured)
    })
  })

const measureSet = async (
  data: string,
  name: string,
  turns: number,
  report: (line: string) => void,
): Promise<SetFigures> => {
  const contenders = await openContenders(root, report)
  if (contenders === null) report('other engines cannot be installed: nothing is held against them')
  report(`${name}: reading`)
  const set = readSet(data, name)
  const isTimed = turns > 0
  const times = { builds: isTimed && name === comparedSet ? turns : 1, turns: Math.max(1, turns) }
  const told = (figures: readonly Figure[]) => figures.filter(({ kind }) => isTimed || kind === 'correctness')
  const ours = await measureEngine(ourEngine, set, set.queries, times)
  const figures: Figure[] = [
    ...measureSpelling(data, set),
    ...measureDiversity(set),
    ...(isTimed && name === comparedSet ? measureLoading(set, turns) : []),
    ...qualityOf(
      name,
      set.queries.map(({ id }) => Number(id) % 2 === 1),
      ours,
    ),
  ]
  if (contenders === null) return { figures: told(figures), gains: [] }
  report(`${name}: ${contenders.miniSearch.name}`)
  const theirs = await measureEngine(contenders.miniSearch, set, set.queries, times)
  figures.push(...comparedTo(name, contenders.miniSearch.name, ours, theirs, { p95: 4, build: 1.43, memory: 2 }))
  for (const engine of isTimed && name === comparedSet
    ? [contenders.orama, contenders.flexSearch, contenders.itemsJs]
    : []) {
    report(`${name}: ${engine.name}`)
    const other = await measureEngine(engine, set, set.queries, { builds: 1, turns: 1 })
    figures.push(...comparedTo(name, engine.name, ours, other))
  }
  return { figures: told(figures), gains: ours.ndcg.map((value, index) => value - (theirs.ndcg[index] ?? 0)) }
}

const score = (name: string, value: number, more: Partial<Figure> = {}): Figure => ({
  case: name,
  value,
  unit: '',
  baseline: null,
  ratio: null,
  target: null,
  kind: 'correctness',
  ...more,
})

const qualityOf = (name: string, isOdd: readonly boolean[], ours: Measured): readonly Figure[] => {
  const goal = accepted[name]
  const error = standardError(ours.ndcg)
  const queries = ours.ndcg.length
  return [
    score(
      `ndcg10 ${name}`,
      meanOf(ours.ndcg),
      goal === undefined ? {} : { target: { kind: 'atLeast', value: Number((goal.ndcg - error).toFixed(3)) } },
    ),
    score(`standard error ${name}`, error),
    // What was tuned was tuned on the odd ones.
    score(`ndcg10 of odd queries ${name}`, meanOf(ours.ndcg.filter((_, index) => isOdd[index]))),
    score(`ndcg10 of even queries ${name}`, meanOf(ours.ndcg.filter((_, index) => !isOdd[index]))),
    score(`mrr ${name}`, meanOf(ours.reciprocalRank)),
    score(`recall100 ${name}`, meanOf(ours.recall)),
    score(
      `empty answers ${name}`,
      ours.empty / queries,
      goal === undefined ? {} : { target: { kind: 'atMost', value: goal.mostEmptyShare } },
    ),
  ]
}

type Least = { readonly p95: number; readonly build: number; readonly memory: number }

/** Ours beside another engine; times and memory as theirs over ours. */
const comparedTo = (
  name: string,
  other: string,
  ours: Measured,
  theirs: Measured,
  least?: Least,
): readonly Figure[] => {
  const beside = (
    what: string,
    of: (measured: Measured) => number,
    unit: string,
    goal: number | undefined,
  ): Figure => ({
    case: `${what} ${name}, ${other}`,
    value: of(ours),
    unit,
    baseline: of(theirs),
    ratio: of(theirs) / of(ours),
    target: goal === undefined ? null : { kind: 'atLeast', value: goal },
    kind: unit === 'MB' ? 'memory' : 'time',
  })
  return [
    score(`ndcg10 ${name}, ${other}`, meanOf(ours.ndcg), { baseline: meanOf(theirs.ndcg) }),
    score(`empty answers ${name}, ${other}`, ours.empty / ours.ndcg.length, {
      baseline: theirs.empty / theirs.ndcg.length,
    }),
    beside('p50', ({ p50Ms }) => p50Ms, 'ms', undefined),
    beside('p95', ({ p95Ms }) => p95Ms, 'ms', least?.p95),
    beside('build', ({ buildMs }) => buildMs, 'ms', least?.build),
    beside('memory', ({ memoryMb }) => memoryMb, 'MB', least?.memory),
  ]
}

/** What ours finds better than the best of the others, on the English sets together. */
const pooled = (gains: readonly number[]): readonly Figure[] => {
  if (gains.length === 0) return []
  const [low, high] = bootstrapInterval(gains)
  return [
    score('ndcg10 gained over MiniSearch, English sets', meanOf(gains)),
    score('ndcg10 gained, low end of 95 %', low, { target: { kind: 'atLeast', value: 0.001 } }),
    score('ndcg10 gained, high end of 95 %', high),
  ]
}
