import type { Field } from 'shopwright'
import { columnsVersion, lacks } from './later-columns.js'
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

/** A statement of a migration. What is not a change goes on while the shop sells, and may be done over. */
export type Step = { readonly number: number; readonly text: string } & (
  | {
      /**
       * `change` is done with all others of its migration or not at all, and holds its locks for a moment; so does
       * `compress`, which not every server can do. `fill` writes the next rows that lack later columns and answers `count`.
       */
      readonly kind: 'change' | 'compress' | 'fill' | 'validate'
    }
  /** Of a table that is in use: made beside the writes, so outside any transaction. */
  | { readonly kind: 'index'; readonly table: string; readonly name: string }
)

/** Writes the columns of a migration in the next rows that lack them; answers `count`. */
export type Fill = { readonly number: number; readonly text: string }

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

/**
 * A check of the items of a list that stands in the state alone: none of them meets a condition.
 *
 * @param breach - a condition of the JSON path language, in which `@` is an item
 */
export const noItem = (list: string, breach: string): string =>
  `not (state @? ${quoteText(`$.${list}[*] ? (${breach})`)}::jsonpath)`

/** A computed column with its quoted name, and with which migration it came. */
export type NamedColumn = ComputedColumn & { readonly name: string; readonly number: number }

/** The computed columns of a table: one for each declared field, and those it has beside them. */
export const computedColumns = (
  source: string,
  fields: Readonly<Record<string, Field>>,
  { columns: more = {}, since = {} }: Pick<TableExtras, 'columns' | 'since'> = {},
): readonly NamedColumn[] => {
  const numberOf = (name: string): number => since.columns?.[name] ?? since.table ?? 1
  const columns: Record<string, ComputedColumn & { readonly number: number }> = {}
  for (const [name, field] of Object.entries(fields)) {
    columns[columnOf(name)] = { ...computedOf(source, field), number: numberOf(name) }
  }
  for (const [name, column] of Object.entries(more)) columns[name] = { ...column, number: numberOf(name) }
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
  /** What fills rows that lack the columns of a migration, in the order of their numbers. */
  readonly fills: readonly Fill[]
  /** Whether `source` is a column of it, to be compressed where the server can. */
  readonly isCompressed: boolean
}

/** The statements that make a table with its computed columns, constraints and indexes, each under its migration. */
export const createTable = (shape: TableShape): readonly Step[] => {
  const table = `${quoteName(shape.schema)}.${quoteName(shape.table)}`
  const { since = {}, fills, indexKey } = shape
  const first = since.table ?? 1
  const computed = computedColumns(shape.source, shape.fields, shape)
  const change = (number: number, text: string): Step => ({ number, kind: 'change', text })
  const checks = Object.entries(shape.checks ?? {}).map(([name, check]) => {
    const number = since.checks?.[name] ?? first
    const filled = fills.filter((one) => one.number <= number).at(-1)
    return {
      number,
      name: quoteName(shortName(`${shape.table}_${name}`)),
      // A row that the release before has written is judged when its later columns are there.
      check: filled === undefined ? check : `${lacks(filled.number)} or (${check})`,
    }
  })
  const lines = [
    ...shape.base,
    ...computed.filter(({ number }) => number === first).map(({ name, type }) => `${name} ${type}`),
    ...checks.filter(({ number }) => number === first).map(({ name, check }) => `constraint ${name} check (${check})`),
  ]
  const index = (name: string, number: number, rest: string): Step => {
    const named = quoteName(shortName(`${shape.table}_${columnOf(name)}`))
    return number === first
      ? change(number, `create index ${named} on ${table} ${rest}`)
      : { number, kind: 'index', table, name: named, text: createIndexBeside(named, table, rest) }
  }
  const laterChecks = checks.filter(({ number }) => number !== first)
  return [
    // Whoever reads a row reads its JSON, and whoever writes it writes all of it: a table beside would be a second look.
    change(first, `create table ${table} (\n  ${lines.join(',\n  ')}\n) with (toast_tuple_target = 8160)`),
    ...(shape.isCompressed ? [compress(first, table, shape.source)] : []),
    ...computed
      .filter(({ number }) => number !== first)
      .map(({ number, name, type }) => change(number, `alter table ${table} add column ${name} ${type}`)),
    ...laterChecks.map(({ number, name, check }) =>
      change(number, `alter table ${table} add constraint ${name} check (${check}) not valid`),
    ),
    ...fills.flatMap(({ number, text }): readonly Step[] => [
      index(`lacking_${number}`, number, `(shop, id) where ${lacks(number)}`),
      { number, kind: 'fill', text },
      // That rows lack columns no more is known to the planner at once.
      { number, kind: 'validate', text: `analyze ${table} (${columnsVersion})` },
    ]),
    ...laterChecks.map(
      ({ number, name }): Step => ({
        number,
        kind: 'validate',
        text: `alter table ${table} validate constraint ${name}`,
      }),
    ),
    ...Object.entries(shape.fields)
      .filter(([name]) => shape.indexed === undefined || shape.indexed.includes(name))
      .map(([name, field]) => {
        const column = quoteName(columnOf(name))
        const number = since.indexes?.[name] ?? computed.find((one) => one.name === column)?.number ?? first
        return field.type === 'textList'
          ? index(name, number, `using gin (${column} jsonb_path_ops)`)
          : index(name, number, `(${indexKey.first}, ${column}, ${indexKey.last})`)
      }),
    ...Object.entries(shape.indexes ?? {}).map(([name, rest]) => index(name, since.indexes?.[name] ?? first, rest)),
  ]
}

const createIndexBeside = (name: string, table: string, rest: string): string =>
  `create index concurrently if not exists ${name} on ${table} ${rest}`

/** Has a JSON column compressed by lz4, which not every server has: several times faster to write. */
export const compress = (number: number, table: string, column: string): Step => ({
  number,
  kind: 'compress',
  text: `alter table ${table} alter column ${column} set compression lz4`,
})
