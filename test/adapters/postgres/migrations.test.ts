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

  it('come out as SQL that a person can apply, to the same schema', async () => {
    const options = { ...scratchTables, schema: schemaOf('by "hand"') }
    await database.pool.query(printMigrations(options))
    expect((await checkSchema(database.pool, options)).isOk()).toBe(true)
    const storage = createPostgresStorage({ ...options, pool: database.pool, form: 'function' })
    expect((await commitChanges(storage, { shop: 's', at: 1, changes: fill })).isOk()).toBe(true)
  })

  it('need no more than the right to create a schema', async () => {
    const role = `${schemaOf('owner')}`
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
