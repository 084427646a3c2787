import { err, ok, type Result, ResultAsync } from 'neverthrow'
import type { StorageUnavailable } from 'shopwright'
import { commitFunction } from './commit-function.js'
import { stateOf, unavailable } from './errors.js'
import { oneConnection, type Pool, type Queryable, type Session, sessionOfPool } from './queryable.js'
import { createRegistry, type Registry, type TableOptions } from './registry.js'
import { checksumOf, quoteName, type Statement } from './sql.js'

/** A step of the schema, applied once and never changed after. */
export type Migration = { readonly number: number; readonly name: string; readonly statements: readonly string[] }

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

const migrationsOf = ({ steps }: Registry): readonly Migration[] =>
  [...new Set(steps.map(({ number }) => number))]
    .sort((a, b) => a - b)
    .map((number) => ({
      number,
      name: number === 1 ? 'tables' : 'additions',
      statements: steps.filter((step) => step.number === number).map(({ text }) => text),
    }))

const checksumOfMigration = ({ statements }: Migration): string => checksumOf(statements.join(';\n'))

const createRecord = (schema: string): string => `create table ${quoteName(schema)}."migrations" (
  "number" int primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now()
)`

const statement = (text: string, values: readonly string[] = []): Statement => ({ text, values })

const lockStatement = (schema: string): Statement =>
  statement(
    "select 1 as locked from (select pg_advisory_xact_lock(hashtext('shopwright migrations'), hashtext($1::text))) l",
    [schema],
  )

// Asking first: `create .. if not exists` needs the right to create even where there is nothing to do.
const existing = (schema: string): Statement =>
  statement(
    'select exists (select from pg_namespace where nspname = $1::text) as schema, ' +
      "exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1::text and c.relname = 'migrations') as record",
    [schema],
  )

const recorded = (schema: string): Statement =>
  statement(`select "number", checksum from ${quoteName(schema)}."migrations"`)

const lz4Statement = statement(
  "select exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) as found",
)

type Standing = { readonly pending: readonly Migration[]; readonly changed: Migration | undefined }

const compare = (migrations: readonly Migration[], rows: readonly Readonly<Record<string, unknown>>[]): Standing => {
  const checksums = new Map(rows.map((row) => [Number(row.number), String(row.checksum)]))
  return {
    pending: migrations.filter(({ number }) => !checksums.has(number)),
    changed: migrations.find((migration) => {
      const checksum = checksums.get(migration.number)
      return checksum !== undefined && checksum !== checksumOfMigration(migration)
    }),
  }
}

class ChangedMigration extends Error {
  constructor(readonly migration: Migration) {
    super(`migration ${migration.number} has changed`)
  }
}

/** Applies the next pending step in a transaction of its own; answers its number, or undefined when none is left. */
const applyNext = (session: Session, registry: Registry): Promise<number | undefined> =>
  session.transaction(async (run) => {
    const { schema } = registry
    await run(lockStatement(schema))
    const there = (await run(existing(schema))).rows[0]
    if (there?.schema !== true) await run(statement(`create schema ${quoteName(schema)}`))
    if (there?.record !== true) await run(statement(createRecord(schema)))
    const { pending, changed } = compare(migrationsOf(registry), (await run(recorded(schema))).rows)
    if (changed !== undefined) throw new ChangedMigration(changed)
    const [next] = pending
    if (next === undefined) return { keep: true, value: undefined }
    for (const text of next.statements) await run(statement(text))
    if (next.number === 1 && (await run(lz4Statement)).rows[0]?.found === true) {
      for (const text of registry.compression) await run(statement(text))
    }
    const record = `insert into ${quoteName(schema)}."migrations" ("number", name, checksum) values ($1::text::int, $2::text, $3::text)`
    await run(statement(record, [String(next.number), next.name, checksumOfMigration(next)]))
    return { keep: true, value: next.number }
  })

// Languages and rights differ between services; where the function cannot be, commits take the statement form.
const notAllowedHere = new Set(['42501', '42704', '0A000'])

const installFunction = async (session: Session, registry: Registry): Promise<boolean> => {
  try {
    return await session.transaction(async (run) => {
      await run(lockStatement(registry.schema))
      await run(statement(commitFunction(registry).text))
      return { keep: true, value: true }
    })
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
 * Brings a schema to this release, step by step, each step in a transaction of its own; any number of processes may do
 * it at once. Needs the right to create the schema, or to create tables in it, and no more.
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
    const applied: number[] = []
    for (;;) {
      const number = await applyNext(session, registry)
      if (number === undefined) break
      applied.push(number)
    }
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

/** The same steps as SQL, for a person who applies them by hand. */
export const printMigrations = (options: MigrationOptions = {}): string => {
  const registry = createRegistry(options)
  const schema = quoteName(registry.schema)
  const steps = migrationsOf(registry).map((migration) =>
    [
      `-- ${migration.number} ${migration.name}`,
      'begin;',
      ...(migration.number === 1
        ? [`create schema if not exists ${schema};`, `${createRecord(registry.schema)};`]
        : []),
      ...migration.statements.map((text) => `${text};`),
      ...(migration.number === 1
        ? ['-- Where the server was built with lz4:', ...registry.compression.map((text) => `-- ${text};`)]
        : []),
      `insert into ${schema}."migrations" ("number", name, checksum) values (${migration.number}, '${migration.name}', '${checksumOfMigration(migration)}');`,
      'commit;',
    ].join('\n'),
  )
  const functions = options.commitFunction === 'skip' ? [] : [`-- commit function\n${commitFunction(registry).text};`]
  return `${[...steps, ...functions].join('\n\n')}\n`
}
