import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { oldestMajorVersion } from '../../scripts/postgres-server/find-binaries.js'
import { startPostgresServer } from '../../scripts/postgres-server/start-server.js'
import { librarySchema, type MigrateDatabase, runStatements, type TestDatabases, urlOfDatabase } from './database.js'

/** A place for the run's databases, and how to remove all of it. */
export type PreparedDatabases = {
  readonly databases: TestDatabases
  /** One line on what is used, for the run's log. */
  readonly description: string
  readonly remove: () => Promise<void>
}

const runPrefix = () => `shopwright_test_${randomBytes(4).toString('hex')}`

const listRows = async (url: string, text: string, values: readonly string[]): Promise<readonly string[]> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    const result = await client.query<{ value: string }>(text, [...values])
    return result.rows.map((row) => row.value)
  } finally {
    await client.end()
  }
}

const describeError = (error: unknown) => {
  if (error instanceof AggregateError) return error.errors.map(String).join('; ')
  return error instanceof Error ? error.message : String(error)
}

const removeDatabases = async (url: string, prefix: string): Promise<void> => {
  const text = 'select datname as value from pg_database where starts_with(datname, $1)'
  const names = await listRows(url, text, [`${prefix}_`])
  await runStatements(
    url,
    names.map((name) => `drop database if exists ${name} with (force)`),
  )
}

const createTemplate = async (url: string, prefix: string, migrate: MigrateDatabase): Promise<string> => {
  const template = `${prefix}_template`
  await runStatements(url, [`create database ${template} template template0`])
  try {
    await migrate(urlOfDatabase(url, template), librarySchema)
    // Nobody may connect any more, so nothing is in the way of a clone.
    await runStatements(url, [`alter database ${template} with allow_connections false`])
  } catch (error) {
    await removeDatabases(url, prefix)
    throw error
  }
  return template
}

const removeSchemas = async (url: string, prefix: string): Promise<void> => {
  const text = 'select nspname::text as value from pg_namespace where starts_with(nspname, $1)'
  const names = await listRows(url, text, [`${prefix}_`])
  await runStatements(
    url,
    names.map((name) => `drop schema if exists ${name} cascade`),
  )
}

const prepareOnGivenServer = async (url: string, migrate: MigrateDatabase): Promise<PreparedDatabases> => {
  const prefix = runPrefix()
  let version: string
  try {
    version = (await listRows(url, "select current_setting('server_version') as value", []))[0] ?? ''
  } catch (error) {
    throw new Error(`DATABASE_URL is set, but no Postgres answers there: ${describeError(error)}`)
  }
  if (!(Number.parseInt(version, 10) >= oldestMajorVersion)) {
    throw new Error(`DATABASE_URL names Postgres ${version}; at least ${oldestMajorVersion} is needed`)
  }
  const rights = await listRows(
    url,
    "select concat_ws(',', case when rolcreatedb or rolsuper then 'database' end, " +
      "case when has_database_privilege(current_database(), 'create') then 'schema' end) as value " +
      'from pg_roles where rolname = current_user',
    [],
  )
  const allowed = (rights[0] ?? '').split(',')
  if (allowed.includes('database')) {
    const template = await createTemplate(url, prefix, migrate)
    return {
      databases: { kind: 'databases', url, template, prefix },
      description: `Postgres ${version} of DATABASE_URL`,
      remove: () => removeDatabases(url, prefix),
    }
  }
  if (!allowed.includes('schema')) {
    throw new Error('The user of DATABASE_URL may create neither databases nor schemas; grant one of the two.')
  }
  return {
    databases: { kind: 'schemas', url, template: '', prefix },
    description: `Postgres ${version} of DATABASE_URL; its user may not create databases, so each test file has a schema`,
    remove: () => removeSchemas(url, prefix),
  }
}

/**
 * Prepares a place for this run's databases: the server of `databaseUrl`, else a server of the run's own. The template
 * is migrated once. Rejects, with what was tried, when there is no Postgres.
 */
export const prepareDatabases = async (
  databaseUrl: string | undefined,
  migrate: MigrateDatabase,
): Promise<PreparedDatabases> => {
  if (databaseUrl !== undefined && databaseUrl !== '') return prepareOnGivenServer(databaseUrl, migrate)
  const server = await startPostgresServer()
  try {
    const prefix = runPrefix()
    const template = await createTemplate(server.url(), prefix, migrate)
    return {
      databases: { kind: 'databases', url: server.url(), template, prefix },
      description: `Postgres ${server.version} (${server.source}, ${server.binaries})`,
      remove: server.stop,
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}
