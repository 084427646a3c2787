import pg from 'pg'
import {
  append,
  type Collection,
  type Commit,
  commitChanges,
  find,
  put,
  readFacts,
  removeRow,
  type Storage,
} from 'shopwright'
import {
  type CollectionTable,
  type CommitForm,
  createPostgresStorage,
  type LogTable,
  migrate,
  oneConnection,
  printMigrations,
} from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storageReadCases } from '../../../adapters/contract/index.js'
import { type Box, boxes, notes } from '../../../adapters/contract/scratch.js'
import { openTestDatabase, type TestDatabase } from '../../postgres/database.js'
import { isolateShops } from '../../support/isolate-shops.js'
import { runContract } from '../../support/run-contract.js'
import { scratchTables } from './scratch-database.js'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase({ empty: true })
})
afterAll(async () => {
  await database.close()
})

const schemaOf = (name: string): string => `${database.schema}_${name}`
const read = async (text: string) => (await database.pool.query(text)).rows

type Fields = Collection<unknown>['fields']
const without = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))

const laterFields = ['status', 'size', 'madeAt', 'sealed', 'tags']
const [boxTable, ...otherCollections] = scratchTables.collections
const [noteTable, ...otherLogs] = scratchTables.logs
if (boxTable === undefined || noteTable === undefined) throw new Error('no scratch tables')

/** The release before: no column for most of what is declared now, nor for the pieces of a line. */
const before = {
  ...scratchTables,
  collections: [
    {
      ...boxTable,
      collection: {
        ...boxTable.collection,
        fields: without(boxTable.collection.fields, laterFields),
        parts: (boxTable.collection.parts ?? []).map((part) => ({ ...part, fields: without(part.fields, ['count']) })),
      },
    },
    ...otherCollections,
  ] as readonly CollectionTable[],
  logs: [
    { ...noteTable, log: { ...noteTable.log, fields: without(noteTable.log.fields, ['at']) } },
    ...otherLogs,
  ] as readonly LogTable[],
}

/** This one: they came with the migrations 2 and 3. */
const now = {
  ...scratchTables,
  collections: [
    {
      ...boxTable,
      checks: { some: 'size >= 0' },
      since: {
        columns: { status: 2, size: 2, madeAt: 2, sealed: 3, tags: 3 },
        checks: { some: 2 },
      },
      lists: { lines: { table: 'box_lines', since: { columns: { count: 3 } } } },
    },
    ...otherCollections,
  ] as readonly CollectionTable[],
  logs: [{ ...noteTable, since: { columns: { at: 2 } } }, ...otherLogs] as readonly LogTable[],
}

const migrateTo = async (tables: typeof before, schema: string) =>
  (await migrate(database.pool, { ...tables, schema }))._unsafeUnwrap().applied

const storageOf = (tables: typeof before, schema: string, form: CommitForm = 'statement') =>
  createPostgresStorage({ ...tables, schema, pool: database.pool, form })

const write = async (storage: Storage, changes: Commit['changes']) => {
  const answer = await commitChanges(storage, { shop: 's', at: 1, changes })
  expect(answer.isOk()).toBe(true)
}

const boxOf = (boxId: string, more: Partial<Box> = {}): Box => ({
  boxId,
  lines: [{ lineId: 'l', shelfId: 'x', count: 7 }],
  ...more,
})

