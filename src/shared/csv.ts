import type { Locale } from './messages.js'

/** A cell: a text, a number, or a plain decimal number that keeps its decimals. */
type CsvCell = string | number | { readonly decimal: string }

/** How a page of an export is written as comma-separated values. */
export type CsvOptions = {
  readonly locale: Locale
  /** Whether the names of the columns stand above, as on the first page. */
  readonly withHeader: boolean
  /** Whether the names are preceded by the mark by which spreadsheets know UTF-8 (U+FEFF); not so when absent. */
  readonly bom?: boolean
}

/** A page of an export, under the names of its columns where they are asked for. */
export const csvPage = (
  header: readonly string[],
  rows: readonly (readonly CsvCell[])[],
  { withHeader, bom = false }: CsvOptions,
): string => `${withHeader && bom ? '\uFEFF' : ''}${csvRows([...(withHeader ? [header] : []), ...rows])}`

/**
 * Rows as comma-separated values, each ended by CR and LF. A text that a spreadsheet would take for a formula is kept
 * from being one by an apostrophe; a number stands as it is.
 */
export const csvRows = (rows: readonly (readonly CsvCell[])[]): string =>
  rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')

const csvCell = (cell: CsvCell): string => {
  if (typeof cell === 'number') return String(cell)
  if (typeof cell !== 'string') return cell.decimal
  const safe = /^[=+\-@＝＋－＠\t\r\n]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
