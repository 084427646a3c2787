import { existsSync } from 'node:fs'
import { errAsync, okAsync } from 'neverthrow'
import * as shopwright from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { readPage, root, tablesOf } from './page-tables.js'

// No workflow is run, so the ports only have to be there.
const shop = shopwright.createShop({
  storage: createMemoryStorage(),
  clock: { now: () => 0 },
  digests: { digest: () => okAsync('') },
  sealer: {
    createKey: () => errAsync({ type: 'CryptoUnavailable', detail: '' }),
    seal: () => errAsync({ type: 'CryptoUnavailable', detail: '' }),
    open: () => errAsync({ type: 'CryptoUnavailable', detail: '' }),
  },
  hasher: {
    hash: () => errAsync({ type: 'Busy', retryAfterMs: 0 }),
    verify: () => errAsync({ type: 'Busy', retryAfterMs: 0 }),
    verifyNothing: () => errAsync({ type: 'Busy', retryAfterMs: 0 }),
    needsRehash: () => false,
  },
  notifier: { send: () => okAsync(undefined) },
  gateways: {},
})

/** Capabilities of the product, by part. */
const sizes = { A: 21, C: 18, K: 10, P: 14, O: 9, M: 15, R: 7, S: 9, X: 9, E: 13, D: 10 } as const
const every = Object.entries(sizes).flatMap(([part, size]) =>
  Array.from({ length: size }, (_, place) => `${part}-${String(place + 1).padStart(2, '0')}`),
)

const page = readPage('docs/features.md')
const rows = tablesOf(page).flatMap((table) => table.rows)
const begun = rows.map(([id = '']) => id)
const notBegun = [...page.matchAll(/^Not yet: (.+)\.$/gm)].flatMap(([, ids = '']) =>
  ids.replace(/ \([^)]*\)/g, '').split(', '),
)

const packageJson: {
  readonly scripts: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, unknown>>
} = JSON.parse(readPage('package.json'))

const memberAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (found, name) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, name) ? Reflect.get(found, name) : undefined,
    value,
  )

const isThere = (entry: string): boolean => {
  if (entry === 'npm test') return 'test' in packageJson.scripts
  if (entry.startsWith('npm run ')) return entry.slice('npm run '.length) in packageJson.scripts
  if (entry.startsWith('shopwright/')) return `./${entry.slice('shopwright/'.length)}` in packageJson.exports
  if (entry.startsWith('shop.')) return typeof memberAt(shop, entry.split('.').slice(1)) === 'function'
  return typeof Reflect.get(shopwright, entry) === 'function'
}

describe('the page of features', () => {
  it('names every capability of the product once, by the shape of its ID', () => {
    const named = [...begun, ...notBegun]
    expect(named.filter((id) => !/^[ACKPOMRSXED]-\d{2}$/.test(id))).toEqual([])
    expect(named.length).toBe(new Set(named).size)
    expect(new Set(named)).toEqual(new Set(every))
  })

  it('lists them in order, each with a state that says what is missing', () => {
    expect(begun).toEqual(every.filter((id) => begun.includes(id)))
    expect(rows.filter(([, , state = '']) => !/^(?:works|partly: \S.+)$/.test(state))).toEqual([])
  })

  it('names entry points that are there', () => {
    const entries = rows.map(([id, , , entry = '']) => ({ id, entry: entry.replaceAll('`', '') }))
    expect(entries.filter(({ entry }) => !isThere(entry))).toEqual([])
  })

  it('names tests that are there', () => {
    const tests = rows.map(([id, , , , test = '']) => ({ id, test: test.replaceAll('`', '') }))
    const isTest = (test: string) => /^test\/[\w/-]+\.test\.ts$/.test(test) && existsSync(`${root}${test}`)
    expect(tests.filter(({ test }) => !isTest(test))).toEqual([])
  })

  it('would notice what is not there', () => {
    const absent = [
      'shop.orders.nothing',
      'shop.nothing.page',
      'shop.toString',
      'shopwright/nothing',
      'npm run nothing',
    ]
    expect([...absent, 'nothing'].filter(isThere)).toEqual([])
  })
})
