import { describe, expect, it } from 'vitest'
import { carriageRateCases, exchangeRateCases, taxRateCases } from '../../adapters/contract/rate-sources.js'
import {
  createFixedCarriageRates,
  createFixedExchangeRates,
  createFixedTaxRates,
} from '../../adapters/rates/fixed/index.js'
import type { RateRequest } from '../../src/pricing/rate-sources.js'
import { runContract } from '../support/run-contract.js'

const title = { en: 'Courier', 'zh-CN': '快递' }
const request: RateRequest = {
  region: 'CN-31',
  currency: 'CNY',
  lines: [{ sku: 'a', quantity: 3, weightGrams: 400, taxClass: 'goods' }],
  now: 1_000,
}
const courier = {
  methodId: 'courier',
  title,
  currency: 'CNY',
  days: { earliest: 1, latest: 2 },
  regions: { 'CN-31': { baseMinor: 500, perKilogramMinor: 200 } },
}
const vat = {
  inclusive: true,
  classes: { goods: [{ rateId: 'vat', title, rateMillionths: 130_000 }] },
  shippingClass: 'goods',
  roundPer: 'line',
  rounding: 'halfUp',
} as const

runContract('fixed carriage', carriageRateCases, async () => ({
  source: createFixedCarriageRates([courier]),
  request,
  elsewhere: 'CN-65',
}))

runContract('fixed taxes', taxRateCases, async () => ({
  source: createFixedTaxRates({ 'CN-31': vat }),
  request,
  elsewhere: 'CN-65',
}))

runContract('fixed exchange rates', exchangeRateCases, async () => ({
  source: createFixedExchangeRates({ 'USD/CNY': '7.1986' }),
  request: { from: 'USD', to: 'CNY', now: 1_000 },
  unknown: 'EUR',
}))

describe('fixed rates', () => {
  it('begin a kilogram: 1200 g at 5.00 and 2.00 each are 9.00, for a quarter of an hour', async () => {
    const quote = (await createFixedCarriageRates([courier]).quoteCarriage(request))._unsafeUnwrap()
    expect(quote).toEqual({
      rates: [{ methodId: 'courier', title, chargeMinor: 900, days: { earliest: 1, latest: 2 } }],
      source: 'fixed',
      quotedAt: 1_000,
      validUntil: 901_000,
    })
  })

  it('are not offered in another currency, and serve every other region by the star', async () => {
    const source = createFixedCarriageRates([{ ...courier, regions: { '*': { baseMinor: 1, perKilogramMinor: 0 } } }])
    expect((await source.quoteCarriage({ ...request, region: 'US' }))._unsafeUnwrap().rates).toHaveLength(1)
    expect((await source.quoteCarriage({ ...request, currency: 'USD' }))._unsafeUnwrap().rates).toEqual([])
  })
})