describe('what the release before writes on the database of this one', () => {
  let schema: string
  beforeAll(async () => {
    schema = schemaOf('beside')
    await migrateTo(before, schema)
    expect(await migrateTo(now, schema)).toEqual([2, 3])
    // Where it stands in for both, its function is there as well.
    await migrate(database.pool, { ...now, schema })
  })

  let worlds = 0
  for (const form of ['transaction', 'statement', 'function'] as const) {
    const create = async () => {
      worlds += 1
      const { commit, commitEach } = storageOf(before, schema, form)
      return isolateShops({ ...storageOf(now, schema, form), commit, commitEach }, `${form}-${worlds}`)
    }
    describe(`by ${form}, is found by the columns it does not know, as in memory`, () => {
      runContract('reads', storageReadCases, create)
    })
  }

  it('is filled by the upkeep, rows, lists and logs, inserted and updated', async () => {
    const [old, current] = [storageOf(before, schema), storageOf(now, schema)]
    await write(current, [put(boxes, { id: 'a', version: 0, state: boxOf('a', { status: 'new', size: 1 }) })])
    await write(old, [
      put(boxes, {
        id: 'a',
        version: 1,
        state: boxOf('a', {
          status: 'old',
          size: 2,
          lines: [
            { lineId: 'l', shelfId: 'x', count: 8 },
            { lineId: 'm', shelfId: 'y', count: 9 },
          ],
        }),
      }),
      put(boxes, { id: 'b', version: 0, state: boxOf('b', { status: 'old', tags: ['t'] }) }),
      append(notes, { id: 'n', body: { ownerId: 'o', at: 5 } }),
    ])
    const columns = () => read(`select id, status, size, tags from ${schema}.boxes where shop = 's' order by id`)
    expect(await columns()).toEqual([
      { id: 'a', status: 'new', size: '1', tags: null },
      { id: 'b', status: null, size: null, tags: null },
    ])
    expect((await current.prune({ shop: 's', before: 0, ended: [], limit: 1 })).isOk()).toBe(true)
    expect(await columns()).toEqual([
      { id: 'a', status: 'old', size: '2', tags: null },
      { id: 'b', status: 'old', size: null, tags: ['t'] },
    ])
    const lines = `select contract_box_id as id, "key", count from ${schema}.box_lines where shop = 's' order by 1, 2`
    expect(await read(lines)).toEqual([
      { id: 'a', key: 'l', count: '8' },
      { id: 'a', key: 'm', count: '9' },
      { id: 'b', key: 'l', count: '7' },
    ])
    expect(await read(`select at from ${schema}.notes where shop = 's'`)).toEqual([{ at: new Date(5) }])
    expect(await read(`select count(*)::int as n from ${schema}.boxes where columns_version < 3`)).toEqual([{ n: 0 }])
    await write(old, [removeRow(boxes, { id: 'b', version: 1 })])
  })

  it('is looked up by the index of rows that lack columns, and what this release wrote by that of the column', async () => {
    await database.pool.query(
      `insert into ${schema}.boxes (shop, id, version, schema_version, state, status, columns_version)
       select 'many', n::text, 1, 1, '{}', 's' || n % 500, 3 from generate_series(1, 20000) n`,
    )
    await database.pool.query(`analyze ${schema}.boxes`)
    const plan = {
      found: find(boxes, {
        where: [{ field: 'status', is: 'gte', value: 's100' }],
        orderBy: { field: 'status', direction: 'descending' },
        limit: 10,
      }),
    }
    let sent: { text: string; values: unknown[] } = { text: '', values: [] }
    const watched = {
      query: (text: string, values: unknown[] = []) => {
        sent = { text, values }
        return database.pool.query(text, values)
      },
    }
    const storage = createPostgresStorage({ ...now, schema, pool: oneConnection(watched) })
    const facts = await readFacts(storage, { shop: 'many', scope: { kind: 'all' }, at: 1, plan })
    expect(facts._unsafeUnwrap().found).toHaveLength(10)
    const { rows } = await database.pool.query(`explain ${sent.text}`, sent.values)
    const explained = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(explained).toContain('boxes_lacking_3')
    expect(explained).toContain('Backward using boxes_status')
  })
})

