import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { err, ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { divideRounded, type RoundingRule } from '../../src/shared/rounding.js'
import { anyMinor } from './money.arbitraries.js'

// -2.5 -1.5 -0.5 0.5 1.5 2.5, then 2.4 and 2.6 and their negatives.
const tenths = [-25, -15, -5, 5, 15, 25, 24, 26, -24, -26]

const byHand: Record<RoundingRule, readonly number[]> = {
  up: [-3, -2, -1, 1, 2, 3, 3, 3, -3, -3],
  down: [-2, -1, 0, 0, 1, 2, 2, 2, -2, -2],
  ceiling: [-2, -1, 0, 1, 2, 3, 3, 3, -2, -2],
  floor: [-3, -2, -1, 0, 1, 2, 2, 2, -3, -3],
  halfUp: [-3, -2, -1, 1, 2, 3, 2, 3, -2, -3],
  halfDown: [-2, -1, 0, 0, 1, 2, 2, 3, -2, -3],
  halfEven: [-2, -2, 0, 0, 2, 2, 2, 3, -2, -3],
  halfOdd: [-3, -1, -1, 1, 1, 3, 2, 3, -2, -3],
}
const rules = Object.keys(byHand) as RoundingRule[]

// A quotient of two safe integers has at most 16 digits before the point; 60 leave a tie and a near-tie far apart.
const Precise = Decimal.clone({ precision: 60 })
const oracle: Record<RoundingRule, (quotient: Decimal) => Decimal> = {
  up: (quotient) => quotient.toDecimalPlaces(0, Decimal.ROUND_UP),
  down: (quotient) => quotient.toDecimalPlaces(0, Decimal.ROUND_DOWN),
  ceiling: (quotient) => quotient.toDecimalPlaces(0, Decimal.ROUND_CEIL),
  floor: (quotient) => quotient.toDecimalPlaces(0, Decimal.ROUND_FLOOR),
  halfUp: (quotient) => quotient.toDecimalPlaces(0, Decimal.ROUND_HALF_UP),
  halfDown: (quotient) => quotient.toDecimalPlaces(0, Decimal.ROUND_HALF_DOWN),
  halfEven: (quotient) => quotient.toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN),
  // The odd neighbours are the even ones of the quotient moved by one.
  halfOdd: (quotient) => quotient.plus(1).toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN).minus(1),
}

const notZero = anyMinor.filter((value) => value !== 0)

describe('divideRounded', () => {
  it.each(rules)('rounds %s as worked out by hand', (rule) => {
    const toTheRule = (value: number) => divideRounded(value, 10, rule)
    expect(tenths.map(toTheRule)).toEqual(byHand[rule].map((value) => ok(value)))
    expect(tenths.map((value) => divideRounded(-value, -10, rule))).toEqual(byHand[rule].map((value) => ok(value)))
    expect(tenths.map((value) => divideRounded(BigInt(value), 10n, rule))).toEqual(
      byHand[rule].map((value) => ok(value)),
    )
  })

  it.each(rules)('rounds %s as decimal.js does', (rule) => {
    fc.assert(
      fc.property(anyMinor, fc.oneof(fc.constantFrom(2, 4, -2, 10, 100, 10_000), notZero), (numerator, denominator) => {
        const expected = oracle[rule](new Precise(numerator).div(denominator)).toNumber() + 0
        expect(divideRounded(numerator, denominator, rule)).toEqual(ok(expected))
        expect(divideRounded(BigInt(numerator), denominator, rule)).toEqual(ok(expected))
      }),
    )
  })

  it('leaves an exact quotient alone, whatever the rule', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000 }), fc.constantFrom(...rules), (whole, times, rule) => {
        expect(divideRounded(whole * times, times, rule)).toEqual(ok(whole + 0))
      }),
    )
  })

  it('refuses what it cannot do', () => {
    expect(divideRounded(1, 0, 'halfUp')).toEqual(err({ type: 'DivisionByZero' }))
    expect(divideRounded(1n, 0n, 'halfUp')).toEqual(err({ type: 'DivisionByZero' }))
    expect(divideRounded(1.5, 1, 'halfUp')).toEqual(err({ type: 'NotSafeInteger', field: 'numerator' }))
    expect(divideRounded(1, 2 ** 53, 'halfUp')).toEqual(err({ type: 'NotSafeInteger', field: 'denominator' }))
    expect(divideRounded(2n ** 60n, 2, 'halfUp')).toEqual(err({ type: 'AmountOverflow', exact: '576460752303423488' }))
  })
})
