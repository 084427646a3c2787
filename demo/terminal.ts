import { stripVTControlCharacters } from 'node:util'

/** A cell: its text, and whether it stands at the right edge of its column, as amounts do. */
export type Cell = string | { readonly text: string; readonly align: 'right' }

const useColour = (): boolean =>
  process.stdout.isTTY === true && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb'

const paint =
  (code: number) =>
  (text: string): string =>
    useColour() ? `\u001b[${code}m${text}\u001b[0m` : text

export const bold = paint(1)
export const dim = paint(2)
export const red = paint(31)
export const green = paint(32)
export const yellow = paint(33)
export const cyan = paint(36)

// Blocks that terminals draw two columns wide: Hangul, CJK, kana, full-width forms, and pictographs.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u

/** How many columns a text takes in a terminal. */
const columnsOf = (text: string): number => {
  let columns = 0
  for (const character of stripVTControlCharacters(text)) {
    if (/\p{Mn}|\p{Me}|\u200b|\u200d|\ufe0f/u.test(character)) continue
    columns += wide.test(character) ? 2 : 1
  }
  return columns
}

/** A text cut to so many columns, with an ellipsis where something was cut. */
export const cutTo = (text: string, columns: number): string => {
  if (columnsOf(text) <= columns) return text
  let kept = ''
  for (const character of text) {
    if (columnsOf(kept + character) > columns - 1) break
    kept += character
  }
  return `${kept}…`
}

/** Lines of a table whose columns are as wide as their widest cell. */
export const tableLines = (rows: readonly (readonly Cell[])[], indent = 2): readonly string[] => {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, columnsOf(textOf(cell)))
    }
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const text = textOf(cell)
      const space = ' '.repeat((widths[column] ?? 0) - columnsOf(text))
      return typeof cell === 'string' ? text + space : space + text
    })
    return `${' '.repeat(indent)}${cells.join('  ').trimEnd()}`
  })
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text)

/** A cell at the right edge of its column. */
export const right = (text: string): Cell => ({ text, align: 'right' })

/** Writes lines to the terminal. */
export const print = (...lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`)
}

/** Writes progress over itself on a terminal, and nothing elsewhere. */
export const printProgress = (text: string): void => {
  if (process.stdout.isTTY === true) process.stdout.write(`\r\u001b[2K${text}`)
}

/** Ends a progress line. */
export const endProgress = (): void => {
  if (process.stdout.isTTY === true) process.stdout.write('\r\u001b[2K')
}
