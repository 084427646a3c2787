import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convertMoney } from '../../src/shared/exchange.js'

const dollars = { from: 'USD', to: 'CNY', rate: '7.1986' }

describe('an amount in another currency', () => {
  it('is rounded once, to the minor unit of that currency', () => {
    expect(convertMoney({ minor: 1_000, currency: 'USD' }, dollars, 'halfUp')._unsafeUnwrap()).toEqual({
      minor: 7_199,
      currency: 'CNY',
    })
    // 129.00 / 7.1986 = 17.9201…
    expect(convertMoney({ minor: 12_900, currency: 'CNY' }, dollars, 'halfUp')._unsafeUnwrap()).toEqual({
      minor: 1_792,
      currency: 'USD',
    })
    expect(convertMoney({ minor: 12_900, currency: 'CNY' }, dollars, 'up')._unsafeUnwrap().minor).toBe(1_793)
    // Yen have no decimals, dinars three.
    const yen = { from: 'CNY', to: 'JPY', rate: '21.4' }
    expect(convertMoney({ minor: 101, currency: 'CNY' }, yen, 'down')._unsafeUnwrap().minor).toBe(21)
    const dinars = { from: 'KWD', to: 'JPY', rate: '486.25' }
    expect(convertMoney({ minor: 1_500, currency: 'KWD' }, dinars, 'halfUp')._unsafeUnwrap().minor).toBe(729)
  })

  it('there and back never gains when it is rounded down', () => {
    const rate = fc
      .tuple(fc.integer({ min: 1, max: 99_999_999 }), fc.integer({ min: 0, max: 8 }))
      .map(([digits, scale]) => {
        const text = String(digits).padStart(scale + 1, '0')
        return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`
      })
    const currency = fc.constantFrom('CNY', 'JPY', 'KWD', 'CLF')
    fc.assert(
      fc.property(fc.nat(1_000_000_000), currency, currency, rate, fc.boolean(), (minor, from, to, text, begins) => {
        fc.pre(from !== to)
        const exchange = { from, to, rate: text }
        const given = { minor, currency: begins ? from : to }
        const there = convertMoney(given, exchange, 'down')
        fc.pre(there.isOk())
        const back = convertMoney(there._unsafeUnwrap(), exchange, 'down')._unsafeUnwrap()
        expect(back.currency).toBe(given.currency)
        expect(back.minor).toBeLessThanOrEqual(minor)
      }),
    )
  })

  it('is refused for a third currency, one that is not known, and for what is no rate', () => {
    const hundred = { minor: 100, currency: 'USD' }
    const typeOf = (...given: Parameters<typeof convertMoney>) => convertMoney(...given)._unsafeUnwrapErr().type
    expect(typeOf({ ...hundred, currency: 'EUR' }, dollars, 'down')).toBe('CurrencyMismatch')
    expect(typeOf(hundred, { ...dollars, to: 'XXX' }, 'down')).toBe('UnknownCurrency')
    expect(typeOf({ ...hundred, minor: 0.5 }, dollars, 'down')).toBe('NotSafeInteger')
    for (const rate of ['0', '-1', '7,2', '1e3', ''])
      expect(typeOf(hundred, { ...dollars, rate }, 'down')).toBe('InvalidRate')
    expect(typeOf({ ...hundred, minor: Number.MAX_SAFE_INTEGER }, dollars, 'down')).toBe('AmountOverflow')
  })
})
