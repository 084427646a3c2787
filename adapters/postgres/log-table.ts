import type { Log } from 'shopwright'
import { columnOf, computedColumns, createTable, type Step, type TableExtras } from './ddl.js'
import type { PartInput } from './parts.js'
import { entryType, listSource, type RowSource } from './row-source.js'
import { quoteName } from './sql.js'

/** The table of a log. */
export type LogTable = TableExtras & { readonly log: Log<unknown>; readonly table: string }

/** How a log is read and written. Rows hold `id` and `body`. */
export type LogParts = {
  readonly relation: string
  readonly columns: Readonly<Record<string, string>>
  /** Inserts the entries whose ids are free, in the order of ids; RETURNING `id`. */
  readonly insert: (input: PartInput) => string
  /** Takes back entries of the same transaction. */
  readonly remove: (input: PartInput) => string
}

/** Inserts the entries of a source whose ids are free, in the order of ids; a statement without its RETURNING. */
export const insertEntries = (schema: string, { log, table, columns }: LogTable): ((source: RowSource) => string) => {
  const computed = computedColumns('body', log.fields, columns)
  const names = computed.map(({ name }) => `, ${name}`).join('')
  const values = computed.map(({ value }) => `, ${value}`).join('')
  return ({ shop, from }) =>
    `insert into ${quoteName(schema)}.${quoteName(table)} as e (shop, id, body${names}) ` +
    `select ${shop}, id, body${values} from ${from} order by id collate "C" on conflict (shop, id) do nothing`
}

export const partsOfLog = (schema: string, logTable: LogTable): LogParts => {
  const { log, table } = logTable
  const insert = insertEntries(schema, logTable)
  const name = `${quoteName(schema)}.${quoteName(table)}`
  const columns: Record<string, string> = {}
  for (const field of Object.keys(log.fields)) columns[field] = columnOf(field)
  return {
    relation: name,
    columns,
    insert: ({ shop, rows }) => `${insert(listSource(shop, rows, entryType))} returning id`,
    remove: ({ shop, rows }) =>
      `delete from ${name} e using jsonb_to_recordset(${rows}) as r(id text) ` +
      `where e.shop = ${shop} and e.id = r.id returning e.id`,
  }
}

/** The statements that make the table of a log. */
export const createLogTable = (schema: string, table: LogTable): readonly Step[] =>
  createTable({
    ...table,
    schema,
    base: [
      'shop text collate "C" not null',
      'id text collate "C" not null',
      'body jsonb not null',
      'primary key (shop, id)',
    ],
    source: 'body',
    fields: table.log.fields,
    indexKey: { first: 'shop', last: 'id' },
    fill: ({ name, value }) => `update ${quoteName(schema)}.${quoteName(table.table)} set ${name} = ${value}`,
  })
