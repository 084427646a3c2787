/**
 * Rows as comma-separated values, each ended by CR and LF. A text that a spreadsheet would take for a formula is kept
 * from being one by an apostrophe; a number stands as it is.
 */
export const csvRows = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')

const csvCell = (cell: string | number): string => {
  if (typeof cell === 'number') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
