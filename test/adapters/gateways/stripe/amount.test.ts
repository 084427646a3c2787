import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromStripeAmount, listWholeCurrencies, toStripeAmount } from '../../../../adapters/gateways/stripe/amount.js'

describe('an amount at Stripe', () => {
  it.each([
    ['USD', 1050, 1050],
    ['JPY', 1050, 1050],
    ['KWD', 1050, 1050],
    ['KWD', 1055, null],
    // No decimals of its own, and written with two.
    ['ISK', 1050, 105_000],
    ['UGX', 5, 500],
    // Two decimals of its own, and none at Stripe.
    ['MGA', 1000, 10],
    ['MGA', 1050, null],
    ['XXQ', 1, null],
    ['USD', 0.5, null],
  ])('of %s %d is %s', (currency, minor, amount) => {
    expect(toStripeAmount({ minor, currency })).toBe(amount)
    if (amount !== null) expect(fromStripeAmount(amount, currency.toLowerCase())).toEqual({ minor, currency })
  })

  it('comes back as it went', () => {
    const currency = fc.constantFrom('USD', 'CNY', 'EUR', 'JPY', 'KRW', 'KWD', 'TND', 'ISK', 'UGX', 'MGA', 'HUF', 'TWD')
    fc.assert(
      fc.property(currency, fc.integer({ min: 1, max: 1_000_000_000 }), (code, minor) => {
        const amount = toStripeAmount({ minor, currency: code })
        if (amount !== null) expect(fromStripeAmount(amount, code)).toEqual({ minor, currency: code })
      }),
    )
  })

  it('of a currency that is offered is one whatever it is, and is taken to the last unit', () => {
    const offered = listWholeCurrencies()
    expect(offered).toEqual(expect.arrayContaining(['CNY', 'EUR', 'HUF', 'ISK', 'JPY', 'TWD', 'UGX', 'USD']))
    for (const code of ['BHD', 'JOD', 'KWD', 'OMR', 'TND', 'MGA', 'IQD']) expect(offered).not.toContain(code)
    fc.assert(
      fc.property(fc.constantFrom(...offered), fc.integer({ min: 1, max: 1_000_000_000 }), (currency, minor) => {
        const amount = toStripeAmount({ minor, currency })
        expect(amount).not.toBeNull()
        expect(fromStripeAmount(amount ?? 0, currency)).toEqual({ minor, currency })
      }),
    )
  })
})