describe('a migration of tables in use', () => {
  const fillOld = async (schema: string, count: number) => {
    await migrateTo(before, schema)
    await database.pool.query(
      `insert into ${schema}.boxes (shop, id, version, schema_version, state)
       select 's' || n % 3, n::text, 1, 1, jsonb_build_object('boxId', n::text, 'status', 's' || n, 'size', n,
         'lines', jsonb_build_array(jsonb_build_object('lineId', 'l', 'shelfId', 'x', 'count', n)))
       from generate_series(1, ${count}) n`,
    )
  }
  const unfilled = (schema: string) =>
    read(`select (select count(*)::int from ${schema}.boxes where size is distinct from (state ->> 'size')::bigint) as rows,
      (select count(*)::int from ${schema}.boxes b where not exists
        (select from ${schema}.box_lines l where l.shop = b.shop and l.contract_box_id = b.id and l.count = b.size)) as lists,
      (select count(*)::int from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = '${schema}' and not i.indisvalid) as broken`)
  const whole = [{ rows: 0, lists: 0, broken: 0 }]

  it('fills thousands of rows and the list that they had no rows of, by three machines at once', async () => {
    const schema = schemaOf('many')
    await fillOld(schema, 1_700)
    const clients = Array.from({ length: 3 }, () => new pg.Client({ connectionString: database.url }))
    await Promise.all(clients.map((client) => client.connect()))
    const results = await Promise.all(clients.map((client) => migrate(client, { ...now, schema })))
    await Promise.all(clients.map((client) => client.end()))
    expect(results.flatMap((result) => (result.isErr() ? [result.error] : []))).toEqual([])
    const applied = results.flatMap((result) => result._unsafeUnwrap().applied)
    expect([...applied].sort()).toEqual([2, 3])
    expect(await unfilled(schema)).toEqual(whole)
  })

  it('goes on where it was broken off: rows that refused a check, an index that is not valid', async () => {
    const schema = schemaOf('broken')
    await fillOld(schema, 10)
    await database.pool.query(`update ${schema}.boxes set state = state || '{"size": -1}' where id = '3'`)
    const refused = await migrate(database.pool, { ...now, schema })
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'StorageUnavailable' })
    // Sold on: the release before is not refused by a check that it does not know.
    await write(storageOf(before, schema), [put(boxes, { id: 'z', version: 0, state: boxOf('z', { size: 4 }) })])
    await database.pool.query(`update ${schema}.boxes set state = state || '{"size": 3}' where id = '3'`)
    await database.pool.query(
      `update pg_index set indisvalid = false where indexrelid = '${schema}.boxes_lacking_2'::regclass`,
    )
    expect(await migrateTo(now, schema)).toEqual([2, 3])
    expect((await unfilled(schema))[0]).toMatchObject({ rows: 0, broken: 0 })
  })

  it('lets others at a table while it waits for one who reads long, and is done when that one ends', async () => {
    const schema = schemaOf('waiting')
    await fillOld(schema, 3)
    const reader = await database.pool.connect()
    await reader.query('begin')
    await reader.query(`select count(*) from ${schema}.boxes`)
    const migrating = migrate(database.pool, { ...now, schema })
    const waits = `select count(*)::int as n from pg_locks where relation = '${schema}.boxes'::regclass and not granted`
    while ((await read(waits))[0]?.n === 0) {}
    const other = new pg.Client({ connectionString: database.url, statement_timeout: 20_000 })
    await other.connect()
    expect((await other.query(`select count(*)::int as n from ${schema}.boxes`)).rows).toEqual([{ n: 3 }])
    await other.end()
    await reader.query('commit')
    reader.release()
    expect((await migrating)._unsafeUnwrap().applied).toEqual([2, 3])
    expect(await unfilled(schema)).toEqual(whole)
  })

  it('is printed as the same steps, for a person to apply one by one', async () => {
    const schema = schemaOf('printed')
    await fillOld(schema, 600)
    const [, later = ''] = printMigrations({ ...now, schema, commitFunction: 'skip' }).split(/(?=-- 2 additions)/)
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    for (const text of later.split(/;\n/)) if (text.trim() !== '') await client.query(text)
    await client.end()
    expect(await migrateTo(now, schema)).toEqual([])
    expect(await unfilled(schema)).toEqual(whole)
  })

  it('adds tables that this release does not begin with, and a host its own, where JSON can be compressed by lz4', async () => {
    const schema = schemaOf('late')
    await migrateTo(before, schema)
    const late = {
      ...before,
      collections: [
        ...before.collections,
        {
          collection: { ...boxes, name: 'lateBox', rank: 950 },
          table: 'late_boxes',
          lists: { lines: { table: 'late_box_lines' } },
          since: { table: 2 },
        },
      ],
      logs: [...before.logs, { log: { ...notes, name: 'hostNote' }, table: 'host_notes', since: { table: 1001 } }],
    }
    expect(await migrateTo(late, schema)).toEqual([2, 1001])
    const compressed = await read(
      `select distinct a.attcompression::text as by from pg_attribute a join pg_class c on c.oid = a.attrelid
       join pg_namespace n on n.oid = c.relnamespace where n.nspname = '${schema}' and a.attname in ('state', 'body') and c.relkind = 'r'`,
    )
    expect(compressed).toEqual([{ by: 'l' }])
  })

  it('fills a list that was declared later with the items of rows that are there', async () => {
    const schema = schemaOf('listed')
    const { parts: _, ...listless } = boxes
    const unlisted = {
      ...scratchTables,
      collections: [{ collection: listless, table: 'boxes' }, ...otherCollections] as readonly CollectionTable[],
    }
    await migrateTo(unlisted, schema)
    await write(storageOf(unlisted, schema), [put(boxes, { id: 'a', version: 0, state: boxOf('a') })])
    const listed = {
      ...scratchTables,
      collections: [
        { collection: boxes, table: 'boxes', lists: { lines: { table: 'box_lines', since: { table: 2 } } } },
        ...otherCollections,
      ] as readonly CollectionTable[],
    }
    expect(await migrateTo(listed, schema)).toEqual([2])
    expect(await read(`select "key", count from ${schema}.box_lines`)).toEqual([{ key: 'l', count: '7' }])
  })
})
