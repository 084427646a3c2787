import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'

/** Where this run's databases are made; provided by the global setup. */
export type TestDatabases = {
  /** `databases`: one database a test file, cloned; `schemas`: one schema a test file, where databases may not be made. */
  readonly kind: 'databases' | 'schemas'
  /** URL that databases or schemas are created over. */
  readonly url: string
  /** Database to clone; it has the library's schema. */
  readonly template: string
  /** Leads the name of everything this run makes, so that its end can remove what was left. */
  readonly prefix: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: TestDatabases
  }
}

/** A database of one test file's own. */
export type TestDatabase = {
  /** Connection URL, for clients of the test's own. */
  readonly url: string
  /** Schema that holds the library's tables: hand it to the adapter and to `migrate`. */
  readonly schema: string
  /** A pool on the database. */
  readonly pool: pg.Pool
  /** Ends the pool and drops the database; further calls do nothing. */
  readonly close: () => Promise<void>
}

/** The schema the template has the library's tables in. */
export const librarySchema = 'shopwright'

// A template that something still looks at, and a name list that another session holds, are over in a moment.
const passingStates = new Set(['55006', '55P03', '40P01', 'XX000'])
const attempts = 40

const stateOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Runs statements one after another on a connection of their own; passing conflicts are tried again. */
export const runStatements = async (url: string, statements: readonly string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    for (const statement of statements) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await client.query(statement)
          break
        } catch (error) {
          if (attempt >= attempts || !passingStates.has(stateOf(error))) throw error
          await sleep(20 + Math.random() * 60)
        }
      }
    }
  } finally {
    await client.end()
  }
}

/** The same URL for another database. */
export const urlOfDatabase = (url: string, database: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.toString()
}

// The host's own tables land beside the library's, never in a schema that other test files see.
const urlOfSchema = (url: string, searchPath: string): string => {
  const changed = new URL(url)
  changed.searchParams.set('options', `-c search_path=${searchPath}`)
  return changed.toString().replaceAll('+', '%20')
}

/** Migrates the library's schema; given so that the fallback can do per file what the template has done once. */
export type MigrateDatabase = (url: string, schema: string) => Promise<void>

/** Opens a fresh database from the given place; `openTestDatabase` without vitest. */
export const openDatabaseIn = async (
  databases: TestDatabases,
  migrate: MigrateDatabase,
  options: { readonly empty?: boolean; readonly poolSize?: number } = {},
): Promise<TestDatabase> => {
  const name = `${databases.prefix}_${randomBytes(6).toString('hex')}`
  let url: string
  let schema: string
  let drop: string
  if (databases.kind === 'databases') {
    await runStatements(databases.url, [
      `create database ${name} template ${options.empty === true ? 'template0' : databases.template}`,
    ])
    url = urlOfDatabase(databases.url, name)
    schema = librarySchema
    drop = `drop database if exists ${name} with (force)`
  } else {
    await runStatements(databases.url, [`create schema ${name}_host`])
    url = urlOfSchema(databases.url, `${name}_host`)
    schema = name
    drop = `drop schema if exists ${name}, ${name}_host cascade`
    if (options.empty !== true) await migrate(databases.url, schema)
  }
  const pool = new pg.Pool({ connectionString: url, max: options.poolSize ?? 20, allowExitOnIdle: true })
  // An idle connection that the server ends is replaced; one in use tells its user by itself.
  pool.on('error', () => {})
  let closing: Promise<void> | undefined
  const end = async () => {
    await pool.end()
    await runStatements(databases.url, [drop])
  }
  return {
    url,
    schema,
    pool,
    close: () => {
      closing ??= end()
      return closing
    },
  }
}

/**
 * Opens a fresh database for the calling test file: a clone with the library's schema migrated, or with `empty: true`
 * one without it. Call it in `beforeAll` and `close()` in `afterAll`. Rejects when the run has no database.
 */
export const openTestDatabase = async (
  options: { readonly empty?: boolean; readonly poolSize?: number } = {},
): Promise<TestDatabase> => {
  // Typed as always there, yet absent when the run's configuration leaves the global setup out.
  const databases: TestDatabases | undefined = inject('postgres')
  if (databases === undefined) {
    throw new Error("This run has no Postgres: list 'test/postgres/global-setup.ts' in vitest's globalSetup.")
  }
  const { migrateDatabase } = await import('./migrate-database.js')
  return openDatabaseIn(databases, migrateDatabase, options)
}
