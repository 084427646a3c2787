import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Storage } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { startPostgresServer } from '../scripts/postgres-server/start-server.js'
import type { StorageChoice } from './arguments.js'

/** A storage that is ready, and how to leave it. */
export type OpenedStorage = {
  readonly storage: Storage
  /** Names a shop that nobody has opened before. */
  readonly shop: string
  readonly close: () => Promise<void>
}

/** Opens the storage of the day; rejects with a sentence when there is none. */
export const openStorage = async (choice: StorageChoice): Promise<OpenedStorage> => {
  switch (choice) {
    case 'memory':
      return { storage: createMemoryStorage(), shop: 'demo', close: async () => {} }
    case 'embedded': {
      const server = await startPostgresServer()
      try {
        return await openPostgres(server.url(), server.stop)
      } catch (error) {
        await server.stop()
        throw error
      }
    }
    case 'postgres': {
      const url = process.env.DATABASE_URL
      if (url === undefined || url === '') throw new Error('--storage postgres needs DATABASE_URL.')
      return openPostgres(url, async () => {})
    }
  }
}

const openPostgres = async (url: string, stop: () => Promise<void>): Promise<OpenedStorage> => {
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  // An idle connection that the server ends is replaced by the pool.
  pool.on('error', () => {})
  const storage = createPostgresStorage({ pool, schema: 'shopwright_demo' })
  const migrated = await storage.migrate()
  if (migrated.isErr()) {
    await pool.end()
    throw new Error(`The database cannot be prepared: ${JSON.stringify(migrated.error)}`)
  }
  return {
    storage,
    shop: `demo-${randomBytes(6).toString('hex')}`,
    close: async () => {
      await pool.end()
      await stop()
    },
  }
}
