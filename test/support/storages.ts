import pg from 'pg'
import type { Storage } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { inject } from 'vitest'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { findPooler, startPooler } from '../../scripts/postgres-server/start-pooler.js'
import { openTestDatabase, type TestDatabase } from '../postgres/database.js'
import { atFileEnd } from './at-file-end.js'
import { isolateShops } from './isolate-shops.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Which storage the tests of this project stand on. */
    storage: 'memory' | 'postgres' | 'pooled'
  }
}

type Opened = Pick<TestDatabase, 'pool' | 'schema' | 'close'>

// One for all tests of a file: to write its statements takes longer than many a test.
let database: Promise<Opened & { readonly storage: Storage }> | undefined
let opened = 0

/** A database of the file's own, whose clients share a few connections to it, handed on after every transaction. */
const openPooled = async (): Promise<Opened> => {
  const program = findPooler()
  if (program === undefined) throw new Error('No PgBouncer on this machine.')
  const behind = await openTestDatabase()
  const pooler = await startPooler(program, behind.url, 12)
  const pool = new pg.Pool({ connectionString: pooler.url(new URL(behind.url).pathname.slice(1)), max: 64 })
  pool.on('error', () => {})
  const close = async () => {
    await pool.end()
    await pooler.stop()
    await behind.close()
  }
  return { pool, schema: behind.schema, close }
}

/**
 * An empty storage. Tests that open one run twice, on memory and on Postgres (see vitest.config.ts): what holds on one
 * alone does not hold.
 */
export const openStorage = async (): Promise<Storage> => {
  const kind = inject('storage')
  if (kind === 'memory') return createMemoryStorage()
  if (database === undefined) {
    database = (kind === 'pooled' ? openPooled() : openTestDatabase()).then((open) => ({
      ...open,
      storage: createPostgresStorage({ pool: open.pool, schema: open.schema }),
    }))
    atFileEnd(async () => {
      const open = database
      database = undefined
      await (await open)?.close()
    })
  }
  const { storage } = await database
  opened += 1
  return isolateShops(storage, `test-${opened}`)
}
