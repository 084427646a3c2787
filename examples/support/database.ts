import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { startPostgresServer } from '../../scripts/postgres-server/start-server.js'

/** A database with room for an example: the host's tables in one schema, the shop's in another. */
export type ExampleDatabase = {
  /** Connections of the host; they find the host's own tables by their bare names. */
  readonly pool: pg.Pool
  /** Where the host's tables are. */
  readonly hostSchema: string
  /** Where the shop's tables go. */
  readonly schema: string
  /** Removes both schemas. */
  readonly close: () => Promise<void>
}

/** Opens the database of DATABASE_URL; without one, starts a Postgres for as long as the example runs. */
export const openDatabase = async (): Promise<ExampleDatabase> => {
  const given = process.env.DATABASE_URL
  const server = given === undefined || given === '' ? await startPostgresServer() : undefined
  const connectionString = server?.url() ?? given
  const name = `example_${randomBytes(6).toString('hex')}`
  const pool = new pg.Pool({ connectionString, max: 8, options: `-c search_path=${name}_host` })
  // An idle connection that the server ends is replaced by the pool.
  pool.on('error', () => {})
  await pool.query(`create schema ${name}_host`)
  return {
    pool,
    hostSchema: `${name}_host`,
    schema: `${name}_shop`,
    close: async () => {
      await pool.query(`drop schema if exists ${name}_shop, ${name}_host cascade`)
      await pool.end()
      await server?.stop()
    },
  }
}
