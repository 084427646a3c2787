/** A cell: its text, and whether it stands at the right edge of its column, as amounts do. */
export type Cell = string | { readonly text: string; readonly align: 'right' }

/** A cell at the right edge of its column. */
export const right = (text: string): Cell => ({ text, align: 'right' })

const characters = new Intl.Segmenter('und', { granularity: 'grapheme' })

// What terminals draw two columns wide: Hangul, CJK, kana, full-width forms, and whatever is shown as a picture.
const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3ffff}]|\p{Emoji_Presentation}|.*\ufe0f)/u
const invisible = /^[\p{M}\p{Cf}\u200b-\u200f]*$/u

/** How many columns a text takes in a terminal. */
export const columnsOf = (text: string): number => {
  let columns = 0
  for (const { segment } of characters.segment(text)) {
    if (!invisible.test(segment)) columns += wide.test(segment) ? 2 : 1
  }
  return columns
}

/** A text as one line that moves no cursor: what a file holds may be anything. */
export const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()

/** A text as one line of at most so many columns, with an ellipsis where something was cut. */
export const cutTo = (text: string, columns: number): string => {
  const line = plain(text)
  if (columnsOf(line) <= columns) return line
  let kept = ''
  let taken = 0
  for (const { segment } of characters.segment(line)) {
    taken += columnsOf(segment)
    if (taken > columns - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** Lines of a table whose columns are as wide as their widest cell. */
export const tableLines = (rows: readonly (readonly Cell[])[], indent = 0): readonly string[] => {
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
    return `${' '.repeat(indent)}${cells.join('  ')}`.trimEnd()
  })
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text)
