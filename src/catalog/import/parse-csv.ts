import { longestRow } from './import-row.js'

/** A record of a CSV file, or why it cannot be read. */
export type CsvRecord =
  | { readonly kind: 'cells'; readonly line: number; readonly cells: readonly string[] }
  | {
      readonly kind: 'unreadable'
      readonly line: number
      readonly reason: 'quote_not_closed' | 'text_after_quote' | 'too_long'
    }

/** A parser of CSV that is fed text in pieces. */
export type CsvParser = {
  readonly push: (chunk: string) => readonly CsvRecord[]
  readonly end: () => readonly CsvRecord[]
}

// Most characters complete nothing; they share one empty answer.
const none: readonly CsvRecord[] = []

type Place = 'cellStart' | 'plain' | 'quoted' | 'quoteInQuoted' | 'skipping'

/**
 * A parser of RFC 4180: cells between commas, quoted ones with commas, line breaks and doubled quotes. Lines end in LF,
 * CRLF or CR; blank lines and a byte order mark are passed over. A record that breaks the rules is given up at the end
 * of its line, and the next one is read.
 *
 * @source RFC 4180, section 2
 */
export const createCsvParser = (): CsvParser => {
  let place: Place = 'cellStart'
  let cells: string[] = []
  let cell = ''
  let length = 0
  let line = 1
  let startLine = 1
  let afterReturn = false
  let isFirst = true
  let broken: Extract<CsvRecord, { kind: 'unreadable' }>['reason'] | undefined

  const endCell = (): void => {
    cells.push(cell)
    cell = ''
    place = 'cellStart'
  }
  const endRecord = (): readonly CsvRecord[] => {
    const record: CsvRecord =
      broken === undefined
        ? { kind: 'cells', line: startLine, cells: [...cells, cell] }
        : { kind: 'unreadable', line: startLine, reason: broken }
    const isBlank = broken === undefined && cells.length === 0 && cell === '' && length === 0
    cells = []
    cell = ''
    length = 0
    broken = undefined
    place = 'cellStart'
    startLine = line
    return isBlank ? none : [record]
  }
  const breakOff = (reason: NonNullable<typeof broken>): void => {
    broken = reason
    cells = []
    cell = ''
    place = 'skipping'
  }

  const take = (character: string): readonly CsvRecord[] => {
    if (afterReturn) {
      afterReturn = false
      if (character === '\n') {
        if (place === 'quoted') cell += '\n'
        return none
      }
    }
    const isBreak = character === '\n' || character === '\r'
    if (isBreak) {
      line += 1
      afterReturn = character === '\r'
      if (place !== 'quoted') return endRecord()
      cell += character
      return none
    }
    length += 1
    if (length > longestRow && place !== 'skipping') breakOff('too_long')
    switch (place) {
      case 'cellStart':
        if (character === '"') place = 'quoted'
        else if (character === ',') endCell()
        else {
          place = 'plain'
          cell += character
        }
        return none
      case 'plain':
        if (character === ',') endCell()
        else cell += character
        return none
      case 'quoted':
        if (character === '"') place = 'quoteInQuoted'
        else cell += character
        return none
      case 'quoteInQuoted':
        if (character === '"') {
          cell += '"'
          place = 'quoted'
        } else if (character === ',') endCell()
        else breakOff('text_after_quote')
        return none
      case 'skipping':
        return none
    }
  }

  return {
    push: (chunk) => {
      const records: CsvRecord[] = []
      const text = isFirst ? chunk.replace(/^\uFEFF/, '') : chunk
      if (chunk !== '') isFirst = false
      for (let index = 0; index < text.length; index += 1) {
        const taken = take(text.charAt(index))
        if (taken !== none) records.push(...taken)
      }
      return records
    },
    end: () => {
      if (place === 'quoted') breakOff('quote_not_closed')
      return endRecord()
    },
  }
}
