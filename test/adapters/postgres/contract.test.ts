import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe } from 'vitest'
import {
  storageCommitCases,
  storageOutboxCases,
  storageRaceCases,
  storageReadCases,
  storageWorkflowCases,
} from '../../../adapters/contract/index.js'
import { isolateShops } from '../../support/isolate-shops.js'
import { runContract } from '../../support/run-contract.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

let database: ScratchDatabase
beforeAll(async () => {
  database = await openScratchDatabase()
})
afterAll(async () => {
  await database.close()
})

for (const form of ['transaction', 'statement', 'function'] as const) {
  let opened = 0
  const create = async () => {
    opened += 1
    return isolateShops(createPostgresStorage({ ...database.options, form }), `${form}-${opened}`)
  }
  // The import goes through commitEach, which is one path whatever the form.
  const importRows = form === 'statement' ? 50_000 : 2_000
  describe(`postgres by ${form}`, () => {
    runContract('commits', storageCommitCases, create)
    runContract('reads', storageReadCases, create)
    runContract('outbox', storageOutboxCases, create)
    runContract('races', storageRaceCases, create)
    runContract('workflows', storageWorkflowCases({ importRows }), create)
  })
}
