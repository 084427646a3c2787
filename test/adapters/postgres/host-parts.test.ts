import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe } from 'vitest'
import { storageCommitCases, storageRaceCases, storageReadCases } from '../../../adapters/contract/index.js'
import { createCollectionTables, partsOfTable } from '../../../adapters/postgres/collection-table.js'
import { createCounterTable, partsOfCounters } from '../../../adapters/postgres/counter-table.js'
import { openTestDatabase, type TestDatabase } from '../../postgres/database.js'
import { isolateShops } from '../../support/isolate-shops.js'
import { runContract } from '../../support/run-contract.js'
import { scratchTables } from './scratch-database.js'

// A host's own parts take rows as a list and are trusted with nothing else. The library's parts stand in for them, over
// tables in a schema that the library does not know.
const hostSchema = 'warehouse of the host'
const replace = {
  collections: Object.fromEntries(
    scratchTables.collections.map((table) => [table.collection.name, partsOfTable(hostSchema, table)]),
  ),
  counters: Object.fromEntries(
    scratchTables.counters.map((table) => [table.family.name, partsOfCounters(hostSchema, table)]),
  ),
}

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase({ empty: true })
  const made = [
    `create schema "${hostSchema}"`,
    ...scratchTables.collections.flatMap((table) => createCollectionTables(hostSchema, table)),
    ...scratchTables.counters.flatMap((table) => createCounterTable(hostSchema, table)),
  ]
  for (const text of made) await database.pool.query(text)
  const migrated = await createPostgresStorage({ ...scratchTables, replace, pool: database.pool }).migrate()
  if (migrated.isErr()) throw new Error(JSON.stringify(migrated.error))
})
afterAll(async () => {
  await database.close()
})

for (const form of ['transaction', 'statement', 'function'] as const) {
  let opened = 0
  const create = async () => {
    opened += 1
    const storage = createPostgresStorage({ ...scratchTables, replace, pool: database.pool, form })
    return isolateShops(storage, `${form}-${opened}`)
  }
  describe(`collections and counters of the host, by ${form}`, () => {
    runContract('commits', storageCommitCases, create)
    runContract('reads', storageReadCases, create)
    runContract('races', storageRaceCases, create)
  })
}
