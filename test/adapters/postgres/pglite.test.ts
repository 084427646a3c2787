import { PGlite } from '@electric-sql/pglite'
import { adjust, commitChanges, counters, createShop, readFacts } from 'shopwright'
import { createPostgresStorage, migrate, oneConnection } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  storageCommitCases,
  storageOutboxCases,
  storageRaceCases,
  storageReadCases,
} from '../../../adapters/contract/index.js'
import { pieces } from '../../../adapters/contract/scratch.js'
import { by, byStaff, chooseMugs, examplePorts, mug, sellMugs } from '../../../examples/support/mug-shop.js'
import { must } from '../../../examples/support/must.js'
import { isolateShops } from '../../support/isolate-shops.js'
import { runContract } from '../../support/run-contract.js'
import { scratchTables } from './scratch-database.js'

// A PGlite is one session in this process: what is proved here is that its `query` fits, not that anything is safe
// against others; for that the same cases run on a server.
let database: PGlite
// Setting up a database in WebAssembly takes seconds, and minutes where other work has the processor.
beforeAll(async () => {
  database = await PGlite.create()
  must(await migrate(database, { ...scratchTables, schema: 'scratch' }))
}, 300_000)
afterAll(async () => {
  await database.close()
})

let worlds = 0
for (const form of ['transaction', 'statement', 'function'] as const) {
  const create = async () => {
    worlds += 1
    const pool = oneConnection(database)
    return isolateShops(createPostgresStorage({ ...scratchTables, schema: 'scratch', pool, form }), `${form}-${worlds}`)
  }
  describe(`PGlite by ${form}`, () => {
    runContract('commits', storageCommitCases, create)
    runContract('reads', storageReadCases, create)
    runContract('outbox', storageOutboxCases, create)
    runContract('races, which take turns', storageRaceCases, create)
  })
}

describe('a shop on PGlite', () => {
  it('is migrated whole and sells, in a transaction of the host too', async () => {
    const storage = createPostgresStorage({ pool: oneConnection(database) })
    expect(must(await storage.migrate())).toMatchObject({ applied: [1], commitFunction: true })
    const shop = createShop({ ...examplePorts, storage })
    await sellMugs(shop, 3)
    await database.query('create table booking (guest text primary key)')
    const choice = await chooseMugs(shop, 'ann', 2)
    await database.transaction(async (transaction) => {
      await transaction.query("insert into booking values ('ann')")
      const { orders } = shop.within(transaction)
      must(await orders.place(by('ann'), choice))
      expect((await orders.place(by('bob'), choice)).isErr()).toBe(true)
    })
    const { lines } = must(await shop.inventory.stockOf(byStaff(), { skus: [mug.sku] }))
    expect(lines[0]?.available).toBe(1)
    expect((await database.query('select guest from booking')).rows).toEqual([{ guest: 'ann' }])
  })

  it('keeps commits of one session apart by letting them take turns', async () => {
    const pool = oneConnection(database)
    const storage = createPostgresStorage({ ...scratchTables, schema: 'scratch', pool, form: 'transaction' })
    const take = () => commitChanges(storage, { shop: 'turns', at: 1, changes: [adjust(pieces, { id: 'a', by: 1 })] })
    const answers = await Promise.all(Array.from({ length: 20 }, take))
    expect(answers.filter((answer) => answer.isErr())).toEqual([])
    const plan = { taken: counters(pieces, ['a']) }
    const facts = await readFacts(storage, { shop: 'turns', scope: { kind: 'all' }, at: 1, plan })
    expect(must(facts).taken.get('a')).toBe(20)
  })
})
