import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { didYouMean } from '../../../src/catalog/search/spelling/did-you-mean.js'
import type { Figure } from '../bench.js'
import { type JudgedSet, readTable } from './judged-set.js'
import { indexOf } from './our-engine.js'
import { quantileOf } from './relevance-metric.js'

/** How often a misspelt query is mended exactly as it was meant, where the folder has such pairs for the set. */
export const measureSpelling = (folder: string, { name, goods }: JudgedSet): readonly Figure[] => {
  const path = join(folder, `${name}.spell.tsv.gz`)
  if (!existsSync(path)) return []
  const index = indexOf(goods)
  const pairs = readTable(path)
    .map(([from = '', to = '']) => ({ from: plain(from), to: plain(to) }))
    .filter(({ from, to }) => from !== to)
  const times = pairs.map(() => Number.POSITIVE_INFINITY)
  let exact = 0
  for (let turn = 0; turn < 3; turn += 1) {
    exact = 0
    for (const [at, { from, to }] of pairs.entries()) {
      const start = performance.now()
      const meant = didYouMean(index, from)
      times[at] = Math.min(times[at] ?? 0, performance.now() - start)
      if (plain(meant?.text ?? from) === to) exact += 1
    }
  }
  return [
    {
      case: `did you mean, exact ${name}`,
      value: exact / pairs.length,
      unit: '',
      baseline: null,
      ratio: null,
      target: { kind: 'atLeast', value: 0.66 },
      kind: 'correctness',
    },
    {
      case: `did you mean, p95 ${name}`,
      value: quantileOf(times, 0.95),
      unit: 'ms',
      baseline: null,
      ratio: null,
      target: { kind: 'atMost', value: 1 },
      kind: 'time',
    },
  ]
}

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim()
