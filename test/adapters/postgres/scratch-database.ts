import { type CollectionTable, createPostgresStorage, type Pool, type TableOptions } from 'shopwright/adapters/postgres'
import { contractScratch } from '../../../adapters/contract/index.js'
import { openTestDatabase, type TestDatabase } from '../../postgres/database.js'

/** The tables of the descriptors that the contract suites use. */
export const scratchTables: Required<Pick<TableOptions, 'collections' | 'counters' | 'logs'>> = {
  collections: contractScratch.collections.map(
    (collection): CollectionTable => ({
      collection,
      table: collection.name === 'contractBox' ? 'boxes' : 'shelves',
      // One of the two is held as rows are, the other as books are.
      ...(collection.name === 'contractBox' ? { lists: { lines: { table: 'box_lines' } } } : { reliedUpon: true }),
    }),
  ),
  counters: contractScratch.counters.map((family) => ({
    family,
    table: family.name === 'contractPieces' ? 'pieces' : 'credits',
  })),
  logs: contractScratch.logs.map((log) => ({ log, table: 'notes' })),
}

export type ScratchDatabase = TestDatabase & {
  /** For `createPostgresStorage`: the pool, and the scratch tables in a schema of their own. */
  readonly options: typeof scratchTables & { readonly pool: Pool; readonly schema: string }
}

/** Opens a database that has the scratch tables. */
export const openScratchDatabase = async (options: { readonly poolSize?: number } = {}): Promise<ScratchDatabase> => {
  const database = await openTestDatabase({ empty: true, ...options })
  const scratch = { ...scratchTables, pool: database.pool, schema: database.schema }
  const migrated = await createPostgresStorage(scratch).migrate()
  if (migrated.isErr()) throw new Error(`The scratch tables could not be made: ${JSON.stringify(migrated.error)}`)
  return { ...database, options: scratch }
}
