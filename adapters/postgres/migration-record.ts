import type { Step } from './ddl.js'
import type { Registry } from './registry.js'
import { checksumOf, quoteName, type Statement } from './sql.js'

/** A step of the schema, applied once and never changed after. */
export type Migration = {
  readonly number: number
  readonly name: string
  /** Done together, in one short transaction. */
  readonly changes: readonly Step[]
  /** Done after it one by one, each as often as it takes, while the shop sells. */
  readonly works: readonly Step[]
}

/** The migrations that a registry's steps make. */
export const migrationsOf = ({ steps }: Registry): readonly Migration[] =>
  [...new Set(steps.map(({ number }) => number))]
    .sort((a, b) => a - b)
    .map((number) => {
      const mine = steps.filter((step) => step.number === number)
      const isChange = ({ kind }: Step): boolean => kind === 'change' || kind === 'compress'
      return {
        number,
        name: number === 1 ? 'tables' : 'additions',
        changes: mine.filter(isChange),
        works: mine.filter((step) => !isChange(step)),
      }
    })

// How rows are filled and indexes made may be done better by another release: what comes of it is in the changes.
export const checksumOfMigration = ({ changes, works }: Migration): string =>
  checksumOf(
    [...changes, ...works]
      .filter(({ kind }) => kind === 'change' || kind === 'index')
      .map(({ text }) => text)
      .join(';\n'),
  )

/** Makes the table of what was applied; `applied_at` is null while a migration is under way. */
export const createRecord = (schema: string): string => `create table ${quoteName(schema)}."migrations" (
  "number" int primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz
)`

/** A statement that nobody names. */
export const statement = (text: string, values: readonly string[] = []): Statement => ({ text, values })

/** Whether the schema and the record are there. To ask comes first: `create .. if not exists` needs the right to create. */
export const existing = (schema: string): Statement =>
  statement(
    'select exists (select from pg_namespace where nspname = $1::text) as schema, ' +
      "exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1::text and c.relname = 'migrations') as record",
    [schema],
  )

/** What was begun, and whether it is done. */
export const recorded = (schema: string): Statement =>
  statement(
    `select "number", checksum, applied_at is not null as done from ${quoteName(schema)}."migrations" order by "number"`,
  )

/** What a database lacks of a release, and the first migration that is not what it was. */
export type Standing = {
  readonly pending: readonly Migration[]
  /** The pending ones whose changes were made. */
  readonly begun: ReadonlySet<number>
  readonly changed: Migration | undefined
}

/** Holds a release's migrations against the record. */
export const compare = (
  migrations: readonly Migration[],
  rows: readonly Readonly<Record<string, unknown>>[],
): Standing => {
  const found = new Map(rows.map((row) => [Number(row.number), { checksum: row.checksum, isDone: row.done === true }]))
  return {
    pending: migrations.filter(({ number }) => found.get(number)?.isDone !== true),
    begun: new Set(found.keys()),
    changed: migrations.find((migration) => {
      const one = found.get(migration.number)
      return one !== undefined && one.checksum !== checksumOfMigration(migration)
    }),
  }
}

/** What was applied under a number is not what stands under it here. */
export class ChangedMigration extends Error {
  constructor(readonly migration: Migration) {
    super(`migration ${migration.number} has changed`)
  }
}
