import { describe, expect, it } from 'vitest'
import { listSources, parseSources, readSources } from './tidy/program.js'
import {
  defaultBranches,
  droppedResults,
  emptyNames,
  floatingPromises,
  longFiles,
  type Rule,
  reportBreaches,
  rules,
  throws,
  typeEscapes,
  unfinishedWork,
  worldReads,
  zodImports,
} from './tidy/rules.js'

/** For every rule, lines that break it (each must be found) and lines that look alike and do not. */
const planted: readonly {
  readonly rule: Rule
  readonly path?: string
  readonly before?: string
  readonly breaks: readonly string[]
  readonly keeps: readonly string[]
}[] = [
  {
    rule: droppedResults,
    before: `import { ok, okAsync, safeTry, type Result } from 'neverthrow'
declare const save: () => Result<number, string>
declare const saveLater: () => Promise<Result<number, string>>
declare const flag: boolean
declare const list: number[]`,
    breaks: [
      'save()',
      'ok(1)',
      'okAsync(1)',
      'await okAsync(1)',
      'await saveLater()',
      'void save()',
      'flag && save()',
      'save().map((n) => n + 1)',
    ],
    keeps: [
      'const saved = save()',
      'list.push(1)',
      'export const steps = safeTry(function* () { yield* okAsync(1); return ok(2) })',
      'save().match(() => undefined, () => undefined)',
    ],
  },
  {
    rule: floatingPromises,
    before: 'declare const wait: () => Promise<number>',
    breaks: ['wait()', 'wait().then(() => 1)'],
    keeps: ['await wait()', 'void wait()', 'const later = wait()'],
  },
  {
    rule: defaultBranches,
    before: `import { match, P } from 'ts-pattern'
declare const kind: 'a' | 'b'
declare const unreachable: (value: never) => never
declare const show: (value: string) => string`,
    breaks: [
      "export const o = match(kind).with('a', () => 1).otherwise(() => 2)",
      "export const w = match(kind).with('a', () => 1).with(P._, () => 2).exhaustive()",
      'switch (kind) { case "a": break; default: show("x") }',
    ],
    keeps: [
      "export const e = match(kind).with('a', () => 1).with('b', () => 2).exhaustive()",
      'switch (kind) { case "a": break; case "b": break; default: unreachable(kind) }',
      'switch (kind) { case "a": break; case "b": break; default: { kind satisfies never } }',
      'switch (kind) { case "a": break; case "b": break; default: { const none: never = kind; show(none) } }',
    ],
  },
  {
    rule: worldReads,
    before: `declare const instant: number
declare const row: { process: string; when: Date; console: number }
declare const run: (process: string) => string`,
    breaks: [
      'export const a = Date.now()',
      'export const b = new Date()',
      'export const c = Math.random()',
      'export const d = process.env',
      'console.log(1)',
      'setTimeout(() => 1, 2)',
      'export const e = row.when.getHours()',
      'export const f = new Date(2026, 1, 1)',
      'export const g = instant.toLocaleString()',
      "export const h = 'a'.localeCompare('b')",
      'export const i = new Intl.NumberFormat()',
      "import { nanoid } from 'nanoid'",
      'export const j = Date()',
    ],
    keeps: [
      'export const ka = new Date(instant).getUTCHours()',
      'export const kb = row.process',
      'export const kc = (process: string) => run(process)',
      "export const kd = new Intl.NumberFormat('en')",
      "import { customRandom } from 'nanoid'",
      'export const ke = { console: row.console }',
    ],
  },
  {
    rule: throws,
    before: `import { err, ok } from 'neverthrow'
import * as z from 'zod'
const schema = z.string()`,
    breaks: [
      "export const a = () => { throw new Error('x') }",
      'export const b = ok(1)._unsafeUnwrap()',
      "export const c = Promise.reject('x')",
      "export const d = schema.parse('x')",
    ],
    keeps: ["export const e = schema.safeParse('x')", "export const f = err('x')", "export const g = JSON.parse('1')"],
  },
  {
    rule: typeEscapes,
    before: 'declare const value: unknown',
    breaks: [
      'export const a = value as any',
      'export const b = value as unknown as string',
      'export const c = value as never',
    ],
    keeps: ['export const d = value as string', "export const e = ['a'] as const"],
  },
  {
    rule: emptyNames,
    breaks: [
      'export const orderManager = 1',
      'export type CartHelper = 1',
      'export function priceImpl() {}',
      'export const stringUtils = 1',
    ],
    keeps: ['export const implicit = 1', 'export const management = 1', 'export const utility = 1'],
  },
  {
    rule: zodImports,
    breaks: ["import * as z from 'zod'", "import * as m from 'zod/mini'"],
    keeps: ["import { ok } from 'neverthrow'"],
  },
  {
    rule: zodImports,
    path: 'src/planted/planted.schema.ts',
    breaks: ["import { z } from 'zod'"],
    keeps: ["import * as all from 'zod'", "import type { ZodType } from 'zod'"],
  },
]

