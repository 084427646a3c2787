import { longestRow, type ParsedRow, type RowParser } from './import-row.js'

/**
 * A parser of JSON Lines: one JSON value a line, blank lines and a byte order mark passed over.
 */
export const createJsonLinesParser = (): RowParser => {
  let rest = ''
  let line = 1
  let isTooLong = false
  const takeLine = (text: string): readonly ParsedRow[] => {
    const at = line
    line += 1
    const wasTooLong = isTooLong
    isTooLong = false
    if (wasTooLong || text.length > longestRow)
      return [unreadable(at, 'too_long', `A row has at most ${longestRow} characters`)]
    const tidy = text.replace(/^\uFEFF/, '').trim()
    return tidy === '' ? [] : [parseLine(at, tidy)]
  }
  return {
    push: (chunk) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      const rows = lines.flatMap(takeLine)
      if (rest.length > longestRow) {
        isTooLong = true
        rest = ''
      }
      return rows
    },
    end: () => {
      const last = rest
      rest = ''
      return last === '' && !isTooLong ? [] : takeLine(last)
    },
  }
}

const parseLine = (line: number, text: string): ParsedRow => {
  try {
    const value: unknown = JSON.parse(text)
    return { kind: 'row', line, value }
  } catch {
    return unreadable(line, 'not_json', 'The line is not JSON')
  }
}

const unreadable = (line: number, code: string, message: string): ParsedRow => ({
  kind: 'unreadable',
  line,
  issue: { path: '', code, message },
})
