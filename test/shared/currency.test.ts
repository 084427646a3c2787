import { err, ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { currencyExponent, listCurrencies } from '../../src/shared/currency.js'

describe('currencyExponent', () => {
  it.each([
    ['JPY', 0],
    ['CNY', 2],
    ['KWD', 3],
    ['CLF', 4],
  ])('knows that %s has %i decimals', (currency, exponent) => {
    expect(currencyExponent(currency)).toEqual(ok(exponent))
  })

  it.each(['', 'cny', 'XAU', 'XXX', 'BTC', '__proto__', 'constructor'])('refuses %j', (currency) => {
    expect(currencyExponent(currency)).toEqual(err({ type: 'UnknownCurrency', currency }))
  })

  it('agrees with the runtime, which drops the decimals that are out of daily use', () => {
    for (const currency of listCurrencies()) {
      const exponent = currencyExponent(currency)._unsafeUnwrap()
      const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      expect([currency, [exponent, 0].includes(maximumFractionDigits ?? -1)]).toEqual([currency, true])
    }
  })

  it('knows every currency once: 165 of the standard and two that left it', () => {
    const currencies = listCurrencies()
    expect(currencies.every((currency) => /^[A-Z]{3}$/.test(currency))).toBe(true)
    expect(new Set(currencies).size).toBe(currencies.length)
    expect(currencies).toHaveLength(165 + 2)
  })
})
