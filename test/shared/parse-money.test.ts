import fc from 'fast-check'
import { err, ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { formatMoney } from '../../src/shared/format-money.js'
import { parseMoney } from '../../src/shared/parse-money.js'
import { anyMoney } from './money.arbitraries.js'

const locales = [
  ...['en', 'en-IN', 'zh-CN', 'zh-TW', 'ja', 'ko', 'de', 'de-CH', 'de-AT', 'fr', 'fr-CH', 'es', 'pl', 'pt-PT', 'pt-CV'],
  ...['ar-EG', 'fa', 'he', 'hi', 'bn', 'my', 'mr', 'sv', 'lt', 'ru', 'th', 'zh-u-nu-hanidec'],
]

describe('parseMoney', () => {
  it.each([
    ['¥1,234.50', 'CNY', 'zh-CN', 123450],
    ['1234.5', 'CNY', 'zh-CN', 123450],
    ['１，２３４．５０元', 'CNY', 'zh-CN', 123450],
    ['￥1，290', 'JPY', 'ja', 1290],
    ['1.234,50 €', 'EUR', 'de', 123450],
    ['1 234,50 €', 'EUR', 'fr', 123450],
    ["1'234.50", 'CHF', 'de-CH', 123450],
    ['12,34,567', 'INR', 'en-IN', 123456700],
    ['١٢٫٥٠٠', 'KWD', 'ar-EG', 12500],
    ['KWD 1.005', 'KWD', 'en', 1005],
    ['-$5', 'USD', 'en', -500],
    ['$-5', 'USD', 'en', -500],
    ['−5 USD', 'USD', 'en', -500],
    ['.5', 'USD', 'en', 50],
    [' 0 ', 'USD', 'en', 0],
    ['-0.00', 'USD', 'en', 0],
  ])('reads %j as %s in %s', (text, currency, locale, minor) => {
    expect(parseMoney(text, { currency, locale })).toEqual(ok({ minor, currency }))
  })

  it.each([
    ['a decimal comma where groups have commas', '1,23', 'USD', 'en'],
    ['a group that begins with nothing', '0,123', 'KWD', 'en'],
    ['groups of the wrong size', '12,34,567', 'USD', 'en'],
    ['a group behind the point', '1.234,5', 'USD', 'en'],
    ['two points', '1.2.3', 'USD', 'en'],
    ['a point and nothing behind', '5.', 'USD', 'en'],
    ['the sign of another currency', '$5', 'CNY', 'zh-CN'],
    ['the code of another currency', 'USD 5', 'CNY', 'zh-CN'],
    ['two signs', '$5 USD', 'USD', 'en'],
    ['two minuses', '--5', 'USD', 'en'],
    ['a power of ten', '1e5', 'USD', 'en'],
    ['words', 'five', 'USD', 'en'],
    ['a minus alone', '-', 'USD', 'en'],
  ])('refuses %s', (_, text, currency, locale) => {
    expect(parseMoney(text, { currency, locale })).toEqual(err({ type: 'InvalidAmount', reason: 'notANumber' }))
  })

  it('refuses what is finer than the currency instead of rounding it', () => {
    expect(parseMoney('0.005', { currency: 'CNY', locale: 'zh-CN' })).toEqual(
      err({ type: 'TooManyDecimals', decimals: 3, exponent: 2 }),
    )
    expect(parseMoney('¥1.5', { currency: 'JPY', locale: 'ja' })).toEqual(
      err({ type: 'TooManyDecimals', decimals: 1, exponent: 0 }),
    )
  })

  it('refuses nothing, too much, and what is too large to keep', () => {
    const options = { currency: 'CNY', locale: 'zh-CN' }
    expect(parseMoney('  ', options)).toEqual(err({ type: 'InvalidAmount', reason: 'empty' }))
    expect(parseMoney('¥', options)).toEqual(err({ type: 'InvalidAmount', reason: 'empty' }))
    expect(parseMoney('1'.repeat(65), options)).toEqual(err({ type: 'InvalidAmount', reason: 'tooLong' }))
    expect(parseMoney('90,071,992,547,409.92', options)).toEqual(
      err({ type: 'AmountOverflow', exact: '9007199254740992' }),
    )
    expect(parseMoney('1', { ...options, currency: 'XAU' })).toEqual(err({ type: 'UnknownCurrency', currency: 'XAU' }))
    expect(parseMoney('1', { ...options, locale: 'no such' })).toEqual(
      err({ type: 'InvalidLocale', locale: 'no such' }),
    )
  })

  it('reads whatever formatMoney writes, in any locale and any display', () => {
    const displays = fc.constantFrom('symbol', 'narrowSymbol', 'code')
    fc.assert(
      fc.property(anyMoney, fc.constantFrom(...locales), displays, (money, locale, display) => {
        const read = formatMoney(money, { locale, display }).andThen((text) =>
          parseMoney(text, { currency: money.currency, locale }),
        )
        expect(read).toEqual(ok(money))
      }),
    )
  })

  it('answers any text at all with a value', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[-¥$0-9., ]{0,20}$/))
    fc.assert(
      fc.property(texts, fc.constantFrom(...locales), (text, locale) => {
        const read = parseMoney(text, { currency: 'CNY', locale })
        expect(read.isErr() || Number.isSafeInteger(read.value.minor)).toBe(true)
      }),
    )
  })
})
