export type { CollectionTable } from './collection-table.js'
export { builtinCollections, builtinCounters, builtinLogs } from './collections/builtin.js'
export type { CommitForm } from './commit-ways.js'
export type { CounterTable } from './counter-table.js'
export type { ComputedColumn, Since, TableExtras } from './ddl.js'
export type { GroupOptions } from './gather.js'
export { createPostgresKeyStore, type PostgresKeyStore } from './key-store.js'
export type { LogTable } from './log-table.js'
export {
  checkSchema,
  type Migrated,
  type MigrationChanged,
  type MigrationOptions,
  type MigrationsPending,
  migrate,
  printMigrations,
} from './migrations.js'
export type { CollectionParts, CounterParts, PartInput } from './parts.js'
export {
  type NamedPool,
  type NamedQueryable,
  oneConnection,
  type Pool,
  type Queryable,
  type QueryRows,
  type Releasable,
} from './queryable.js'
export type { TableOptions } from './registry.js'
export { createPostgresStorage, type PostgresOptions, type PostgresStorage } from './storage.js'
