import pg from 'pg'
import { adjust, commitChanges, put } from 'shopwright'
import { checkSchema, createPostgresStorage, migrate, printMigrations } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxes, pieces } from '../../../adapters/contract/scratch.js'
import { openTestDatabase, type TestDatabase } from '../../postgres/database.js'
import { scratchTables } from './scratch-database.js'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase({ empty: true })
})
afterAll(async () => {
  await database.close()
})

const schemaOf = (name: string): string => `${database.schema}_${name}`

const fill = [
  put(boxes, { id: 'a', version: 0, state: { boxId: 'a', lines: [{ lineId: 'l', shelfId: 's', count: 1 }] } }),
  adjust(pieces, { id: 'a', by: 1 }),
]

describe('migrations', () => {
  it('are applied once by eight processes that start together', async () => {
    const options = { ...scratchTables, schema: schemaOf('race') }
    const clients = Array.from({ length: 8 }, () => new pg.Client({ connectionString: database.url }))
    await Promise.all(clients.map((client) => client.connect()))
    const results = await Promise.all(clients.map((client) => migrate(client, options)))
    await Promise.all(clients.map((client) => client.end()))
    const applied = results.flatMap((result) => result._unsafeUnwrap().applied)
    expect(applied).toEqual([1])
    expect(results.every((result) => result._unsafeUnwrap().commitFunction)).toBe(true)
    expect((await checkSchema(database.pool, options)).isOk()).toBe(true)
  })

  it('are told to be pending, and to have changed, before anything is written', async () => {
    const options = { ...scratchTables, schema: schemaOf('drift') }
    const pending = await checkSchema(database.pool, options)
    expect(pending._unsafeUnwrapErr()).toEqual({ type: 'MigrationsPending', numbers: [1] })
    expect((await migrate(database.pool, options)).isOk()).toBe(true)
    const other = { ...options, logs: [] }
    const changed = { type: 'MigrationChanged', number: 1, name: 'tables' }
    expect((await checkSchema(database.pool, other))._unsafeUnwrapErr()).toEqual(changed)
    expect((await migrate(database.pool, other))._unsafeUnwrapErr()).toEqual(changed)
  })

  it('leave what a release has applied as it was when a later one adds tables, columns, checks and indexes', async () => {
    const [box, ...otherTables] = scratchTables.collections
    if (box === undefined) throw new Error('no scratch table')
    const later: typeof scratchTables = {
      collections: [
        {
          ...box,
          collection: {
            ...box.collection,
            fields: { ...box.collection.fields, firstShelf: { type: 'text', path: 'firstShelf' } },
            parts: (box.collection.parts ?? []).map((part) => ({
              ...part,
              fields: { ...part.fields, pieces: { type: 'integer', path: 'count' } },
            })),
          },
          checks: { ...box.checks, named: "first_shelf <> ''" },
          since: { columns: { firstShelf: 2 }, checks: { named: 2 } },
          lists: {
            lines: {
              table: 'box_lines',
              ...box.lists?.lines,
              checks: { some: 'pieces >= 1' },
              since: { columns: { pieces: 2 }, checks: { some: 3 } },
            },
          },
        },
        ...otherTables,
      ],
      counters: [
        ...scratchTables.counters,
        { family: { name: 'latePieces', rank: 99, minimum: 0 }, table: 'late', since: 2 },
      ],
      logs: scratchTables.logs,
    }
    const schema = schemaOf('grown')
    await migrate(database.pool, { ...scratchTables, schema })
    const storage = createPostgresStorage({ ...scratchTables, schema, pool: database.pool })
    const stored = { boxId: 'a', firstShelf: 's', lines: [{ lineId: 'l', shelfId: 's', count: 7 }] }
    const changes = [put(boxes, { id: 'a', version: 0, state: stored })]
    expect((await commitChanges(storage, { shop: 's', at: 1, changes })).isOk()).toBe(true)

    const grown = { ...later, schema }
    expect((await checkSchema(database.pool, grown))._unsafeUnwrapErr()).toEqual({
      type: 'MigrationsPending',
      numbers: [2, 3],
    })
    expect((await migrate(database.pool, grown))._unsafeUnwrap().applied).toEqual([2, 3])
    expect((await checkSchema(database.pool, grown)).isOk()).toBe(true)
    const read = async (text: string) => (await database.pool.query(text)).rows
    expect(await read(`select first_shelf from ${schema}.boxes`)).toEqual([{ first_shelf: 's' }])
    expect(await read(`select pieces from ${schema}.box_lines`)).toEqual([{ pieces: '7' }])

    const fresh = { ...later, schema: schemaOf('fresh') }
    expect((await migrate(database.pool, fresh))._unsafeUnwrap().applied).toEqual([1, 2, 3])
    const membersOf = (name: string) =>
      read(
        `select c.table_name, c.column_name, c.data_type from information_schema.columns c where c.table_schema = '${name}' ` +
          `union all select c.relname, pg_get_constraintdef(k.oid), 'constraint' from pg_constraint k ` +
          `join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = '${name}' and k.contype = 'c' ` +
          `union all select tablename, replace(indexdef, schemaname, ''), 'index' from pg_indexes where schemaname = '${name}' order by 1, 2, 3`,
      )
    expect(await membersOf(fresh.schema)).toEqual(await membersOf(schema))
  })

  it('come out as SQL that a person can apply, to the same schema', async () => {
    const options = { ...scratchTables, schema: schemaOf('by "hand"') }
    await database.pool.query(printMigrations(options))
    expect((await checkSchema(database.pool, options)).isOk()).toBe(true)
    const storage = createPostgresStorage({ ...options, pool: database.pool, form: 'function' })
    expect((await commitChanges(storage, { shop: 's', at: 1, changes: fill })).isOk()).toBe(true)
  })

  it('need no more than the right to create a schema', async () => {
    const role = `${schemaOf('owner')}_${process.pid}`
    await database.pool.query(`create role ${role} login`)
    await database.pool.query(
      `do $$ begin execute format('grant create on database %I to ${role}', current_database()); end $$`,
    )
    const url = new URL(database.url)
    url.username = role
    const client = new pg.Client({ connectionString: url.toString() })
    await client.connect()
    try {
      const options = { ...scratchTables, schema: schemaOf('owned') }
      expect((await migrate(client, options))._unsafeUnwrap()).toEqual({ applied: [1], commitFunction: true })
    } finally {
      await client.end()
      await database.pool.query(`drop owned by ${role}`)
      await database.pool.query(`drop role ${role}`)
    }
  })

  it('leave the statement form to be found where the function is not installed', async () => {
    const options = { ...scratchTables, schema: schemaOf('bare') }
    const migrated = await migrate(database.pool, { ...options, commitFunction: 'skip' })
    expect(migrated._unsafeUnwrap().commitFunction).toBe(false)
    const storage = createPostgresStorage({ ...options, pool: database.pool })
    expect((await commitChanges(storage, { shop: 's', at: 1, changes: fill })).isOk()).toBe(true)
  })

  it('may drop the function under a running storage, which goes on by statement', async () => {
    const options = { ...scratchTables, schema: schemaOf('dropped') }
    await migrate(database.pool, options)
    const storage = createPostgresStorage({ ...options, pool: database.pool })
    const add = adjust(pieces, { id: 'a', by: 1 })
    expect((await commitChanges(storage, { shop: 's', at: 1, changes: [add] })).isOk()).toBe(true)
    const { rows } = await database.pool.query(
      "select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = $1 and p.proname like 'commit%'",
      [options.schema],
    )
    for (const { name } of rows) await database.pool.query(`drop function ${name}`)
    const again = await commitChanges(storage, { shop: 's', at: 1, changes: [add] })
    expect(again._unsafeUnwrap().counters).toEqual([{ counter: pieces.name, id: 'a', value: 2 }])
  })
})
