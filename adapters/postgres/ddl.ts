import type { Field } from 'shopwright'
import { quoteName, quoteText, shortName, snakeCase } from './sql.js'

/** A column that is written with a row's state, computed of it, for analysts, conditions and constraints. */
export type ComputedColumn = {
  /** SQL type, such as `bigint`. */
  readonly type: string
  /** Immutable SQL over `state` (over an item as `data` in the rows of a list, over `body` in a log). */
  readonly value: string
}

/** What a table has beyond its key and its declared fields. */
export type TableExtras = {
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
  const when = (type: string, result: string): string =>
    `case when jsonb_typeof(${value}) = '${type}' then ${result} end`
  switch (field.type) {
    case 'text':
      return { type: 'text collate "C"', value: `${parent} ->> ${last}` }
    case 'integer':
      return { type: 'bigint', value: when('number', `(${value})::bigint`) }
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
}

/** The statements that make a table with its computed columns, constraints and indexes. */
export const createTable = (shape: TableShape): readonly string[] => {
  const table = `${quoteName(shape.schema)}.${quoteName(shape.table)}`
  const lines = [
    ...shape.base,
    ...computedColumns(shape.source, shape.fields, shape.columns).map(({ name, type }) => `${name} ${type}`),
    ...Object.entries(shape.checks ?? {}).map(
      ([name, check]) => `constraint ${quoteName(shortName(`${shape.table}_${name}`))} check (${check})`,
    ),
  ]
  const index = (name: string, rest: string): string =>
    `create index ${quoteName(shortName(`${shape.table}_${name}`))} on ${table} ${rest}`
  const { first, last } = shape.indexKey
  return [
    `create table ${table} (\n  ${lines.join(',\n  ')}\n)`,
    ...Object.entries(shape.fields)
      .filter(([name]) => shape.indexed === undefined || shape.indexed.includes(name))
      .map(([name, field]) => {
        const column = columnOf(name)
        return field.type === 'textList'
          ? index(column, `using gin (${quoteName(column)} jsonb_path_ops)`)
          : index(column, `(${first}, ${quoteName(column)}, ${last})`)
      }),
    ...Object.entries(shape.indexes ?? {}).map(([name, rest]) => index(name, rest)),
  ]
}
