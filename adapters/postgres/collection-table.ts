import type { Collection, Part } from 'shopwright'
import { columnOf, createTable, type TableExtras } from './ddl.js'
import { type CollectionParts, idsOf, lockInOrder, type PartInput } from './parts.js'
import { quoteName, quoteText, snakeCase } from './sql.js'

/** The table of a collection, and the tables of its lists. */
export type CollectionTable = TableExtras & {
  readonly collection: Collection<unknown>
  readonly table: string
  /** By the list's member: the name of its table and what it has beyond the declared fields. */
  readonly lists?: Readonly<
    Record<string, { readonly table: string } & Pick<TableExtras, 'columns' | 'checks' | 'indexed' | 'indexes'>>
  >
}

type List = { readonly part: Part; readonly table: string; readonly column: string }

const rowType = '(id text, version bigint, next bigint, schema_version int, state jsonb)'

const rowsOf = (rows: string): string => `jsonb_to_recordset(${rows}) as r${rowType}`

const parentColumn = (table: CollectionTable): string => `${snakeCase(table.collection.name)}_id`

const listsOf = (schema: string, table: CollectionTable): readonly List[] =>
  (table.collection.parts ?? []).map((part) => ({
    part,
    table: `${quoteName(schema)}.${quoteName(listTable(table, part))}`,
    column: quoteName(parentColumn(table)),
  }))

const listTable = (table: CollectionTable, part: Part): string =>
  table.lists?.[part.field]?.table ?? `${table.table}_${snakeCase(part.field)}`

const isList = (state: string, field: string): string => `jsonb_typeof(${state} -> ${quoteText(field)}) = 'array'`

const replacing = (state: string, field: string, list: string): string =>
  ` || case when ${isList(state, field)} then jsonb_build_object(${quoteText(field)}, ${list}) else '{}' end`

// A list leaves an empty one behind, so that a state without the list and one with none in it stay apart.
const stateWithoutLists = (lists: readonly List[]): string =>
  `r.state${lists.map(({ part }) => replacing('r.state', part.field, "'[]'::jsonb")).join('')}`

const stateWithLists = (lists: readonly List[]): string =>
  `o.state${lists
    .map(({ part, table, column }) => {
      const items = `select jsonb_agg(l.data order by l."position") from ${table} l where l.shop = o.shop and l.${column} = o.id`
      return replacing('o.state', part.field, `coalesce((${items}), '[]')`)
    })
    .join('')}`

const itemsOf = ({ part }: List): string =>
  `jsonb_array_elements(case when ${isList('r.state', part.field)} then r.state -> ${quoteText(part.field)} end)`

const writeItems =
  (list: List) =>
  ({ shop, rows }: PartInput): string =>
    `insert into ${list.table} as l (shop, ${list.column}, "key", "position", data) ` +
    `select ${shop}, r.id, e.item ->> ${quoteText(list.part.key)}, e.place, e.item ` +
    `from ${rowsOf(rows)}, ${itemsOf(list)} with ordinality as e(item, place) ` +
    `on conflict (shop, ${list.column}, "key") do update set "position" = excluded."position", data = excluded.data ` +
    `where (l."position", l.data) is distinct from (excluded."position", excluded.data) returning 1`

const dropItems =
  (list: List) =>
  ({ shop, rows }: PartInput): string =>
    `delete from ${list.table} l using ${rowsOf(rows)} where l.shop = ${shop} ` +
    `and l.${list.column} = any ${idsOf(rows)} and l.${list.column} = r.id ` +
    `and not exists (select from ${itemsOf(list)} as e(item) where e.item ->> ${quoteText(list.part.key)} = l."key") ` +
    'returning 1'

/** How a collection of the library's own tables is read and written. */
export const partsOfTable = (schema: string, table: CollectionTable): CollectionParts => {
  const name = `${quoteName(schema)}.${quoteName(table.table)}`
  const lists = listsOf(schema, table)
  const columns: Record<string, string> = {}
  for (const field of Object.keys(table.collection.fields)) columns[field] = columnOf(field)
  const selected = Object.values(columns).map((column) => `, o.${quoteName(column)}`)
  return {
    relation:
      lists.length === 0
        ? name
        : `(select o.shop, o.id, o.version, o.schema_version, ${stateWithLists(lists)} as state${selected.join('')} from ${name} o)`,
    columns,
    lock: ({ shop, rows, strength }) => {
      const lookup = `select k.version from ${name} k where k.shop = ${shop} and k.id = r.id for ${strength}`
      const given = `jsonb_to_recordset(${rows}) as g(i int, id text, version bigint)`
      return lockInOrder(given, 'r.i, r.id, r.version as wanted, o.version', lookup)
    },
    insert: ({ shop, rows }) =>
      `insert into ${name} (shop, id, version, schema_version, state) ` +
      `select ${shop}, r.id, r.next, r.schema_version, ${stateWithoutLists(lists)} from ${rowsOf(rows)} ` +
      'order by r.id collate "C" on conflict (shop, id) do nothing returning id',
    update: ({ shop, rows }) =>
      `update ${name} o set version = r.next, schema_version = r.schema_version, state = ${stateWithoutLists(lists)} ` +
      `from ${rowsOf(rows)} where o.shop = ${shop} and o.id = any ${idsOf(rows)} and o.id = r.id and o.version = r.version returning o.id`,
    remove: ({ shop, rows }) =>
      `delete from ${name} o using ${rowsOf(rows)} ` +
      `where o.shop = ${shop} and o.id = any ${idsOf(rows)} and o.id = r.id and o.version = r.version returning o.id`,
    afterInsert: lists.map(writeItems),
    afterUpdate: lists.flatMap((list) => [dropItems(list), writeItems(list)]),
  }
}

/** The statements that make the tables of a collection. */
export const createCollectionTables = (schema: string, table: CollectionTable): readonly string[] => [
  ...createTable({
    ...table,
    schema,
    base: [
      'shop text collate "C" not null',
      'id text collate "C" not null',
      'version bigint not null check (version > 0)',
      'schema_version int not null',
      "state jsonb not null check (jsonb_typeof(state) = 'object')",
      'primary key (shop, id)',
    ],
    source: 'state',
    fields: table.collection.fields,
    indexKey: { first: 'shop', last: 'id' },
  }),
  ...(table.collection.parts ?? []).flatMap((part) => {
    const parent = quoteName(parentColumn(table))
    return createTable({
      indexed: Object.keys(part.fields),
      ...table.lists?.[part.field],
      schema,
      table: listTable(table, part),
      base: [
        'shop text collate "C" not null',
        `${parent} text collate "C" not null`,
        '"key" text collate "C" not null',
        '"position" int not null',
        'data jsonb not null',
        `primary key (shop, ${parent}, "key")`,
        `foreign key (shop, ${parent}) references ${quoteName(schema)}.${quoteName(table.table)} (shop, id) on delete cascade`,
      ],
      source: 'data',
      fields: part.fields,
      indexKey: { first: 'shop', last: parent },
    })
  }),
]
