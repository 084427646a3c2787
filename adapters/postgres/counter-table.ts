import type { CounterFamily } from 'shopwright'
import type { Step } from './ddl.js'
import { type CounterParts, idsOf, lockInOrder } from './parts.js'
import { largestWhole, quoteName } from './sql.js'

/** The table of a family of counters. */
export type CounterTable = {
  readonly family: CounterFamily
  readonly table: string
  /** The migration it came with, where that was not the first one. */
  readonly since?: number
}

/** One movement of one counter, each member an SQL expression. */
export type CounterMove = {
  readonly shop: string
  readonly id: string
  readonly by: string
  readonly floor: string
  readonly initial: string
}

/** How one counter at a time is moved, in a family's own table; each text is one statement without its RETURNING. */
export type CounterWrites = {
  /** Moves a counter that is there. */
  readonly move: (move: CounterMove) => string
  /** Makes an absent one, as moved from its initial value. */
  readonly begin: (move: CounterMove) => string
  /** Does either in one statement, where `condition` holds. */
  readonly moveOrBegin: (move: CounterMove, condition: string) => string
  /** Deletes those whose id is below another, the lowest first, so many; RETURNING 1. */
  readonly dropBelow: (drop: { readonly shop: string; readonly id: string; readonly limit: string }) => string
}

const moveType = '(id text, by bigint, floor bigint, initial bigint)'
const valueType = '(id text, value bigint)'

const nameOf = (schema: string, { table }: CounterTable): string => `${quoteName(schema)}.${quoteName(table)}`

export const writesOfCounters = (schema: string, table: CounterTable): CounterWrites => {
  const name = nameOf(schema, table)
  const within = (value: string, floor: string): string =>
    `${value} between greatest(${floor}, ${table.family.minimum}) and ${largestWhole}`
  return {
    move: ({ shop, id, by, floor }) =>
      `update ${name} as c set value = c.value + ${by} ` +
      `where c.shop = ${shop} and c.id = ${id} and c.bucket = 0 and ${within(`c.value + ${by}`, floor)}`,
    begin: ({ shop, id, by, floor, initial }) =>
      `insert into ${name} as c (shop, id, bucket, value) ` +
      `select ${shop}, ${id}, 0, ${initial} + ${by} where ${within(`${initial} + ${by}`, floor)} ` +
      'on conflict (shop, id, bucket) do nothing',
    // A proposed row is checked before the one in its way is found, so what is proposed is never below the floor.
    moveOrBegin: ({ shop, id, by, floor, initial }, condition) =>
      `insert into ${name} as c (shop, id, bucket, value) ` +
      `select ${shop}, ${id}, 0, greatest(${initial} + ${by}, ${floor}, ${table.family.minimum}) ` +
      `where ${condition} and (${within(`${initial} + ${by}`, floor)} ` +
      `or (select true from ${name} k where k.shop = ${shop} and k.id = ${id} and k.bucket = 0)) ` +
      `on conflict (shop, id, bucket) do update set value = c.value + ${by} where ${within(`c.value + ${by}`, floor)}`,
    // Found once more as it is deleted: its place may be another's by then.
    dropBelow: ({ shop, id, limit }) =>
      `delete from ${name} c where c.ctid = any (array(select d.ctid from ${name} d ` +
      `where d.shop = ${shop} and d.id < ${id} order by d.id limit ${limit})) ` +
      `and c.shop = ${shop} and c.id < ${id} returning 1`,
  }
}

/** How a family of counters in the library's own table is read and written. */
export const partsOfCounters = (schema: string, table: CounterTable): CounterParts => {
  const { family } = table
  const name = nameOf(schema, table)
  return {
    relation: `(select c.shop, c.id, c.value from ${name} c where c.bucket = 0)`,
    // A proposed row is checked before the one in its way is found, so what is proposed is never below the floor.
    adjust: ({ shop, rows }) =>
      'with moves as materialized (' +
      `select r.id, r.by, greatest(r.floor, ${family.minimum}) as floor, r.initial from jsonb_to_recordset(${rows}) as r${moveType}) ` +
      `insert into ${name} as c (shop, id, bucket, value) ` +
      `select ${shop}, m.id, 0, greatest(m.initial + m.by, m.floor) from moves m ` +
      `where m.initial + m.by between m.floor and ${largestWhole} ` +
      `or (select true from ${name} k where k.shop = ${shop} and k.id = m.id and k.bucket = 0) ` +
      'order by m.id collate "C" ' +
      'on conflict (shop, id, bucket) do update set value = c.value + (select m.by from moves m where m.id = c.id) ' +
      'where c.value + (select m.by from moves m where m.id = c.id) ' +
      `between (select m.floor from moves m where m.id = c.id) and ${largestWhole} ` +
      'returning c.id, c.value',
    lock: ({ shop, rows }) => {
      const lookup = `select k.value from ${name} k where k.shop = ${shop} and k.id = r.id and k.bucket = 0 for update`
      return lockInOrder(`jsonb_to_recordset(${rows}) as r(id text)`, 'r.id, o.value', lookup)
    },
    set: ({ shop, rows }) =>
      `update ${name} c set value = r.value from jsonb_to_recordset(${rows}) as r${valueType} ` +
      `where c.shop = ${shop} and c.bucket = 0 and c.id = any ${idsOf(rows)} and c.id = r.id returning c.id`,
    insert: ({ shop, rows }) =>
      `insert into ${name} (shop, id, bucket, value) ` +
      `select ${shop}, r.id, 0, r.value from jsonb_to_recordset(${rows}) as r${valueType} ` +
      'order by r.id collate "C" on conflict (shop, id, bucket) do nothing returning id',
  }
}

/** The statement that makes the table of a family of counters. */
export const createCounterTable = (schema: string, table: CounterTable): readonly Step[] => [
  {
    number: table.since ?? 1,
    kind: 'change',
    text: `create table ${nameOf(schema, table)} (
  shop text collate "C" not null,
  id text collate "C" not null,
  bucket smallint not null default 0,
  value bigint not null check (value between ${table.family.minimum} and ${largestWhole}),
  primary key (shop, id, bucket)
)`,
  },
]
