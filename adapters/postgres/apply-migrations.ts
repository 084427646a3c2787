import type { Step } from './ddl.js'
import { stateOf } from './errors.js'
import {
  ChangedMigration,
  checksumOfMigration,
  compare,
  createRecord,
  existing,
  type Migration,
  migrationsOf,
  recorded,
  statement,
} from './migration-record.js'
import type { Run, Session } from './queryable.js'
import type { Registry } from './registry.js'
import { quoteName, type Statement } from './sql.js'

/**
 * How long a change waits for a lock. Whoever comes to the table after it waits behind it, so it gives up soon and asks
 * again later.
 */
export const lockTimeout = "set local lock_timeout = '1s'"

/** Lets one migrate at a time; of its transaction, so that a pooler may stand between. */
export const migrationLock = (schema: string): Statement =>
  statement(
    "select 1 as locked from (select pg_advisory_xact_lock(hashtext('shopwright migrations'), hashtext($1::text))) l",
    [schema],
  )

const lz4Statement = statement(
  "select exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) as found",
)

// Others hold the lock, or both of two lost; of an index, another has made it meanwhile; of the catalog,
// another has written the same row (which has no code of its own).
const passing = new Set(['55P03', '40P01', '40001', '42P07', '23505', 'XX000'])
const attempts = 30
// Of anything else: it is as likely that the same comes again, and a person is to hear of it soon.
const attemptsAtOthers = 3
const longestPauseMs = 4_000

const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.random() * Math.min(longestPauseMs, 50 * 2 ** attempt))
  })

/** Does again what others were in the way of: many times, and anything else a few. */
export const withPatience = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ChangedMigration) throw error
      const most = passing.has(stateOf(error) ?? '') ? attempts : attemptsAtOthers
      if (attempt >= most) throw error
      await pause(attempt)
    }
  }
}

/** Several statements with short locks, however long they take. */
const shortly = <Value>(session: Session, work: (run: Run) => Promise<Value>): Promise<Value> =>
  withPatience(() =>
    session.transaction(async (run) => {
      await run(statement(lockTimeout))
      return { keep: true, value: await work(run) }
    }),
  )

type Begun = { readonly migration: Migration; readonly isDone: boolean }

const makeChanges = async (run: Run, { changes }: Migration): Promise<void> => {
  const canCompress =
    changes.some(({ kind }) => kind === 'compress') && (await run(lz4Statement)).rows[0]?.found === true
  for (const { kind, text } of changes) if (kind !== 'compress' || canCompress) await run(statement(text))
}

/** Makes the changes of the next pending migration, unless they were; undefined when none is left. */
const beginNext = (session: Session, registry: Registry): Promise<Begun | undefined> =>
  withPatience(() =>
    session.transaction<Begun | undefined>(async (run) => {
      const { schema } = registry
      await run(migrationLock(schema))
      await run(statement(lockTimeout))
      const there = (await run(existing(schema))).rows[0]
      if (there?.schema !== true) await run(statement(`create schema ${quoteName(schema)}`))
      if (there?.record !== true) await run(statement(createRecord(schema)))
      const { pending, begun, changed } = compare(migrationsOf(registry), (await run(recorded(schema))).rows)
      if (changed !== undefined) throw new ChangedMigration(changed)
      const [migration] = pending
      if (migration === undefined) return { keep: true, value: undefined }
      const isDone = migration.works.length === 0
      if (!begun.has(migration.number)) {
        await makeChanges(run, migration)
        const values = [String(migration.number), migration.name, checksumOfMigration(migration)]
        const record =
          `insert into ${quoteName(schema)}."migrations" ("number", name, checksum, applied_at) ` +
          `values ($1::text::int, $2::text, $3::text, ${isDone ? 'now()' : 'null'})`
        await run(statement(record, values))
      }
      return { keep: true, value: { migration, isDone } }
    }),
  )

const isValid = (table: string, name: string): Statement =>
  statement(
    'select i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid ' +
      'where i.indrelid = to_regclass($1::text) and c.relname = $2::text',
    [table, name],
  )

/**
 * Makes an index beside the writes. One that was broken off stays behind, invalid: it is dropped and made anew. Who waits
 * for the table here holds no snapshot, which whoever makes the index meanwhile would wait for in turn.
 */
const makeIndex = async (session: Session, schema: string, step: Step & { readonly kind: 'index' }): Promise<void> => {
  const plainName = step.name.slice(1, -1).replaceAll('""', '"')
  const isThere = (): Promise<boolean> =>
    shortly(session, async (run) => {
      await run(statement(`lock table ${step.table} in share update exclusive mode`))
      const [found] = (await run(isValid(step.table, plainName))).rows
      if (found?.valid === false) await run(statement(`drop index ${quoteName(schema)}.${step.name}`))
      return found?.valid === true
    })
  await withPatience(async () => {
    if (!(await isThere())) await session.write(statement(step.text))
  })
}

const doWork = async (session: Session, schema: string, step: Step): Promise<void> => {
  switch (step.kind) {
    case 'index':
      return makeIndex(session, schema, step)
    case 'fill':
      while ((await fillSome(session, step.text)) > 0) {}
      return
    case 'validate':
    case 'change':
    case 'compress':
      await shortly(session, (run) => run(statement(step.text)))
  }
}

const batches = 20

/** Fills rows that lack columns, some batches of them; how many came last. */
export const fillSome = async (session: Session, text: string): Promise<number> => {
  let count = 0
  for (let batch = 0; batch < batches; batch += 1) {
    count = await shortly(session, async (run) => Number((await run(statement(text))).rows[0]?.count))
    if (count === 0) break
  }
  return count
}

/** Applies everything that is pending; answers the numbers that were brought to their end here. */
export const applyMigrations = async (session: Session, registry: Registry): Promise<readonly number[]> => {
  const { schema } = registry
  const applied: number[] = []
  for (;;) {
    const next = await beginNext(session, registry)
    if (next === undefined) return applied
    const { number, works } = next.migration
    for (const step of works) await doWork(session, schema, step)
    const finish =
      `update ${quoteName(schema)}."migrations" set applied_at = now() ` +
      'where "number" = $1::text::int and applied_at is null returning 1 as done'
    if (next.isDone || (await session.write(statement(finish, [String(number)]))).rows.length > 0) applied.push(number)
  }
}
