import type { Collection, Part } from 'shopwright'
import {
  columnOf,
  computedColumns,
  createTable,
  type Fill,
  type NamedColumn,
  type Step,
  type TableExtras,
} from './ddl.js'
import {
  branchesOver,
  columnsVersionColumn,
  dueRows,
  fillDue,
  laterNumbers,
  relationOf,
  versionWritten,
} from './later-columns.js'
import { type CollectionParts, lockInOrder } from './parts.js'
import { keyType, listSource, type RowSource, rowType } from './row-source.js'
import { checksumOf, quoteName, quoteText, snakeCase } from './sql.js'

/** The table of a collection, and the tables of its lists. */
export type CollectionTable = TableExtras & {
  readonly collection: Collection<unknown>
  readonly table: string
  /**
   * Read by nearly every decision and written seldom, as a book of prices is: to rely on such a row writes nothing, so
   * that many commits at once do not queue for it, and whoever changes it waits for those that rely on it.
   */
  readonly reliedUpon?: boolean
  /** By the list's member: the name of its table and what it has beyond the declared fields. */
  readonly lists?: Readonly<Record<string, { readonly table: string } & TableExtras>>
}

/**
 * How rows of a collection's own table are written, from wherever they come: a JSON array in a group commit, values in
 * a statement, variables in the commit function. Each text is one statement without its RETURNING.
 */
export type RowWrites = {
  readonly isReliedUpon: boolean
  /** A whole select: locks rows in the order of ids, and answers for each what `CollectionParts.lock` does. */
  readonly lock: (source: RowSource, strength: 'update' | 'share') => string
  readonly insert: (source: RowSource) => string
  readonly update: (source: RowSource) => string
  readonly remove: (source: RowSource) => string
  /** The lists that are rows of their own: inserted after their row was, dropped and merged after it was updated. */
  readonly lists: readonly ListWrites[]
  /** PL/pgSQL that reads the version of one row into a variable, and holds the row as it is. */
  readonly hold: (shop: string, id: string, version: string) => string
  /** PL/pgSQL that reads the version of one row into a variable, and locks the row for a write. */
  readonly take: (shop: string, id: string, version: string) => string
  /** PL/pgSQL that comes before a lock for a write, an update or a removal of one row. */
  readonly guard: (shop: string, id: string) => string
}

/** How the items of a list of a row are written. */
export type ListWrites = {
  readonly field: string
  readonly insert: (source: RowSource) => string
  readonly drop: (source: RowSource) => string
  readonly merge: (source: RowSource) => string
}

type List = {
  readonly part: Part
  /** With which migration it came. */
  readonly number: number
  readonly table: string
  readonly parent: string
  readonly columns: readonly NamedColumn[]
}

const parentColumn = (table: CollectionTable): string => `${snakeCase(table.collection.name)}_id`

const listTable = (table: CollectionTable, part: Part): string =>
  table.lists?.[part.field]?.table ?? `${table.table}_${snakeCase(part.field)}`

const firstOf = (table: CollectionTable): number => table.since?.table ?? 1

// A list comes with its table where nothing else is said.
const listExtras = (table: CollectionTable, part: Part): TableExtras => {
  const extras = table.lists?.[part.field]
  return { ...extras, since: { table: firstOf(table), ...extras?.since } }
}

const listsOf = (schema: string, table: CollectionTable): readonly List[] =>
  (table.collection.parts ?? []).map((part) => ({
    part,
    number: listExtras(table, part).since?.table ?? 1,
    table: `${quoteName(schema)}.${quoteName(listTable(table, part))}`,
    parent: quoteName(parentColumn(table)),
    columns: computedColumns('data', part.fields, listExtras(table, part)),
  }))

const nameOf = (schema: string, { table }: CollectionTable): string => `${quoteName(schema)}.${quoteName(table)}`

const columnsOf = (table: CollectionTable): readonly NamedColumn[] =>
  computedColumns('state', table.collection.fields, table)

// The rows of a list follow their row, so that one number tells of both.
const numbersOf = (schema: string, table: CollectionTable): readonly number[] =>
  laterNumbers(firstOf(table), [
    ...columnsOf(table).map(({ number }) => number),
    ...listsOf(schema, table).flatMap((list) => [list.number, ...list.columns.map(({ number }) => number)]),
  ])

const fillsOf = (schema: string, table: CollectionTable): readonly Fill[] =>
  numbersOf(schema, table).map((number) => {
    const [name, first] = [nameOf(schema, table), firstOf(table)]
    const isThere = (one: { readonly number: number }): boolean => one.number <= number
    const isLater = (one: { readonly number: number }): boolean => one.number > first && isThere(one)
    const source = { shop: 'r.shop', from: 'filled r' }
    const listWrites = listsOf(schema, table)
      .filter((list) => isLater(list) || list.columns.some(isLater))
      .map((list) => ({ ...list, columns: list.columns.filter(isThere) }))
      .flatMap((list) => [dropItems(list)(source), mergeItems(list)(source)])
    const parts = [
      `due as (${dueRows(name, number)})`,
      `filled as (${fillDue(name, number, columnsOf(table).filter(isLater))} returning o.shop, o.id, o.state)`,
      ...listWrites.map((text, place) => `list_${place} as (${text} returning 1)`),
    ]
    return { number, text: `with ${parts.join(', ')} select count(*)::text as count from filled` }
  })

