import pg from 'pg'
import { adjust, commitChanges, put } from 'shopwright'
import { type CommitForm, createPostgresStorage, oneConnection, type Pool } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  storageCommitCases,
  storageOutboxCases,
  storageRaceCases,
  storageReadCases,
} from '../../../adapters/contract/index.js'
import { boxes, pieces } from '../../../adapters/contract/scratch.js'
import { readPage } from '../../docs/page-tables.js'
import { isolateShops } from '../../support/isolate-shops.js'
import { runContract } from '../../support/run-contract.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

const forms: readonly CommitForm[] = ['transaction', 'statement', 'function']

let database: ScratchDatabase
// Clients of this one lose their prepared statements; those of the other hold on to theirs by name.
let forgettable: pg.Pool
beforeAll(async () => {
  database = await openScratchDatabase({ poolSize: 8 })
  forgettable = new pg.Pool({ connectionString: database.url, max: 8 })
  forgettable.on('error', () => {})
})
afterAll(async () => {
  await forgettable.end()
  await database.close()
})

/** A pool whose sessions forget everything after each statement and each transaction, as behind a transaction pooler. */
const forgetful = (pool: pg.Pool): Pool => {
  const connect: Pool['connect'] = async () => {
    const client = await pool.connect()
    return {
      query: (text, values) => client.query(text, values),
      release: (broken) => {
        if (broken) client.release(true)
        else
          client.query('discard all').then(
            () => client.release(),
            () => client.release(true),
          )
      },
    }
  }
  return {
    connect,
    query: async (text, values) => {
      const client = await connect()
      try {
        return await client.query(text, values)
      } finally {
        client.release()
      }
    },
  }
}

let worlds = 0
const world = () => {
  worlds += 1
  return `world-${worlds}`
}

for (const form of forms) {
  describe(`by ${form}, statements prepared by name`, () => {
    const create = async () => {
      const storage = createPostgresStorage({ ...database.options, pool: database.pool, prepared: 'named', form })
      return isolateShops(storage, world())
    }
    runContract('commits', storageCommitCases, create)
    runContract('reads', storageReadCases, create)
    runContract('races', storageRaceCases, create)
  })

  describe(`by ${form}, over sessions that forget everything between transactions`, () => {
    const create = async () =>
      isolateShops(createPostgresStorage({ ...database.options, pool: forgetful(forgettable), form }), world())
    runContract('commits', storageCommitCases, create)
    runContract('outbox', storageOutboxCases, create)
  })
}

describe('a role that serves the shop and no more', () => {
  const changes = [
    put(boxes, {
      id: 'a',
      version: 0,
      state: { boxId: 'a', lines: [{ lineId: 'l', shelfId: 's', count: 1 }] },
      events: [{ type: 'Made' }],
    }),
    adjust(pieces, { id: 'a', by: 1 }),
  ]

  it('needs just the rights that the page on embedding grants, in every form', async () => {
    const role = `server_${database.schema}_${process.pid}`
    const [, grants = ''] = /```sql\n([\s\S]*?)```/.exec(readPage('docs/embedding.md')) ?? []
    expect(grants).toContain('schema shopwright to shop_server')
    await database.pool.query(`create role ${role} login`)
    await database.pool.query(`revoke execute on all functions in schema "${database.schema}" from public`)
    const url = new URL(database.url)
    url.username = role
    const client = new pg.Client({ connectionString: url.toString() })
    await client.connect()
    try {
      const open = (form: 'auto' | CommitForm) =>
        createPostgresStorage({ ...database.options, pool: oneConnection(client), form })
      const serve = async (form: 'auto' | CommitForm) => {
        const shop = world()
        const storage = open(form)
        const written = await commitChanges(storage, { shop, at: 1, changes })
        if (written.isErr()) return written.error.type
        const leased = await storage.lease({ shop, worker: 'w', at: 1, leaseMs: 1, limit: 10 })
        const delivered = leased._unsafeUnwrap().map(({ event }) => event.id)
        const told = await storage.acknowledge({ shop, worker: 'w', at: 1, delivered, failed: [] })
        expect(told.isOk()).toBe(true)
        expect((await storage.prune({ shop, before: 2, ended: [], limit: 10 }))._unsafeUnwrap()).toBe(1)
        return 'served'
      }
      expect(await serve('auto')).toBe('StorageUnavailable')
      const [forTables, forFunctions] = grants
        .replaceAll('schema shopwright', `schema "${database.schema}"`)
        .replaceAll('shop_server', role)
        .split('grant execute')
      await database.pool.query(forTables ?? '')
      // Where the function may not be called, the statement is taken.
      expect(await serve('auto')).toBe('served')
      expect(await serve('function')).toBe('StorageUnavailable')
      await database.pool.query(`grant execute${forFunctions}`)
      for (const form of ['auto', ...forms] as const) expect(await serve(form), form).toBe('served')
      await expect(client.query(`create table "${database.schema}".mine (id int)`)).rejects.toThrow(/permission denied/)
    } finally {
      await client.end()
      await database.pool.query(`drop owned by ${role}`)
      await database.pool.query(`drop role ${role}`)
    }
  })
})
