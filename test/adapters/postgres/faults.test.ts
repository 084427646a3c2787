import { adjust, claim, commitChanges, find, prepareCommit, put, readFacts, rows, type Search } from 'shopwright'
import { createPostgresStorage, type Pool } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxes, credits, pieces } from '../../../adapters/contract/scratch.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

let database: ScratchDatabase
beforeAll(async () => {
  database = await openScratchDatabase()
})
afterAll(async () => {
  await database.close()
})

const forms = ['transaction', 'statement', 'function'] as const
const lines = (...ids: string[]) => ids.map((lineId) => ({ lineId, shelfId: 'secret shelf', count: 1 }))
const box = (id: string, version: number, lineIds: string[] = []) =>
  put(boxes, { id, version, state: { boxId: id, lines: lines(...lineIds) } })

describe('a fault of the content', () => {
  it('is a value that tells the state and no data, by every form', async () => {
    for (const form of forms) {
      const storage = createPostgresStorage({ ...database.options, form })
      const answer = await commitChanges(storage, { shop: `twice-${form}`, at: 1, changes: [box('a', 0, ['x', 'x'])] })
      const error = answer._unsafeUnwrapErr()
      expect(error.type).toBe('StorageUnavailable')
      expect(JSON.stringify(error)).toMatch(/23505/)
      expect(JSON.stringify(error)).not.toMatch(/secret/)
    }
  })

  it('of one commit among many reaches no other', async () => {
    const storage = createPostgresStorage({ ...database.options, form: 'statement' })
    const prepared = [box('a', 0), box('b', 0, ['x', 'x']), box('c', 0), box('a', 0)].map((change) =>
      prepareCommit({ shop: 'among', at: 1, changes: [change] })._unsafeUnwrap(),
    )
    const answers = (await storage.commitEach(prepared))._unsafeUnwrap()
    expect(answers.map((answer) => (answer.isOk() ? 'done' : answer.error.type))).toEqual([
      'done',
      'StorageUnavailable',
      'done',
      'VersionConflict',
    ])
  })

  it('does not hide the refusal of a counter that would grow beyond what is exact', async () => {
    for (const form of forms) {
      const storage = createPostgresStorage({ ...database.options, form })
      const add = (by: number) =>
        commitChanges(storage, { shop: `vast-${form}`, at: 1, changes: [adjust(credits, { id: 'a', by })] })
      expect((await add(Number.MAX_SAFE_INTEGER))._unsafeUnwrap().counters[0]?.value).toBe(Number.MAX_SAFE_INTEGER)
      expect((await add(1))._unsafeUnwrapErr().type).toBe('FloorReached')
      expect((await add(-1))._unsafeUnwrap().counters[0]?.value).toBe(Number.MAX_SAFE_INTEGER - 1)
    }
  })

  it('of a read leaves nothing out: ids that cannot be stored are simply not found', async () => {
    const storage = createPostgresStorage(database.options)
    const hostile = ['\u0000', '\ud800', "'; drop table boxes; --", '{"a","b"}', '\\', '"', ',', '', '%', '😀']
    await commitChanges(storage, { shop: 'hostile', at: 1, changes: hostile.slice(2).map((id) => box(id, 0)) })
    const plan = {
      rows: rows(boxes, hostile),
      found: find(boxes, { where: [{ field: 'ownerId', is: 'in', values: hostile }], limit: 9 }),
      tagged: find(boxes, { where: [{ field: 'tags', is: 'containsAll', values: hostile }], limit: 9 }),
    }
    const facts = await readFacts(storage, { shop: 'hostile', scope: { kind: 'all' }, at: 1, plan })
    expect(facts._unsafeUnwrap().rows.map(({ id }) => id)).toEqual(hostile.slice(2).sort())
  })
})

describe('instants and whole numbers', () => {
  it('are found to the last millisecond and unit', async () => {
    const storage = createPostgresStorage(database.options)
    const instants = [
      -62_135_596_800_000, -1, 0, 1, 1_790_000_000_122, 1_790_000_000_123, 1_790_000_000_124, 8_640_000_000_000_000,
    ]
    const sizes = [Number.MIN_SAFE_INTEGER, -1, 0, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER]
    const changes = [
      ...instants.map((madeAt) => put(boxes, { id: `t${madeAt}`, version: 0, state: { boxId: 'x', madeAt } })),
      ...sizes.map((size) => put(boxes, { id: `s${size}`, version: 0, state: { boxId: 'x', size } })),
    ]
    expect((await commitChanges(storage, { shop: 'exact', at: 1, changes })).isOk()).toBe(true)
    const ids = async (search: Omit<Search, 'limit'>) => {
      const plan = { found: find(boxes, { ...search, limit: 100 }) }
      const facts = await readFacts(storage, { shop: 'exact', scope: { kind: 'all' }, at: 1, plan })
      return facts._unsafeUnwrap().found.map(({ id }) => id)
    }
    for (const [field, values, letter] of [
      ['madeAt', instants, 't'],
      ['size', sizes, 's'],
    ] as const) {
      for (const [place, value] of values.entries()) {
        const named = (from: readonly number[]) => from.map((each) => `${letter}${each}`)
        const orderBy = { field, direction: 'ascending' } as const
        expect(await ids({ where: [{ field, is: 'eq', value }] })).toEqual([`${letter}${value}`])
        expect(await ids({ where: [{ field, is: 'in', values: [value] }] })).toEqual([`${letter}${value}`])
        expect(await ids({ where: [{ field, is: 'gt', value }], orderBy })).toEqual(named(values.slice(place + 1)))
        expect(await ids({ where: [], orderBy, after: { value, id: `${letter}${value}` } })).toEqual(
          named(values.slice(place + 1)),
        )
      }
    }
  })
})

