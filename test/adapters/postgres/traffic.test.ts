import fc from 'fast-check'
import {
  adjust,
  append,
  type Change,
  claim,
  claims,
  commitChanges,
  counters,
  entries,
  expectRow,
  find,
  put,
  readFacts,
  release,
  removeRow,
  rows,
} from 'shopwright'
import { createPostgresStorage, type Pool } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxes, credits, notes, pieces, shelves } from '../../../adapters/contract/scratch.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

let database: ScratchDatabase
beforeAll(async () => {
  database = await openScratchDatabase()
})
afterAll(async () => {
  await database.close()
})

/** The pool, and every text that went through it or a client of it. */
const watched = () => {
  const texts: string[] = []
  const pool: Pool = {
    query: (text, values) => {
      texts.push(text)
      return database.pool.query(text, values)
    },
    connect: async () => {
      const client = await database.pool.connect()
      return {
        query: (text: string, values?: unknown[]) => {
          texts.push(text)
          return client.query(text, values)
        },
        release: (broken) => client.release(broken),
      }
    },
  }
  return { texts, pool }
}

const everything = (id: string): readonly Change[] => [
  put(boxes, {
    id,
    version: 0,
    state: { boxId: id, lines: [{ lineId: 'l', shelfId: 's', count: 1 }] },
    events: [{ type: 'Made' }],
  }),
  adjust(pieces, { id, by: 1 }),
  adjust(credits, { id, by: 1 }),
  claim({ space: 's', key: id, owner: id }),
  release({ space: 's', key: `${id}-other`, owner: id }),
  append(notes, { id, body: { at: 1 } }),
]

describe('what is sent', () => {
  it('is one statement for a read of five queries, and one for a commit by statement or function', async () => {
    for (const form of ['statement', 'function'] as const) {
      const { texts, pool } = watched()
      const storage = createPostgresStorage({ ...database.options, pool, form })
      expect((await commitChanges(storage, { shop: `once-${form}`, at: 1, changes: everything('a') })).isOk()).toBe(
        true,
      )
      expect(texts.length).toBe(1)
      const plan = {
        boxes: rows(boxes, ['a']),
        shelves: rows(shelves, { from: 'boxes', path: 'lines.*.shelfId' }),
        found: find(boxes, { where: [{ field: 'status', is: 'eq', value: 'x' }], limit: 1 }),
        claims: claims('s', ['a']),
        notes: entries(notes, { where: [], limit: 1 }),
        counters: counters(pieces, ['a']),
      }
      const request = { shop: `once-${form}`, scope: { kind: 'all' }, at: 1, plan } as const
      expect((await readFacts(storage, request)).isOk()).toBe(true)
      expect(texts.length).toBe(2)
    }
  })

  it('touches no state of the session, so that a transaction pooler may stand between', async () => {
    for (const form of ['auto', 'transaction', 'statement', 'function'] as const) {
      const { texts, pool } = watched()
      const storage = createPostgresStorage({ ...database.options, pool, form })
      const shop = `quiet-${form}`
      await storage.migrate()
      await commitChanges(storage, { shop, at: 1, changes: everything('a') })
      const leased = await storage.lease({ shop, worker: 'w', at: 1, leaseMs: 1, limit: 1 })
      const delivered = leased._unsafeUnwrap().map(({ event }) => event.id)
      expect(delivered).toEqual(['contractBox/a/1/0'])
      await storage.acknowledge({ shop, worker: 'w', at: 1, delivered, failed: [] })
      expect((await storage.prune({ shop, before: 2, ended: [], limit: 10 }))._unsafeUnwrap()).toBe(1)
      const offending =
        /^\s*(set(?! local\b)|reset|discard|listen|prepare|deallocate)\b|search_path|pg_advisory_lock|temp(orary)? table|notify/i
      expect(texts.filter((text) => offending.test(text))).toEqual([])
    }
  })

  it('has a text for each set of parts and their number, never for values, and one for all long lists', async () => {
    const { texts, pool } = watched()
    const storage = createPostgresStorage({ ...database.options, pool, form: 'statement' })
    const ids = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    const plain = fc.oneof(
      ids.map((id): Change => put(boxes, { id, version: 0, state: { boxId: id } })),
      ids.map((id): Change => put(boxes, { id, version: 3, state: { boxId: id } })),
      ids.map((id): Change => expectRow(boxes, { id, version: 1 })),
      ids.map((id): Change => removeRow(boxes, { id, version: 1 })),
      fc.tuple(ids, fc.integer()).map(([id, by]): Change => adjust(pieces, { id, by })),
      fc.tuple(ids, ids).map(([key, owner]): Change => claim({ space: 's', key, owner })),
    )
    // What is done to how many: the only thing a text may hang on.
    const kinds = new Set<string>()
    const kindOf = (change: Change): string => {
      if (change.kind === 'put') return change.version === 0 ? 'insert' : 'update'
      return change.kind
    }
    await fc.assert(
      fc.asyncProperty(fc.array(plain, { minLength: 1, maxLength: 5 }), async (changes) => {
        const counted = new Map<string, Set<string>>()
        for (const change of changes) {
          const id = change.kind === 'put' || change.kind === 'expect' || change.kind === 'remove' ? change.key.id : ''
          const named = change.kind === 'adjust' ? change.id : change.kind === 'claim' ? change.key : id
          counted.set(kindOf(change), (counted.get(kindOf(change)) ?? new Set()).add(named))
        }
        kinds.add(JSON.stringify([...counted].map(([kind, named]) => [kind, named.size]).sort()))
        const answer = await commitChanges(storage, { shop: 'shapes', at: 1, changes })
        const error = answer.isErr() ? answer.error : undefined
        expect(error?.type === 'StorageUnavailable' ? error.detail : '').toBe('')
      }),
    )
    expect(new Set(texts).size).toBeLessThanOrEqual(kinds.size)
    const before = new Set(texts).size
    for (const [place, count] of [7, 8, 40, 200].entries()) {
      const ids = Array.from({ length: count }, (_, nth) => `${place}-${nth}`)
      const changes = ids.flatMap((id) => [
        put(boxes, { id, version: 0, state: { boxId: id } }),
        adjust(pieces, { id, by: 1 }),
      ])
      expect((await commitChanges(storage, { shop: 'long', at: 1, changes })).isOk()).toBe(true)
    }
    // Long lists are one parameter, whatever their length.
    expect(new Set(texts).size).toBe(before + 1)
  })
})
