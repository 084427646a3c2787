import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf, cutTo, plain, right, tableLines } from '../../demo/columns.js'

const words = fc
  .array(fc.constantFrom('耳', '机', 'a', ' ', '（', '。', '®', '¥', '🎧', 'é', '한', 'ｱ', '👨‍👩‍👧', 'B'), {
    maxLength: 30,
  })
  .map((all) => all.join(''))

describe('columns', () => {
  it('are two for what a terminal draws wide, one for the rest, none for what joins', () => {
    for (const [text, columns] of [
      ['abc', 3],
      ['耳机', 4],
      ['，。（）', 8],
      ['¥12.50', 6],
      ['Sony® 5m²', 9],
      ['🎧', 2],
      ['👨‍👩‍👧', 2],
      ['e\u0301', 1],
      ['\u200b', 0],
      ['𠮷', 2],
    ] as const) {
      expect([text, columnsOf(text)]).toEqual([text, columns])
    }
  })

  it('hold an amount at the right edge of every row, whatever stands on its left', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(words, fc.integer()), { minLength: 1, maxLength: 8 }), (rows) => {
        const lines = tableLines(
          rows.map(([text, amount]) => [plain(text), right(`¥${amount}`)]),
          3,
        )
        expect(new Set(lines.map(columnsOf)).size).toBe(1)
      }),
    )
  })

  it('are never more than a text was cut to', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 20 }), (text, most) => {
        const cut = cutTo(text, most)
        expect(columnsOf(cut)).toBeLessThanOrEqual(most)
        if (columnsOf(plain(text)) <= most) expect(cut).toBe(plain(text))
        else expect(cut.endsWith('…')).toBe(true)
      }),
    )
  })
})
