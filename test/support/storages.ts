import type { Storage } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe } from 'vitest'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { openTestDatabase, type TestDatabase } from '../postgres/database.js'
import { isolateShops } from './isolate-shops.js'

/** Opens an empty storage; each call gives another. */
export type OpenStorage = () => Promise<Storage>

/** Describes the same behaviour on memory and on Postgres: what holds on one alone does not hold. */
export const describeOnStorages = (name: string, describeBehaviour: (openStorage: OpenStorage) => void): void => {
  describe(`${name} on memory`, () => {
    describeBehaviour(async () => createMemoryStorage())
  })

  describe(`${name} on postgres`, () => {
    let database: TestDatabase
    let opened = 0
    beforeAll(async () => {
      database = await openTestDatabase()
    })
    afterAll(async () => {
      await database.close()
    })
    describeBehaviour(async () => {
      opened += 1
      const storage = createPostgresStorage({ pool: database.pool, schema: database.schema })
      return isolateShops(storage, `test-${opened}`)
    })
  })
}
