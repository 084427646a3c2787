import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const adapterFile = new URL('../../adapters/postgres/index.ts', import.meta.url)

/** What of the Postgres adapter is needed here. */
export type MigrationModule = {
  readonly migrate: (
    client: pg.Client,
    options: { readonly schema: string },
  ) => PromiseLike<{ readonly isErr: () => boolean }>
}

const loadAdapter = async (): Promise<MigrationModule | undefined> => {
  if (!existsSync(fileURLToPath(adapterFile))) return undefined
  const loaded: unknown = await import(adapterFile.href)
  if (typeof loaded !== 'object' || loaded === null || !('migrate' in loaded) || typeof loaded.migrate !== 'function') {
    throw new Error('adapters/postgres/index.ts exports no function migrate')
  }
  // The parse boundary: what was loaded by name has been found to hold the function; its result is checked on use.
  return loaded as MigrationModule
}

/** Migrates the library's schema in the database at `url`, by the Postgres adapter's own `migrate`. */
export const migrateDatabase = async (
  url: string,
  schema: string,
  load: () => Promise<MigrationModule | undefined> = loadAdapter,
): Promise<void> => {
  const adapter = await load()
  if (adapter === undefined) return
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    const result = await adapter.migrate(client, { schema })
    if (result.isErr()) throw new Error(`The test schema could not be migrated: ${JSON.stringify(result)}`)
  } finally {
    await client.end()
  }
}
