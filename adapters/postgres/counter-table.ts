import type { CounterFamily } from 'shopwright'
import { type CounterParts, idsOf, lockInOrder } from './parts.js'
import { largestWhole, quoteName } from './sql.js'

/** The table of a family of counters. */
export type CounterTable = { readonly family: CounterFamily; readonly table: string }

const moveType = '(id text, by bigint, floor bigint, initial bigint)'
const valueType = '(id text, value bigint)'

/** How a family of counters in the library's own table is read and written. */
export const partsOfCounters = (schema: string, { family, table }: CounterTable): CounterParts => {
  const name = `${quoteName(schema)}.${quoteName(table)}`
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
      return lockInOrder(`jsonb_to_recordset(${rows}) as g(id text)`, 'r.id, o.value', lookup)
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
export const createCounterTable = (schema: string, { family, table }: CounterTable): readonly string[] => [
  `create table ${quoteName(schema)}.${quoteName(table)} (
  shop text collate "C" not null,
  id text collate "C" not null,
  bucket smallint not null default 0,
  value bigint not null check (value between ${family.minimum} and ${largestWhole}),
  primary key (shop, id, bucket)
)`,
]
