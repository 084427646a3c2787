import type { Log } from 'shopwright'
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

const nameOf = (schema: string, { table }: LogTable): string => `${quoteName(schema)}.${quoteName(table)}`

const columnsOf = (table: LogTable): readonly NamedColumn[] => computedColumns('body', table.log.fields, table)

const firstOf = (table: LogTable): number => table.since?.table ?? 1

const numbersOf = (table: LogTable): readonly number[] =>
  laterNumbers(
    firstOf(table),
    columnsOf(table).map(({ number }) => number),
  )

const fillsOf = (schema: string, table: LogTable): readonly Fill[] =>
  numbersOf(table).map((number) => {
    const [name, first] = [nameOf(schema, table), firstOf(table)]
    const later = columnsOf(table).filter((column) => column.number > first && column.number <= number)
    const filled = `${fillDue(name, number, later)} returning 1`
    return {
      number,
      text: `with due as (${dueRows(name, number)}), filled as (${filled}) select count(*)::text as count from filled`,
    }
  })

/** Inserts the entries of a source whose ids are free, in the order of ids; a statement without its RETURNING. */
export const insertEntries = (schema: string, table: LogTable): ((source: RowSource) => string) => {
  const computed = [...columnsOf(table), versionWritten(firstOf(table), numbersOf(table))]
  const names = computed.map(({ name }) => `, ${name}`).join('')
  const values = computed.map(({ value }) => `, ${value}`).join('')
  return ({ shop, from }) =>
    `insert into ${nameOf(schema, table)} as e (shop, id, body${names}) ` +
    `select ${shop}, id, body${values} from ${from} order by id collate "C" on conflict (shop, id) do nothing`
}

/** What searches ask of a log that has later columns, one after the other. */
export const branchesOfLog = (schema: string, table: LogTable): readonly [string, string] | undefined =>
  branchesOver(nameOf(schema, table), ['shop', 'id', 'body'], columnsOf(table), numbersOf(table))

export const partsOfLog = (schema: string, table: LogTable): LogParts => {
  const insert = insertEntries(schema, table)
  const name = nameOf(schema, table)
  const columns: Record<string, string> = {}
  for (const field of Object.keys(table.log.fields)) columns[field] = columnOf(field)
  return {
    relation: relationOf(name, branchesOfLog(schema, table)),
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
      columnsVersionColumn,
      'primary key (shop, id)',
    ],
    source: 'body',
    fields: table.log.fields,
    indexKey: { first: 'shop', last: 'id' },
    fills: fillsOf(schema, table),
    isCompressed: true,
  })
