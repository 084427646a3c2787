import { err, ok, type Result, ResultAsync } from 'neverthrow'
import type { StorageUnavailable } from 'shopwright'
import { applyMigrations, lockTimeout, migrationLock, withPatience } from './apply-migrations.js'
import { commitFunction } from './commit-function.js'
import type { Step } from './ddl.js'
import { stateOf, unavailable } from './errors.js'
import {
  ChangedMigration,
  checksumOfMigration,
  compare,
  createRecord,
  existing,
  type Migration,
  migrationsOf,
  recorded,
  type Standing,
  statement,
} from './migration-record.js'
import { oneConnection, type Pool, type Queryable, type Session, sessionOfPool } from './queryable.js'
import { createRegistry, type Registry, type TableOptions } from './registry.js'
import { quoteName, type Statement } from './sql.js'

/** What was applied under a number is not what stands under it here: the database belongs to another release or setup. */
export type MigrationChanged = { readonly type: 'MigrationChanged'; readonly number: number; readonly name: string }

/** The database lacks steps that this release needs. */
export type MigrationsPending = { readonly type: 'MigrationsPending'; readonly numbers: readonly number[] }

/** What to migrate, and whether the commit function comes with it. */
export type MigrationOptions = TableOptions & {
  /** `skip` where functions are not allowed; commits then take the statement form. `install` when absent. */
  readonly commitFunction?: 'install' | 'skip'
}

/** What a migration did. */
export type Migrated = {
  /** The numbers applied now. */
  readonly applied: readonly number[]
  /** Whether the commit function is there. */
  readonly commitFunction: boolean
}

// Languages and rights differ between services; where the function cannot be, commits take the statement form.
const notAllowedHere = new Set(['42501', '42704', '0A000'])

const installFunction = async (session: Session, registry: Registry): Promise<boolean> => {
  try {
    // Whoever waits for the lock may be in a circle with one who makes an index and one who changes a table.
    return await withPatience(() =>
      session.transaction(async (run) => {
        await run(migrationLock(registry.schema))
        await run(statement(commitFunction(registry).text))
        return { keep: true, value: true }
      }),
    )
  } catch (error) {
    if (notAllowedHere.has(stateOf(error) ?? '')) return false
    throw error
  }
}

/** A pool as it is; a client that is connected already, as a pool of one. In `pg` both have `connect`. */
const poolOf = (given: Pool | Queryable): Pool =>
  'connect' in given && !('release' in given || 'processID' in given) ? given : oneConnection(given)

const failureOf = (error: unknown): StorageUnavailable | MigrationChanged =>
  error instanceof ChangedMigration
    ? { type: 'MigrationChanged', number: error.migration.number, name: error.migration.name }
    : unavailable(error)

/**
 * Brings a schema to this release while others use it; any number of processes may do it at once, and what was broken off
 * goes on. Tables change in short transactions that give up waiting for a lock soon and ask again; rows are filled some at
 * a time, constraints checked and indexes made beside the writes. Needs the right to create the schema, or to create tables
 * in it, and no more.
 *
 * @param connection - a pool, or a connected client
 * @errors MigrationChanged, StorageUnavailable
 */
export const migrate = (
  connection: Pool | Queryable,
  options: MigrationOptions = {},
): ResultAsync<Migrated, MigrationChanged | StorageUnavailable> => {
  const registry = createRegistry(options)
  const work = async (): Promise<Migrated> => {
    const session = sessionOfPool(poolOf(connection))
    const applied = await applyMigrations(session, registry)
    const installed = options.commitFunction !== 'skip' && (await installFunction(session, registry))
    return { applied, commitFunction: installed }
  }
  return ResultAsync.fromPromise(work(), failureOf)
}

/**
 * Says whether a schema is at this release, and changes nothing.
 *
 * @param connection - a pool, or a connected client
 * @errors MigrationsPending, MigrationChanged, StorageUnavailable
 */
export const checkSchema = (
  connection: Queryable,
  options: TableOptions = {},
): ResultAsync<void, MigrationsPending | MigrationChanged | StorageUnavailable> => {
  const registry = createRegistry(options)
  const migrations = migrationsOf(registry)
  const ask = async (text: Statement) => (await connection.query(text.text, [...text.values])).rows
  const work = async (): Promise<Standing> => {
    const isThere = (await ask(existing(registry.schema)))[0]?.record === true
    return compare(migrations, isThere ? await ask(recorded(registry.schema)) : [])
  }
  return ResultAsync.fromPromise(work(), unavailable).andThen(
    ({ pending, changed }): Result<void, MigrationsPending | MigrationChanged> => {
      if (changed !== undefined) return err({ type: 'MigrationChanged', number: changed.number, name: changed.name })
      if (pending.length > 0) return err({ type: 'MigrationsPending', numbers: pending.map(({ number }) => number) })
      return ok(undefined)
    },
  )
}

// Some rows at a time, as often as it takes: each turn ends its transaction and lets go of its locks.
const printFill = (text: string): string =>
  `do $fill$ declare n bigint; begin loop ${text.replace('select count(*)::text as count from', 'select count(*) into n from')}; commit; exit when n = 0; end loop; end $fill$`

const printWork = ({ kind, text }: Step): string => `${kind === 'fill' ? printFill(text) : text};`

const printMigration = (schema: string, migration: Migration): string => {
  const { number, name, changes, works } = migration
  const table = `${quoteName(schema)}."migrations"`
  const isDone = works.length === 0
  return [
    `-- ${number} ${name}`,
    'begin;',
    `${lockTimeout};`,
    ...(number === 1 ? [`create schema if not exists ${quoteName(schema)};`, `${createRecord(schema)};`] : []),
    ...changes.map(({ kind, text }) =>
      kind === 'compress' ? `-- Where the server was built with lz4: ${text};` : `${text};`,
    ),
    `insert into ${table} ("number", name, checksum, applied_at) values (${number}, '${name}', '${checksumOfMigration(migration)}', ${isDone ? 'now()' : 'null'});`,
    'commit;',
    ...(isDone
      ? []
      : [
          '-- Each of these by itself, outside a transaction; all of them again where one was broken off. An index that is',
          '-- left invalid is dropped first.',
          ...works.map(printWork),
          `update ${table} set applied_at = now() where "number" = ${number};`,
        ]),
  ].join('\n')
}

/** The same steps as SQL, for a person who applies them by hand. */
export const printMigrations = (options: MigrationOptions = {}): string => {
  const registry = createRegistry(options)
  const steps = migrationsOf(registry).map((migration) => printMigration(registry.schema, migration))
  const functions = options.commitFunction === 'skip' ? [] : [`-- commit function\n${commitFunction(registry).text};`]
  return `${[...steps, ...functions].join('\n\n')}\n`
}