type WrittenColumn = Pick<NamedColumn, 'name' | 'value'>

const isList = (state: string, field: string): string => `jsonb_typeof(${state} -> ${quoteText(field)}) = 'array'`

const each = (columns: readonly WrittenColumn[], text: (column: WrittenColumn) => string): string =>
  columns.map((column) => `, ${text(column)}`).join('')

// Rows with their columns, `s`.
const storedRows = ({ from }: RowSource, columns: readonly WrittenColumn[]): string =>
  `(select id, version, next, schema_version, state${each(columns, ({ name, value }) => `${value} as ${name}`)} from ${from}) s`

const itemsOf = ({ part }: List): string =>
  `jsonb_array_elements(case when ${isList('r.state', part.field)} then r.state -> ${quoteText(part.field)} end)`

const insertItems =
  (list: List) =>
  ({ shop, from }: RowSource): string =>
    `insert into ${list.table} as l (shop, ${list.parent}, "key", "position"${each(list.columns, ({ name }) => name)}) ` +
    `select of_shop, id, "key", "position"${each(list.columns, ({ value }) => value)} from (` +
    `select ${shop} as of_shop, r.id, e.item ->> ${quoteText(list.part.key)} as "key", e.place as "position", e.item as data ` +
    `from ${from}, ${itemsOf(list)} with ordinality as e(item, place)) s`

const mergeItems =
  (list: List) =>
  (source: RowSource): string => {
    const set = ['"position"', ...list.columns.map(({ name }) => name)]
    const row = (of: string): string => `(${set.map((name) => `${of}.${name}`).join(', ')})`
    return (
      `${insertItems(list)(source)} on conflict (shop, ${list.parent}, "key") ` +
      `do update set ${set.map((name) => `${name} = excluded.${name}`).join(', ')} ` +
      `where ${row('l')} is distinct from ${row('excluded')}`
    )
  }

const dropItems =
  (list: List) =>
  ({ shop, from, ids }: RowSource): string =>
    `delete from ${list.table} l using ${from} where l.shop = ${shop} ` +
    `${ids === undefined ? '' : `and l.${list.parent} = any (${ids}) `}and l.${list.parent} = r.id ` +
    `and not exists (select from ${itemsOf(list)} as e(item) where e.item ->> ${quoteText(list.part.key)} = l."key")`

/**
 * Relying on a row by an advisory lock. A row that nobody has touched since it was written has no `xmax`, whatever the
 * age of the snapshot; with the lock held nobody will touch it. Any other is locked as a row.
 */
const relianceOn = (name: string) => {
  const seed = Number.parseInt(checksumOf(name).slice(0, 8), 16)
  const lock = (strength: 'update' | 'share', shop: string, id: string): string =>
    `pg_advisory_xact_lock${strength === 'share' ? '_shared' : ''}(hashtextextended(${shop} || '/' || ${id}, ${seed}))`
  return {
    lock,
    evaluate: (strength: 'update' | 'share', shop: string, id: string): string =>
      `if ${lock(strength, shop, id)} is null then null; end if;`,
  }
}

// See `createReads`: what the planner believes of a shop must not lead it to any index but that of the whole key.
const unseen = (shop: string): string => `(select ${shop})`

