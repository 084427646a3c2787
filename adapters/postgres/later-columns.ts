import { quoteName } from './sql.js'

/**
 * Every row says, from the first migration on, as of which migration its columns were written. A release that does not
 * know a later column writes rows by its own list of columns, beside this one and for as long as it runs: what it inserts
 * lacks the column, what it updates keeps it as it was. Its own number tells those rows, and they are filled from the JSON.
 */
export const columnsVersion = quoteName('columns_version')

/** Its declaration; a row that somebody inserts by hand is filled like one of the first release. */
export const columnsVersionColumn = `${columnsVersion} int not null default 1`

type Column = {
  /** Quoted. */
  readonly name: string
  readonly type: string
  readonly value: string
  /** With which migration it came. */
  readonly number: number
}

// Rows that a fill writes at a time: locks of a moment.
const rowsOfFill = 500

/** The numbers of the columns that came after their table, in order. */
export const laterNumbers = (first: number, numbers: readonly number[]): readonly number[] =>
  [...new Set(numbers)].filter((number) => number > first).sort((a, b) => a - b)

/** What a release writes as the version of a row's columns, as a column. */
export const versionWritten = (first: number, numbers: readonly number[]): Pick<Column, 'name' | 'value'> => ({
  name: columnsVersion,
  value: String(numbers.at(-1) ?? first),
})

/** SQL that is true of a row that lacks columns of a migration; spelled as the index of such rows spells it. */
export const lacks = (number: number): string => `${columnsVersion} < ${number}`

/** The next rows that lack columns, locked in the order of their keys, as a query. */
export const dueRows = (table: string, number: number): string =>
  `select k.shop, k.id from ${table} k where ${lacks(number)} order by k.shop, k.id limit ${rowsOfFill} for update`

/** Writes the columns of a migration in the rows of `due`, as an UPDATE without RETURNING. */
export const fillDue = (table: string, number: number, columns: readonly Pick<Column, 'name' | 'value'>[]): string =>
  `update ${table} o set ${[...columns, { name: columnsVersion, value: String(number) }].map(({ name, value }) => `${name} = ${value}`).join(', ')} ` +
  'from due where o.shop = due.shop and o.id = due.id'

const typed = ({ type, value }: Column): string =>
  type.endsWith('collate "C"') ? `(${value}) collate "C"` : `(${value})::${type}`

/**
 * What reads see of a table with later columns: the rows that have them, and those that lack them with what their JSON
 * says. The latter are few and have an index, so that a question finds the same whichever release wrote the row. Undefined
 * where no column came later.
 */
export const branchesOver = (
  table: string,
  base: readonly string[],
  columns: readonly Column[],
  numbers: readonly number[],
): readonly [string, string] | undefined => {
  const [oldest, newest] = [numbers[0], numbers.at(-1)]
  if (oldest === undefined || newest === undefined) return undefined
  const select = (list: readonly string[], where: string): string =>
    `(select ${[...base, ...list].join(', ')} from ${table} where ${where})`
  const stated = (column: Column): string =>
    column.number >= oldest ? `${typed(column)} as ${column.name}` : column.name
  const names = columns.map(({ name }) => name)
  return [select(names, `${columnsVersion} >= ${newest}`), select(columns.map(stated), lacks(newest))]
}

/** The same as one relation, for looking rows up by their keys. */
export const relationOf = (table: string, branches: readonly [string, string] | undefined): string =>
  branches === undefined ? table : `(${branches.join(' union all ')})`
