import fc from 'fast-check'
import { err, ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { toDecimalText } from '../../src/shared/decimal-money.js'
import { formatMoney } from '../../src/shared/format-money.js'
import type { Money } from '../../src/shared/money.js'
import {
  addMoney,
  compareMoney,
  multiplyMoney,
  negateMoney,
  subtractMoney,
  sumMoney,
  toMoney,
  zeroMoney,
} from '../../src/shared/money.js'
import { anyMinor, anyMoney, sumExactly } from './money.arbitraries.js'

const cny = (minor: number): Money => ({ minor, currency: 'CNY' })
const most = Number.MAX_SAFE_INTEGER

const isSafe = (exact: bigint): boolean => exact >= -BigInt(most) && exact <= BigInt(most)

/** The exact answer, or the overflow that says it. */
const exactly = (exact: bigint) =>
  isSafe(exact) ? ok(cny(Number(exact))) : err({ type: 'AmountOverflow', exact: exact.toString() })

describe('toMoney', () => {
  it('takes whole minor units of a known currency', () => {
    expect(toMoney(1299, 'CNY')).toEqual(ok({ minor: 1299, currency: 'CNY' }))
    expect(toMoney(-0, 'JPY')).toEqual(ok({ minor: 0, currency: 'JPY' }))
  })

  it.each([12.99, Number.NaN, Number.POSITIVE_INFINITY, most + 1])('refuses %d', (minor) => {
    expect(toMoney(minor, 'CNY')).toEqual(err({ type: 'NotSafeInteger', field: 'minor' }))
  })

  it('refuses an unknown currency', () => {
    expect(toMoney(1, 'XAU')).toEqual(err({ type: 'UnknownCurrency', currency: 'XAU' }))
  })
})

describe('adding and subtracting', () => {
  it('adds 12.99 and 0.01 to 13.00', () => {
    expect(addMoney(cny(1299), cny(1))).toEqual(ok(cny(1300)))
    expect(subtractMoney(cny(1299), cny(1300))).toEqual(ok(cny(-1)))
    expect(sumMoney('CNY', [])).toEqual(ok(zeroMoney('CNY')))
  })

  it('says which currencies do not match', () => {
    const yen = { minor: 1, currency: 'JPY' }
    const mismatch = err({ type: 'CurrencyMismatch', expected: 'CNY', actual: 'JPY' })
    expect(addMoney(cny(1), yen)).toEqual(mismatch)
    expect(subtractMoney(cny(1), yen)).toEqual(mismatch)
    expect(sumMoney('CNY', [cny(1), yen])).toEqual(mismatch)
    expect(compareMoney(cny(1), yen)).toEqual(mismatch)
  })

  it('says what is too large, in digits', () => {
    expect(addMoney(cny(most), cny(1))).toEqual(err({ type: 'AmountOverflow', exact: '9007199254740992' }))
    expect(subtractMoney(cny(-most), cny(1))).toEqual(err({ type: 'AmountOverflow', exact: '-9007199254740992' }))
  })

  it('minds only the total, not the sums on the way', () => {
    expect(sumMoney('CNY', [cny(most), cny(most), cny(-most), cny(-most), cny(7)])).toEqual(ok(cny(7)))
  })

  it('is exact for any amounts', () => {
    fc.assert(
      fc.property(fc.array(anyMinor, { maxLength: 6 }), (minors) => {
        expect(sumMoney('CNY', minors.map(cny))).toEqual(exactly(sumExactly(minors)))
      }),
    )
    fc.assert(
      fc.property(anyMinor, anyMinor, (left, right) => {
        expect(addMoney(cny(left), cny(right))).toEqual(exactly(BigInt(left) + BigInt(right)))
        expect(subtractMoney(cny(left), cny(right))).toEqual(exactly(BigInt(left) - BigInt(right)))
      }),
    )
  })
})

describe('multiplyMoney', () => {
  it('takes three of 12.99 for 38.97', () => {
    expect(multiplyMoney(cny(1299), 3)).toEqual(ok(cny(3897)))
    expect(multiplyMoney(cny(0), -3)).toEqual(ok(cny(0)))
  })

  it('refuses an amount that is none', () => {
    for (const minor of [Number.NaN, 0.5, most + 1]) {
      const refused = err({ type: 'NotSafeInteger', field: 'minor' })
      expect(multiplyMoney(cny(minor), 2)).toEqual(refused)
      expect(addMoney(cny(1), cny(minor))).toEqual(refused)
      expect(subtractMoney(cny(minor), cny(1))).toEqual(refused)
      expect(sumMoney('CNY', [cny(minor)])).toEqual(refused)
      expect(toDecimalText(cny(minor))).toEqual(refused)
      expect(formatMoney(cny(minor), { locale: 'en' })).toEqual(refused)
    }
  })

  it('refuses a part of a piece', () => {
    expect(multiplyMoney(cny(1299), 1.5)).toEqual(err({ type: 'NotSafeInteger', field: 'times' }))
  })

  it('is exact for any amount and number', () => {
    fc.assert(
      fc.property(anyMinor, anyMinor, (minor, times) => {
        expect(multiplyMoney(cny(minor), times)).toEqual(exactly(BigInt(minor) * BigInt(times)))
      }),
    )
  })
})

describe('negateMoney', () => {
  it('turns the sign and leaves zero alone', () => {
    expect(negateMoney(cny(5))).toEqual(cny(-5))
    expect(negateMoney(cny(0))).toEqual(cny(0))
  })

  it('undoes itself', () => {
    fc.assert(
      fc.property(anyMoney, (money) => {
        expect(negateMoney(negateMoney(money))).toEqual(money)
        expect(addMoney(money, negateMoney(money))).toEqual(ok(zeroMoney(money.currency)))
      }),
    )
  })
})

describe('compareMoney', () => {
  it('orders amounts as numbers', () => {
    expect([compareMoney(cny(1), cny(2)), compareMoney(cny(2), cny(2)), compareMoney(cny(3), cny(2))]).toEqual([
      ok(-1),
      ok(0),
      ok(1),
    ])
  })
})