describe('a broken connection', () => {
  const broken = (error: Error): Pool => ({
    query: () => Promise.reject(error),
    connect: () => Promise.reject(error),
  })

  it('is StorageUnavailable for every call, thrown by none', async () => {
    const pool = broken(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
    const storage = createPostgresStorage({ ...database.options, pool })
    const changes = [adjust(pieces, { id: 'a', by: 1 })]
    const prepared = prepareCommit({ shop: 's', at: 1, changes })._unsafeUnwrap()
    const unavailable = { type: 'StorageUnavailable', detail: 'ECONNREFUSED, connect ECONNREFUSED' }
    const request = { shop: 's', scope: { kind: 'all' }, at: 1, plan: { rows: rows(boxes, ['a']) } } as const
    expect((await storage.commit(prepared))._unsafeUnwrapErr()).toEqual(unavailable)
    expect((await storage.commitEach([prepared, prepared]))._unsafeUnwrapErr()).toEqual(unavailable)
    expect((await readFacts(storage, request))._unsafeUnwrapErr()).toEqual(unavailable)
    expect((await storage.lease({ shop: 's', worker: 'w', at: 1, leaseMs: 1, limit: 1 }))._unsafeUnwrapErr()).toEqual(
      unavailable,
    )
    expect((await storage.migrate())._unsafeUnwrapErr()).toEqual(unavailable)
  })

  it('goes back to no pool, and one that a statement was refused over does', async () => {
    const released = async (code: string): Promise<boolean | undefined> => {
      let isBroken: boolean | undefined
      const pool: Pool = {
        query: (text, values) => database.pool.query(text, values),
        connect: async () => ({
          query: () => Promise.reject(Object.assign(new Error('refused'), { code })),
          release: (broken) => {
            isBroken = broken
          },
        }),
      }
      const storage = createPostgresStorage({ ...database.options, pool, form: 'statement' })
      const changes = [claim({ space: 's', key: 'k', owner: 'me' })]
      expect((await commitChanges(storage, { shop: 'broken', at: 1, changes })).isErr()).toBe(true)
      return isBroken
    }
    // Gone, shut down, a standby since a failover, and a transaction that took too long: by itself and while idle.
    for (const code of ['08006', '57P01', '25006', '25P03', '25P04'])
      expect([code, await released(code)]).toEqual([code, true])
    for (const code of ['23505', '25P02', '57014']) expect([code, await released(code)]).toEqual([code, false])
  })

  it('is noticed when COMMIT answers ROLLBACK', async () => {
    const pool: Pool = {
      query: (text, values) => database.pool.query(text, values),
      connect: async () => {
        const client = await database.pool.connect()
        return {
          query: (text: string, values?: unknown[]) => client.query(text === 'commit' ? 'rollback' : text, values),
          release: (isBroken) => client.release(isBroken),
        }
      },
    }
    const storage = createPostgresStorage({ ...database.options, pool, form: 'transaction' })
    const change = claim({ space: 's', key: 'k', owner: 'me' })
    const answer = await commitChanges(storage, { shop: 'lost', at: 1, changes: [change] })
    expect(answer._unsafeUnwrapErr()).toEqual({ type: 'StorageUnavailable', detail: 'COMMIT answered ROLLBACK' })
  })

  it('after a refusal that holds any text, leaves the owner as it was written', async () => {
    for (const form of forms) {
      const storage = createPostgresStorage({ ...database.options, form })
      const shop = `owner-${form}`
      const owner = 'a|b"c\'d\\e\n中😀|shopwright|V|0||'
      const take = (holder: string) =>
        commitChanges(storage, { shop, at: 1, changes: [claim({ space: 's', key: 'k', owner: holder })] })
      expect((await take(owner)).isOk()).toBe(true)
      const refused = { type: 'AlreadyClaimed', index: 0, space: 's', key: 'k', owner }
      expect((await take('me'))._unsafeUnwrapErr()).toEqual(refused)
    }
  })
})
