import type { Field } from 'shopwright'
import { quoteName, quoteText, shortName, snakeCase } from './sql.js'

/** A column that is written with a row's state, computed of it, for analysts, conditions and constraints. */
export type ComputedColumn = {
  /** SQL type, such as `bigint`. */
  readonly type: string
  /** Immutable SQL over `state` (over an item as `data` in the rows of a list, over `body` in a log). */
  readonly value: string
}

/**
 * With which migration a table and its members came, where that was not the first one: what a release has applied is
 * never changed after. Numbers below 1000 are the library's; a host's own tables take higher ones.
 */
export type Since = {
  readonly table?: number
  /** By declared field or column. */
  readonly columns?: Readonly<Record<string, number>>
  readonly checks?: Readonly<Record<string, number>>
  /** By declared field or index; with its column when absent. */
  readonly indexes?: Readonly<Record<string, number>>
}

/** A statement of a migration. */
export type Step = { readonly number: number; readonly text: string }

/** What a table has beyond its key and its declared fields. */
export type TableExtras = {
  readonly since?: Since
  readonly columns?: Readonly<Record<string, ComputedColumn>>
  /** Constraints by name: SQL over the columns. */
  readonly checks?: Readonly<Record<string, string>>
  /** The declared fields that get an index; all of them when absent. */
  readonly indexed?: readonly string[]
  /** Further indexes by name: what follows `create index .. on ..`, such as `(shop, status, made_at)`. */
  readonly indexes?: Readonly<Record<string, string>>
}

const keyColumns = new Set(['shop', 'id', 'version', 'schema_version', 'state', 'body', 'key', 'position', 'data'])

/** The column of a declared field. */
export const columnOf = (field: string): string => {
  const name = snakeCase(field)
  return keyColumns.has(name) ? `${name}_` : name
}

// Instants beyond what a timestamp can show stand in no column.
const firstInstant = '-210866803200000'
const lastInstant = '9007199254740991'

/** The moment of a number of milliseconds; exact to the millisecond, and the same wherever it is computed. */
export const timestampOf = (milliseconds: string): string => `to_timestamp(${milliseconds} / 1000)`

// Written with every row, so as short as they can be: a text field holds text, a number is a number or is nothing.
const computedOf = (source: string, field: Field): ComputedColumn => {
  const steps = field.path.split('.')
  const last = quoteText(steps.pop() ?? '')
  const parent = steps.reduce((inner, step) => `${inner} -> ${quoteText(step)}`, source)
  const value = `${parent} -> ${last}`
  const when = (type: string, result: string, otherwise = ''): string =>
    `case when jsonb_typeof(${value}) = '${type}' then ${result}${otherwise} end`
  switch (field.type) {
    case 'text':
      return { type: 'text collate "C"', value: `${parent} ->> ${last}` }
    case 'integer':
      return {
        type: 'bigint',
        value: when('number', `(${value})::bigint`, field.absent === undefined ? '' : ` else ${field.absent}`),
      }
    case 'instant': {
      const number = `(${value})::float8`
      return {
        type: 'timestamptz',
        value: when(
          'number',
          `case when ${number} between ${firstInstant} and ${lastInstant} then ${timestampOf(number)} end`,
        ),
      }
    }
    case 'boolean':
      return { type: 'boolean', value: when('boolean', `(${value})::boolean`) }
    case 'textList':
      return { type: 'jsonb', value: when('array', value) }
  }
}

/** A computed column with its quoted name. */
export type NamedColumn = ComputedColumn & { readonly name: string }

/** The computed columns of a table: one for each declared field, and those it has beside them. */
export const computedColumns = (
  source: string,
  fields: Readonly<Record<string, Field>>,
  more: TableExtras['columns'] = {},
): readonly NamedColumn[] => {
  const columns: Record<string, ComputedColumn> = {}
  for (const [name, field] of Object.entries(fields)) columns[columnOf(name)] = computedOf(source, field)
  Object.assign(columns, more)
  return Object.entries(columns).map(([name, column]) => ({ ...column, name: quoteName(name) }))
}

/** A table to be made: its key, where its JSON stands, its fields and what else it has. */
export type TableShape = TableExtras & {
  readonly schema: string
  readonly table: string
  /** The columns before the computed ones. */
  readonly base: readonly string[]
  /** The column that the computed ones are made of. */
  readonly source: string
  readonly fields: Readonly<Record<string, Field>>
  /** What an index on a field starts and ends with, quoted. */
  readonly indexKey: { readonly first: string; readonly last: string }
  /** Makes the statement that fills a column in the rows that are there. */
  readonly fill: (column: NamedColumn) => string
}

/** The statements that make a table with its computed columns, constraints and indexes, each under its migration. */
export const createTable = (shape: TableShape): readonly Step[] => {
  const table = `${quoteName(shape.schema)}.${quoteName(shape.table)}`
  const { since = {} } = shape
  const first = since.table ?? 1
  const columns = Object.entries({ ...shape.fields, ...shape.columns }).map(([name]) => ({
    number: since.columns?.[name] ?? first,
    name: quoteName(Object.hasOwn(shape.fields, name) ? columnOf(name) : name),
  }))
  const numberOf = (column: string): number => columns.find(({ name }) => name === column)?.number ?? first
  const computed = computedColumns(shape.source, shape.fields, shape.columns)
  const checks = Object.entries(shape.checks ?? {}).map(([name, check]) => ({
    number: since.checks?.[name] ?? first,
    text: `constraint ${quoteName(shortName(`${shape.table}_${name}`))} check (${check})`,
  }))
  const lines = [
    ...shape.base,
    ...computed.filter(({ name }) => numberOf(name) === first).map(({ name, type }) => `${name} ${type}`),
    ...checks.filter(({ number }) => number === first).map(({ text }) => text),
  ]
  const index = (name: string, number: number, rest: string): Step => ({
    number: since.indexes?.[name] ?? number,
    text: `create index ${quoteName(shortName(`${shape.table}_${columnOf(name)}`))} on ${table} ${rest}`,
  })
  const { indexKey } = shape
  return [
    // Whoever reads a row reads its JSON, and whoever writes it writes all of it: a table beside would be a second look.
    { number: first, text: `create table ${table} (\n  ${lines.join(',\n  ')}\n) with (toast_tuple_target = 8160)` },
    ...computed
      .filter(({ name }) => numberOf(name) !== first)
      .flatMap((column) => [
        { number: numberOf(column.name), text: `alter table ${table} add column ${column.name} ${column.type}` },
        { number: numberOf(column.name), text: shape.fill(column) },
      ]),
    ...checks
      .filter(({ number }) => number !== first)
      .map(({ number, text }) => ({ number, text: `alter table ${table} add ${text}` })),
    ...Object.entries(shape.fields)
      .filter(([name]) => shape.indexed === undefined || shape.indexed.includes(name))
      .map(([name, field]) => {
        const column = quoteName(columnOf(name))
        return field.type === 'textList'
          ? index(name, numberOf(column), `using gin (${column} jsonb_path_ops)`)
          : index(name, numberOf(column), `(${indexKey.first}, ${column}, ${indexKey.last})`)
      }),
    ...Object.entries(shape.indexes ?? {}).map(([name, rest]) => index(name, first, rest)),
  ]
}
