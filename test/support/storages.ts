import type { Storage } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { inject } from 'vitest'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { openTestDatabase, type TestDatabase } from '../postgres/database.js'
import { atFileEnd } from './at-file-end.js'
import { isolateShops } from './isolate-shops.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Which storage the tests of this project stand on. */
    storage: 'memory' | 'postgres'
  }
}

let database: Promise<TestDatabase> | undefined
let opened = 0

/**
 * An empty storage. Tests that open one run twice, on memory and on Postgres (see vitest.config.ts): what holds on one
 * alone does not hold.
 */
export const openStorage = async (): Promise<Storage> => {
  if (inject('storage') === 'memory') return createMemoryStorage()
  if (database === undefined) {
    database = openTestDatabase()
    atFileEnd(async () => {
      const open = database
      database = undefined
      await (await open)?.close()
    })
  }
  const { pool, schema } = await database
  opened += 1
  return isolateShops(createPostgresStorage({ pool, schema }), `test-${opened}`)
}
