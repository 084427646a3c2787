import pg from 'pg'
import { claim, commitChanges, put } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxes } from '../../../adapters/contract/scratch.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

let database: ScratchDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await openScratchDatabase()
  pool = new pg.Pool({ connectionString: database.url, max: 1, idleTimeoutMillis: 0 })
  pool.on('error', () => {})
})
afterAll(async () => {
  await pool.end()
  await database.close()
})

const backend = async (): Promise<unknown> => (await pool.query('select pg_backend_pid() as pid')).rows[0]?.pid

describe.each(['statement', 'function', 'transaction'] as const)('a connection of the pool, by %s', (form) => {
  const write = (shop: string, owner: string) =>
    commitChanges(createPostgresStorage({ ...database.options, pool, form }), {
      shop: `${shop}-${form}`,
      at: 1,
      changes: [put(boxes, { id: owner, version: 0, state: { boxId: owner } }), claim({ space: 's', key: 'k', owner })],
    })

  it('outlives a refused commit, with the plans it holds', async () => {
    expect((await write('refused', 'first')).isOk()).toBe(true)
    const before = await backend()
    for (const owner of ['second', 'third']) {
      expect((await write('refused', owner))._unsafeUnwrapErr()).toMatchObject({
        type: 'AlreadyClaimed',
        owner: 'first',
      })
    }
    expect((await write('refused', 'first'))._unsafeUnwrapErr()).toMatchObject({ type: 'VersionConflict' })
    expect(await backend()).toBe(before)
  })

  it('is replaced when it is lost', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query('select pg_terminate_backend($1)', [await backend()])
    await client.end()
    // The first may hear that it is lost; the next has another.
    await write('lost', 'first')
    expect((await write('found', 'first')).isOk()).toBe(true)
  })
})
