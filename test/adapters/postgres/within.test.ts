import { adjust, commitChanges, counters, put, readFacts, row, type Storage } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxes, pieces } from '../../../adapters/contract/scratch.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

let database: ScratchDatabase
beforeAll(async () => {
  database = await openScratchDatabase()
  await database.pool.query('create table host_rows (id text primary key)')
})
afterAll(async () => {
  await database.close()
})

const box = (id: string, version: number) => put(boxes, { id, version, state: { boxId: id } })

const look = async (storage: Storage, shop: string) =>
  (
    await readFacts(storage, {
      shop,
      scope: { kind: 'all' },
      at: 1,
      plan: { box: row(boxes, 'a'), pieces: counters(pieces, ['a']) },
    })
  )._unsafeUnwrap()

describe.each(['transaction', 'statement', 'function'] as const)('within a transaction of the host, by %s', (form) => {
  const open = async () => {
    const storage = createPostgresStorage({ ...database.options, form })
    const client = await database.pool.connect()
    await client.query('begin')
    return { storage, client, inside: storage.within(client) }
  }

  it('a refused commit leaves the transaction usable, and the host commits its own row', async () => {
    const { storage, client, inside } = await open()
    const shop = `refused-${form}`
    await client.query('insert into host_rows values ($1)', [shop])
    expect((await commitChanges(inside, { shop, at: 1, changes: [adjust(pieces, { id: 'a', by: 5 })] })).isOk()).toBe(
      true,
    )
    const refused = await commitChanges(inside, {
      shop,
      at: 1,
      changes: [box('a', 0), adjust(pieces, { id: 'a', by: -6 })],
    })
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'FloorReached', index: 1, counter: pieces.name, id: 'a' })
    expect(await look(inside, shop)).toEqual({ box: undefined, pieces: new Map([['a', 5]]) })
    expect((await look(storage, shop)).pieces.size).toBe(0)
    await client.query('commit')
    client.release()
    expect((await look(storage, shop)).pieces).toEqual(new Map([['a', 5]]))
    expect((await database.pool.query('select id from host_rows where id = $1', [shop])).rows).toEqual([{ id: shop }])
  })

  it('what the host rolls back is gone, events and all', async () => {
    const { storage, client, inside } = await open()
    const shop = `rolled-back-${form}`
    const made = put(boxes, { id: 'a', version: 0, state: { boxId: 'a' }, events: [{ type: 'Made' }] })
    expect((await commitChanges(inside, { shop, at: 1, changes: [made] })).isOk()).toBe(true)
    expect((await look(inside, shop)).box?.version).toBe(1)
    await client.query('rollback')
    client.release()
    expect((await look(storage, shop)).box).toBeUndefined()
    const leased = await storage.lease({ shop, worker: 'w', at: 2, leaseMs: 1, limit: 10 })
    expect(leased._unsafeUnwrap()).toEqual([])
  })

  it('commits that are sent at once on one client take turns, each with its own answer', async () => {
    const { client, inside } = await open()
    const shop = `turns-${form}`
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => commitChanges(inside, { shop, at: 1, changes: [box('a', 0)] })),
    )
    expect(answers.filter((answer) => answer.isOk()).length).toBe(1)
    await client.query('commit')
    client.release()
  })
})
