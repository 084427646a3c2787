import { describe, expect, it } from 'vitest'
import { allocate } from '../../src/shared/allocate.js'
import { apportionByDivisor } from '../../src/shared/apportion.js'
import { divideRounded, type RoundingRule } from '../../src/shared/rounding.js'
import { readPage, rowsUnder, tablesOf } from './page-tables.js'

const page = readPage('docs/rounding.md')

const numbers = (cell: string): readonly number[] => (cell === '' ? [] : cell.split(', ').map(Number))
const roundingRules: readonly RoundingRule[] = [
  'up',
  'down',
  'ceiling',
  'floor',
  'halfUp',
  'halfDown',
  'halfEven',
  'halfOdd',
]

describe('the tables of the rounding page', () => {
  it('round by every rule as divideRounded does', () => {
    const heading = tablesOf(page).find((table) => table.heading[0] === 'rule')?.heading ?? []
    const values = heading.slice(1, -1).map(Number)
    const expected = roundingRules.map((rule) => [
      `\`${rule}\``,
      ...values.map((value) => String(divideRounded(Math.round(value * 10), 10, rule)._unsafeUnwrap())),
    ])
    expect(rowsUnder(page, 'rule').map((row) => row.slice(0, -1))).toEqual(expected)
    expect(values).toHaveLength(5)
  })

  it('split as allocate does', () => {
    const rows = rowsUnder(page, 'amount')
    expect(rows).toHaveLength(5)
    for (const [amount = '', weights = '', caps = '', parts = ''] of rows) {
      const split = allocate(Number(amount), numbers(weights), caps === '' ? undefined : numbers(caps))
      expect(split._unsafeUnwrap()).toEqual(numbers(parts))
    }
  })

  it('show largest remainder and the divisor method side by side', () => {
    const rows = rowsUnder(page, 'split of')
    expect(rows).toHaveLength(4)
    for (const [amount = '', remainder = '', divisor = ''] of rows) {
      expect(allocate(Number(amount), [6, 6, 2])._unsafeUnwrap()).toEqual(numbers(remainder))
      expect(apportionByDivisor(Number(amount), [6, 6, 2])._unsafeUnwrap()).toEqual(numbers(divisor))
    }
  })
})
