import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Message, Storage } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { startPostgresServer } from '../scripts/postgres-server/start-server.js'
import type { StorageChoice } from './arguments.js'
import { Refusal } from './refusal.js'

/** A storage that is ready, and how to leave it. */
export type OpenedStorage = {
  readonly storage: Storage
  /** What it is, for a person. */
  readonly description: Message
  /** Names a shop that nobody has opened before. */
  readonly shop: string
  readonly close: () => Promise<void>
}

const schema = 'shopwright_demo'

/**
 * Opens the storage of the day.
 *
 * @param databaseUrl - what `postgres` needs
 * @throws Refusal where there is none
 */
export const openStorage = async (choice: StorageChoice, databaseUrl: string | undefined): Promise<OpenedStorage> => {
  switch (choice) {
    case 'memory':
      return {
        storage: createMemoryStorage(),
        description: { en: 'in memory', 'zh-CN': '内存' },
        shop: 'demo',
        close: async () => {},
      }
    case 'embedded': {
      const server = await startServer()
      const description = {
        en: `on a Postgres ${server.version} of its own, gone at the end`,
        'zh-CN': `自带的 Postgres ${server.version}，结束后清除`,
      }
      return openPostgres(server.url(), description, server.stop)
    }
    case 'postgres': {
      if (databaseUrl === undefined || databaseUrl === '') {
        throw new Refusal({
          en: '--storage postgres needs DATABASE_URL, such as postgres://user:password@localhost:5432/shop.',
          'zh-CN': '--storage postgres 需要 DATABASE_URL，例如 postgres://user:password@localhost:5432/shop。',
        })
      }
      const description = {
        en: `on the Postgres of DATABASE_URL, kept in its schema ${schema}`,
        'zh-CN': `DATABASE_URL 的 Postgres，保存在 schema ${schema}`,
      }
      return openPostgres(databaseUrl, description, async () => {})
    }
  }
}

const startServer = async (): Promise<Awaited<ReturnType<typeof startPostgresServer>>> => {
  try {
    return await startPostgresServer()
  } catch (error) {
    const why = messageOf(error)
    throw new Refusal({
      en: `The demo could not start a database of its own. Try --storage memory. ${why}`,
      'zh-CN': `演示无法启动自带的数据库，可改用 --storage memory。${why}`,
    })
  }
}

const openPostgres = async (url: string, description: Message, stop: () => Promise<void>): Promise<OpenedStorage> => {
  const end = async (pool: pg.Pool): Promise<void> => {
    await pool.end()
    await stop()
  }
  let pool: pg.Pool
  try {
    pool = new pg.Pool({ connectionString: url, max: 8 })
  } catch (error) {
    await stop()
    throw unreachable(messageOf(error))
  }
  // An idle connection that the server ends is replaced by the pool.
  pool.on('error', () => {})
  try {
    await pool.query('select 1')
  } catch (error) {
    await end(pool)
    throw unreachable(messageOf(error))
  }
  const storage = createPostgresStorage({ pool, schema })
  const migrated = await storage.migrate()
  if (migrated.isErr()) {
    await end(pool)
    const { error } = migrated
    const why = error.type === 'StorageUnavailable' ? error.type : JSON.stringify(error)
    throw new Refusal({
      en: `The database cannot be prepared; its user must be allowed to create the schema ${schema} (${why}).`,
      'zh-CN': `无法准备数据库，其用户须有权创建 schema ${schema}（${why}）。`,
    })
  }
  return { storage, description, shop: `demo-${randomBytes(6).toString('hex')}`, close: () => end(pool) }
}

const unreachable = (why: string): Refusal =>
  new Refusal({ en: `The database cannot be reached: ${why}.`, 'zh-CN': `无法连接数据库：${why}。` })

const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