/** How the rows of a collection's own table are written. */
export const writesOfTable = (schema: string, table: CollectionTable): RowWrites => {
  const name = nameOf(schema, table)
  const lists = listsOf(schema, table)
  const columns = [...columnsOf(table), versionWritten(firstOf(table), numbersOf(schema, table))]
  const reliance = relianceOn(name)
  const atVersion = ({ shop, ids }: RowSource, row: string): string =>
    `where o.shop = ${unseen(shop)} ${ids === undefined ? '' : `and o.id = any (${ids}) `}and o.id = ${row}.id and o.version = ${row}.version`
  return {
    isReliedUpon: table.reliedUpon === true,
    lock: ({ shop, from }, strength) => {
      const found = `select k.version from ${name} k where k.shop = ${unseen(shop)} and k.id = r.id`
      const answer = 'r.i, r.id, r.version as wanted, o.version'
      if (table.reliedUpon !== true) return lockInOrder(from, answer, `${found} for ${strength}`)
      const held = reliance.lock(strength, shop, 'r.id')
      const lookup =
        strength === 'update'
          ? `${found} and r.held is not null for update`
          : `${found} and r.held is not null and k.xmax = '0' union all select u.version from (${found} and r.held is not null and k.xmax <> '0' for share) u`
      return lockInOrder(from, answer, lookup, held)
    },
    insert: (source) =>
      `insert into ${name} as o (shop, id, version, schema_version, state${each(columns, (column) => column.name)}) ` +
      `select ${source.shop}, s.id, s.next, s.schema_version, s.state${each(columns, (column) => `s.${column.name}`)} ` +
      `from ${storedRows(source, columns)} order by s.id collate "C" on conflict (shop, id) do nothing`,
    update: (source) =>
      `update ${name} o set version = s.next, schema_version = greatest(o.schema_version, s.schema_version), state = s.state` +
      `${each(columns, (column) => `${column.name} = s.${column.name}`)} ` +
      `from ${storedRows(source, columns)} ${atVersion(source, 's')}`,
    remove: (source) => `delete from ${name} o using ${source.from} ${atVersion(source, 'r')}`,
    take: (shop, id, version) =>
      `select k.version into ${version} from ${name} k where k.shop = ${unseen(shop)} and k.id = ${id} for update;`,
    lists: lists.map((list) => ({
      field: list.part.field,
      insert: insertItems(list),
      drop: dropItems(list),
      merge: mergeItems(list),
    })),
    ...(table.reliedUpon === true
      ? {
          hold: (shop: string, id: string, version: string) =>
            `${reliance.evaluate('share', shop, id)}
select k.version into ${version} from ${name} k where k.shop = ${unseen(shop)} and k.id = ${id} and k.xmax = '0';
if not found then
select k.version into ${version} from ${name} k where k.shop = ${unseen(shop)} and k.id = ${id} for share;
end if;`,
          guard: (shop: string, id: string) => reliance.evaluate('update', shop, id),
        }
      : {
          hold: (shop: string, id: string, version: string) =>
            `select k.version into ${version} from ${name} k where k.shop = ${unseen(shop)} and k.id = ${id} for share;`,
          guard: () => '',
        }),
  }
}

/** What searches ask of a table that has later columns, one after the other. */
export const branchesOfTable = (schema: string, table: CollectionTable): readonly [string, string] | undefined =>
  branchesOver(
    nameOf(schema, table),
    ['shop', 'id', 'version', 'schema_version', 'state'],
    columnsOf(table),
    numbersOf(schema, table),
  )

/** How a collection of the library's own tables is read and written. */
export const partsOfTable = (schema: string, table: CollectionTable): CollectionParts => {
  const name = nameOf(schema, table)
  const writes = writesOfTable(schema, table)
  const columns: Record<string, string> = {}
  for (const field of Object.keys(table.collection.fields)) columns[field] = columnOf(field)
  const returning =
    (write: (source: RowSource) => string, what: string): CollectionParts['insert'] =>
    ({ shop, rows }) =>
      `${write(listSource(shop, rows, rowType))} returning ${what}`
  return {
    relation: relationOf(name, branchesOfTable(schema, table)),
    columns,
    lock: ({ shop, rows, strength }) => writes.lock(listSource(shop, rows, keyType), strength),
    insert: returning(writes.insert, 'o.id'),
    update: returning(writes.update, 'o.id'),
    remove: returning(writes.remove, 'o.id'),
    afterInsert: writes.lists.map(({ insert }) => returning(insert, '1')),
    afterUpdate: writes.lists.flatMap(({ drop, merge }) => [returning(drop, '1'), returning(merge, '1')]),
  }
}

/** The statements that make the tables of a collection. */
export const createCollectionTables = (schema: string, table: CollectionTable): readonly Step[] => {
  const lists = (table.collection.parts ?? []).flatMap((part) => {
    const parent = quoteName(parentColumn(table))
    return createTable({
      // A list is read with its row; an index of its own is for those who look from the other side.
      indexed: [],
      ...listExtras(table, part),
      schema,
      table: listTable(table, part),
      base: [
        'shop text collate "C" not null',
        `${parent} text collate "C" not null`,
        '"key" text collate "C" not null',
        '"position" int not null',
        `primary key (shop, ${parent}, "key")`,
        `foreign key (shop, ${parent}) references ${nameOf(schema, table)} (shop, id) on delete cascade`,
      ],
      source: 'data',
      fields: part.fields,
      indexKey: { first: 'shop', last: parent },
      fills: [],
      isCompressed: false,
    })
  })
  return [
    ...createTable({
      ...table,
      schema,
      base: [
        'shop text collate "C" not null',
        'id text collate "C" not null',
        'version bigint not null check (version > 0)',
        'schema_version int not null',
        'state jsonb not null',
        columnsVersionColumn,
        'primary key (shop, id)',
      ],
      source: 'state',
      fields: table.collection.fields,
      indexKey: { first: 'shop', last: 'id' },
      fills: fillsOf(schema, table),
      isCompressed: true,
    }),
    ...lists,
  ]
}
