import fc from 'fast-check'
import { err, ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { parseDecimalText, toDecimalText } from '../../src/shared/decimal-money.js'
import { anyMoney } from './money.arbitraries.js'

describe('decimal text', () => {
  it.each([
    [1290, 'CNY', '12.90'],
    [-5, 'CNY', '-0.05'],
    [1290, 'JPY', '1290'],
    [1290, 'KWD', '1.290'],
    [1, 'CLF', '0.0001'],
    [Number.MAX_SAFE_INTEGER, 'CNY', '90071992547409.91'],
  ])('writes %i minor units of %s as %s', (minor, currency, text) => {
    expect(toDecimalText({ minor, currency })).toEqual(ok(text))
    expect(parseDecimalText(text, currency)).toEqual(ok({ minor, currency }))
  })

  it('takes fewer decimals than the currency has, never more', () => {
    expect(parseDecimalText('12', 'CNY')).toEqual(ok({ minor: 1200, currency: 'CNY' }))
    expect(parseDecimalText('.5', 'CNY')).toEqual(ok({ minor: 50, currency: 'CNY' }))
    expect(parseDecimalText('-0.00', 'CNY')).toEqual(ok({ minor: 0, currency: 'CNY' }))
    expect(parseDecimalText('1.500', 'CNY')).toEqual(err({ type: 'TooManyDecimals', decimals: 3, exponent: 2 }))
    expect(parseDecimalText('1.0', 'JPY')).toEqual(err({ type: 'TooManyDecimals', decimals: 1, exponent: 0 }))
  })

  it.each(['-', '.', '5.', '1e3', '+1', '1,5', ' 1', '0x1', 'NaN', '１'])('refuses %j', (text) => {
    expect(parseDecimalText(text, 'CNY')).toEqual(err({ type: 'InvalidAmount', reason: 'notANumber' }))
  })

  it('refuses nothing, too much, and what is too large to keep', () => {
    expect(parseDecimalText('', 'CNY')).toEqual(err({ type: 'InvalidAmount', reason: 'empty' }))
    expect(parseDecimalText('0'.repeat(65), 'CNY')).toEqual(err({ type: 'InvalidAmount', reason: 'tooLong' }))
    expect(parseDecimalText('90071992547409.92', 'CNY')).toEqual(
      err({ type: 'AmountOverflow', exact: '9007199254740992' }),
    )
    expect(parseDecimalText('1', 'XAU')).toEqual(err({ type: 'UnknownCurrency', currency: 'XAU' }))
    expect(toDecimalText({ minor: 1, currency: 'XAU' })).toEqual(err({ type: 'UnknownCurrency', currency: 'XAU' }))
  })

  it('comes back as it went, for any amount of any currency', () => {
    fc.assert(
      fc.property(anyMoney, (money) => {
        expect(toDecimalText(money).andThen((text) => parseDecimalText(text, money.currency))).toEqual(ok(money))
      }),
    )
  })
})
