import { ok, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { createFixedExchangeRates } from '../../adapters/rates/fixed/index.js'
import { pricingAccess } from '../../src/pricing/access.js'
import { createQuoteShelf } from '../../src/pricing/quote-shelf.js'
import type { ExchangeRates, RateQuote } from '../../src/pricing/rate-sources.js'
import { showIn } from '../../src/pricing/show-in.js'
import { createTestPorts } from '../support/core-ports.js'

const visitor = { actor: { kind: 'guest', guestId: 'g1' } } as const
const yuan = (minor: number) => ({ minor, currency: 'CNY' })

const openPorts = (rates: ExchangeRates) => ({
  ...createTestPorts(createMemoryStorage(), pricingAccess),
  shownCurrencies: { rates, roundings: { USD: 'halfUp', JPY: 'up' } as const },
  exchangeQuotes: createQuoteShelf(),
})

describe('amounts shown in another currency', () => {
  it('say at which rate, of whom, until when and how they are rounded', async () => {
    const ports = openPorts(createFixedExchangeRates({ 'CNY/JPY': '21.4' }, { validForMs: 60_000 }))
    const now = ports.clock.now()
    const shown = await showIn(ports, visitor, { amounts: [yuan(12_900), yuan(1)], currency: 'JPY' })
    expect(shown._unsafeUnwrap()).toEqual({
      // 2760.6 and 0.214 yen, both up.
      amounts: [
        { minor: 2_761, currency: 'JPY' },
        { minor: 1, currency: 'JPY' },
      ],
      quote: {
        from: 'CNY',
        to: 'JPY',
        rate: '21.4',
        rounding: 'up',
        source: 'fixed',
        quotedAt: now,
        validUntil: now + 60_000,
      },
    })
    expect((await showIn(ports, visitor, { amounts: [yuan(5)], currency: 'CNY' }))._unsafeUnwrap()).toEqual({
      amounts: [yuan(5)],
      quote: null,
    })
  })

  it('stand at one rate until it ends, and at a new one then', async () => {
    let asked = 0
    const ports = openPorts({
      quoteExchange: (request) => {
        asked += 1
        return createFixedExchangeRates({ 'CNY/USD': `0.1${asked}` }, { validForMs: 1_000 }).quoteExchange(request)
      },
    })
    const dollars = async () =>
      (await showIn(ports, visitor, { amounts: [yuan(10_000)], currency: 'USD' }))._unsafeUnwrap().amounts[0]?.minor
    expect(await dollars()).toBe(1_100)
    ports.setNow(ports.clock.now() + 999)
    expect(await dollars()).toBe(1_100)
    expect(asked).toBe(1)
    ports.setNow(ports.clock.now() + 1)
    expect(await dollars()).toBe(1_200)
  })

  it('are refused in a currency that the shop does not name, and at what is no rate', async () => {
    const ask = async (rates: ExchangeRates, currency: string) =>
      (await showIn(openPorts(rates), visitor, { amounts: [yuan(1)], currency }))._unsafeUnwrapErr()
    const quoting = (quote: (now: number) => RateQuote<string>): ExchangeRates => ({
      quoteExchange: ({ now }) => okAsync(quote(now)),
    })
    const none = createFixedExchangeRates({})
    expect(await ask(none, 'EUR')).toEqual({ type: 'CurrencyNotShown', currency: 'EUR', shown: ['USD', 'JPY'] })
    expect(await ask(none, 'USD')).toEqual({ type: 'ExchangeRateUnavailable', reason: 'failed' })
    expect(
      await ask(
        quoting((now) => ({ rates: '0', source: 's', quotedAt: now, validUntil: now + 1 })),
        'USD',
      ),
    ).toEqual({
      type: 'ExchangeRateUnavailable',
      reason: 'malformed',
    })
    expect(
      await ask(
        quoting((now) => ({ rates: '7', source: 's', quotedAt: now, validUntil: now })),
        'USD',
      ),
    ).toEqual({
      type: 'ExchangeRateUnavailable',
      reason: 'outdated',
    })
    for (const answer of [
      ok(undefined),
      ok(null),
      ok({}),
      ok({ rates: '7' }),
      ok({ rates: ['7'], source: 's' }),
      undefined,
      {},
    ]) {
      const odd = { quoteExchange: () => answer } as unknown as ExchangeRates
      expect(await ask(odd, 'USD')).toEqual({ type: 'ExchangeRateUnavailable', reason: 'malformed' })
    }
    const mixed = { amounts: [yuan(1), { minor: 1, currency: 'USD' }], currency: 'USD' }
    expect((await showIn(openPorts(none), visitor, mixed))._unsafeUnwrapErr()).toMatchObject({
      type: 'InvalidInput',
      issues: [{ path: 'amounts' }],
    })
  })
})
