import fc from 'fast-check'
import { err, ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { formatMoney } from '../../src/shared/format-money.js'
import { anyMoney } from './money.arbitraries.js'

/** Spaces of every kind as one, for the locales' data changes them from release to release. */
const spaced = (text: string): string => text.replace(/\s/gu, ' ')

describe('formatMoney', () => {
  it.each([
    [1290, 'CNY', 'zh-CN', '¥12.90'],
    [1290, 'CNY', 'en', 'CN¥12.90'],
    [-123456, 'CNY', 'zh-CN', '-¥1,234.56'],
    [1290, 'JPY', 'ja', '￥1,290'],
    [123450, 'EUR', 'de', '1.234,50 €'],
    [12500, 'KWD', 'en', 'KWD 12.500'],
    [12345678900, 'INR', 'en-IN', '₹12,34,56,789.00'],
  ])('writes %i minor units of %s in %s as %s', (minor, currency, locale, text) => {
    expect(formatMoney({ minor, currency }, { locale }).map(spaced)).toEqual(ok(text))
  })

  it('writes the short sign or the code when asked', () => {
    const money = { minor: 1290, currency: 'CNY' }
    expect(formatMoney(money, { locale: 'en', display: 'narrowSymbol' })).toEqual(ok('¥12.90'))
    expect(formatMoney(money, { locale: 'en', display: 'code' }).map(spaced)).toEqual(ok('CNY 12.90'))
  })

  it('keeps the last digit of the largest amount', () => {
    const money = { minor: Number.MAX_SAFE_INTEGER, currency: 'CNY' }
    expect(formatMoney(money, { locale: 'zh-CN' })).toEqual(ok('¥90,071,992,547,409.91'))
  })

  it('writes exactly the digits of the amount', () => {
    fc.assert(
      fc.property(anyMoney, (money) => {
        const digits = formatMoney(money, { locale: 'en', display: 'code' })
          ._unsafeUnwrap()
          .replace(/[^0-9]/g, '')
        expect(Number(digits)).toBe(Math.abs(money.minor))
      }),
    )
  })

  it('refuses a currency and a language that nobody knows', () => {
    expect(formatMoney({ minor: 1, currency: 'XAU' }, { locale: 'en' })).toEqual(
      err({ type: 'UnknownCurrency', currency: 'XAU' }),
    )
    for (const locale of ['', 'not a locale', 'zz-ZZ']) {
      expect(formatMoney({ minor: 1, currency: 'CNY' }, { locale })).toEqual(err({ type: 'InvalidLocale', locale }))
    }
  })
})
