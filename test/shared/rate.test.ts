import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { err, ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { applyRate, percentOf } from '../../src/shared/rate.js'
import { anyMinor } from './money.arbitraries.js'

const Precise = Decimal.clone({ precision: 80 })

describe('percentOf', () => {
  it('takes 8.25 % of 10.00 for 0.83', () => {
    expect(percentOf({ amountMinor: 1000, rateBasisPoints: 825, rounding: 'halfUp' })).toEqual(ok(83))
    expect(percentOf({ amountMinor: 1000, rateBasisPoints: 825, rounding: 'halfEven' })).toEqual(ok(82))
    expect(percentOf({ amountMinor: -1000, rateBasisPoints: 825, rounding: 'halfUp' })).toEqual(ok(-83))
  })

  it('is exact for any amount and rate', () => {
    fc.assert(
      fc.property(anyMinor, fc.integer({ min: -20_000, max: 20_000 }), (amountMinor, rateBasisPoints) => {
        const exact = new Precise(amountMinor)
          .times(rateBasisPoints)
          .div(10_000)
          .toDecimalPlaces(0, Decimal.ROUND_HALF_UP)
        const expected = Number.isSafeInteger(exact.toNumber())
          ? ok(exact.toNumber() + 0)
          : err({ type: 'AmountOverflow', exact: exact.toFixed() })
        expect(percentOf({ amountMinor, rateBasisPoints, rounding: 'halfUp' })).toEqual(expected)
      }),
    )
  })

  it('gives the whole at 100 % and grows with the rate', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 10_000 }), fc.nat({ max: 10_000 }), (amountMinor, one, other) => {
        const of = (rateBasisPoints: number) =>
          percentOf({ amountMinor, rateBasisPoints, rounding: 'halfEven' }).unwrapOr(-1)
        expect(of(10_000)).toBe(amountMinor)
        expect(of(Math.min(one, other))).toBeLessThanOrEqual(of(Math.max(one, other)))
      }),
    )
  })

  it('refuses halves of minor units and of basis points', () => {
    const rounding = 'down'
    expect(percentOf({ amountMinor: 0.5, rateBasisPoints: 1, rounding })).toEqual(
      err({ type: 'NotSafeInteger', field: 'amountMinor' }),
    )
    expect(percentOf({ amountMinor: 1, rateBasisPoints: 0.5, rounding })).toEqual(
      err({ type: 'NotSafeInteger', field: 'rateBasisPoints' }),
    )
  })
})

describe('applyRate', () => {
  it('takes 1.005 of 100 for 100.5, which no binary fraction can', () => {
    expect(applyRate({ amountMinor: 100, rate: '1.005', rounding: 'halfUp' })).toEqual(ok(101))
    expect(applyRate({ amountMinor: 100, rate: '1.005', rounding: 'halfDown' })).toEqual(ok(100))
    expect(applyRate({ amountMinor: 10_000, rate: '-0.0725', rounding: 'floor' })).toEqual(ok(-725))
  })

  it('is exact for any amount and rate', () => {
    const rates = fc.tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.nat({ max: 18 }))
    fc.assert(
      fc.property(anyMinor, rates, (amountMinor, [digits, scale]) => {
        const rate = new Precise(digits.toString()).div(new Precise(10).pow(scale))
        const exact = rate.times(amountMinor).toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN)
        const expected = Number.isSafeInteger(exact.toNumber())
          ? ok(exact.toNumber() + 0)
          : err({ type: 'AmountOverflow', exact: exact.toFixed() })
        expect(applyRate({ amountMinor, rate: rate.toFixed(), rounding: 'halfEven' })).toEqual(expected)
      }),
    )
  })

  it.each(['', '1e3', '0x10', 'Infinity', 'NaN', '.5', '5.', '1,5', ' 1', `0.${'1'.repeat(40)}`])(
    'refuses %j',
    (rate) => {
      expect(applyRate({ amountMinor: 1, rate, rounding: 'up' })).toEqual(err({ type: 'InvalidRate', rate }))
    },
  )

  it('refuses part of a minor unit', () => {
    expect(applyRate({ amountMinor: 0.1, rate: '1', rounding: 'up' })).toEqual(
      err({ type: 'NotSafeInteger', field: 'amountMinor' }),
    )
  })
})