const plantedPath = (index: number) => planted[index]?.path ?? `src/planted/planted-${index}.ts`
const plantedFiles = new Map(
  planted.map(({ before = '', breaks, keeps }, index) => [
    plantedPath(index),
    [before, ...breaks, ...keeps, 'export {}'].join('\n'),
  ]),
)
const wholeFiles = new Map([
  ['src/planted/long.ts', `export const start = 1\n${'// a line\n'.repeat(450)}`],
  ['src/planted/ignored.ts', '// @ts-ignore\nexport const ignored = 1\n'],
  ['src/planted/string-utils.ts', 'export const a = 1\n'],
  ['src/common/thing.ts', 'export const a = 1\n'],
  ['src/planted/later.ts', `export const a = 1 // ${'TO'}${'DO'} later\n`],
])

const checked = listSources('src', 'adapters')
const plain = listSources('test', 'examples', 'demo', 'scripts')
const sources = [...readSources(checked, new Map([...plantedFiles, ...wholeFiles])), ...parseSources(plain)]
const isPlanted = (path: string) => plantedFiles.has(path) || wholeFiles.has(path)
const real = sources.filter(({ path }) => !isPlanted(path))

describe('house rules', () => {
  it('reads the whole tree', () => {
    expect(real.map(({ path }) => path)).toEqual([...checked, ...plain])
  })

  it.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
    expect(reportBreaches(rule, real)).toEqual([])
  })
})

describe('the rules themselves', () => {
  it.each(planted.map((plant, index) => [plant.rule.name, index, plant] as const))(
    'finds what breaks "%s" and nothing else (sample %i)',
    (_, index, { rule, before, breaks }) => {
      const first = (before ?? '').split('\n').length + 1
      const found = reportBreaches(
        rule,
        sources.filter(({ path }) => path === plantedPath(index)),
      ).map((breach) => Number(/:(\d+) /.exec(breach)?.[1]))
      expect([...new Set(found)]).toEqual(breaks.map((_, at) => first + at))
    },
  )

  it.each([
    [longFiles, ['src/planted/long.ts']],
    [typeEscapes, ['src/planted/ignored.ts']],
    [emptyNames, ['src/common/thing.ts', 'src/planted/string-utils.ts']],
    [unfinishedWork, ['src/planted/later.ts']],
  ] as const)('finds whole files that break $name', (rule, paths) => {
    const found = reportBreaches(
      rule,
      sources.filter(({ path }) => wholeFiles.has(path)),
    )
    expect(found.map((breach) => breach.replace(/:\d+ .*/, '')).sort()).toEqual([...paths])
  })

  it('has a planted breach for every rule', () => {
    const covered = new Set([...planted.map(({ rule }) => rule), longFiles, unfinishedWork])
    expect(rules.filter((rule) => !covered.has(rule)).map(({ name }) => name)).toEqual([])
  })
})
