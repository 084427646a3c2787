import { loadIndex } from '../../../src/catalog/search/saved/load-index.js'
import { saveIndex } from '../../../src/catalog/search/saved/save-index.js'
import { type Figure, median } from '../bench.js'
import type { JudgedSet } from './judged-set.js'
import { indexOf } from './our-engine.js'

/** How much sooner a saved index is there than one that is built, by processor time; the median of some turns. */
export const measureLoading = ({ name, goods }: JudgedSet, turns: number): readonly Figure[] => {
  const timeOf = (work: () => unknown): number => {
    const start = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1_000
  }
  const bytes = saveIndex(indexOf(goods))
  const builds = Array.from({ length: turns }, () => timeOf(() => indexOf(goods)))
  const loads = Array.from({ length: turns }, () =>
    timeOf(() => {
      if (loadIndex(bytes).isErr()) throw new Error('What was just saved can be loaded')
    }),
  )
  const figure = { baseline: null, ratio: null, target: null } as const
  return [
    {
      case: `load ${name}, of a saved index`,
      value: median(loads),
      unit: 'ms',
      baseline: median(builds),
      ratio: median(builds) / median(loads),
      target: { kind: 'atLeast', value: 5 },
      kind: 'time',
    },
    { ...figure, case: `saved ${name}`, value: bytes.length / 1e6, unit: 'MB', kind: 'memory' },
  ]
}
