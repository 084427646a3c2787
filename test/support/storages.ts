import pg from 'pg'
import type { Storage } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { inject } from 'vitest'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { findPooler, startPooler } from '../../scripts/postgres-server/start-pooler.js'
import { openTestDatabase } from '../postgres/database.js'
import { atFileEnd } from './at-file-end.js'
import { isolateShops } from './isolate-shops.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Which storage the tests of this project stand on. */
    storage: 'memory' | 'postgres' | 'pooled'
  }
}

// One for all files of a worker: to make a database, to open connections and to plan statements on them takes longer than
// many a test, and every test has shops of its own in it. It goes with the server at the end of the run.
let database: Promise<Storage> | undefined
let opened = 0

const openNamed = async (): Promise<Storage> => {
  const { pool, schema } = await openTestDatabase()
  return createPostgresStorage({ pool, schema, prepared: 'named' })
}

/** One whose clients share a few connections to it, handed on after every transaction. It is closed with the file. */
const openPooled = async (): Promise<Storage> => {
  const program = findPooler()
  if (program === undefined) throw new Error('No PgBouncer on this machine.')
  const behind = await openTestDatabase()
  const pooler = await startPooler(program, behind.url, 12)
  const pool = new pg.Pool({ connectionString: pooler.url(new URL(behind.url).pathname.slice(1)), max: 64 })
  pool.on('error', () => {})
  atFileEnd(async () => {
    database = undefined
    await pool.end()
    await pooler.stop()
    await behind.close()
  })
  return createPostgresStorage({ pool, schema: behind.schema })
}

/**
 * An empty storage. Tests that open one run twice, on memory and on Postgres (see vitest.config.ts): what holds on one
 * alone does not hold.
 */
export const openStorage = async (): Promise<Storage> => {
  const kind = inject('storage')
  if (kind === 'memory') return createMemoryStorage()
  database ??= kind === 'pooled' ? openPooled() : openNamed()
  const storage = await database
  opened += 1
  return isolateShops(storage, `test-${opened}`)
}
