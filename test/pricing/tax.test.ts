import { describe, expect, it } from 'vitest'
import { dividePrice } from '../../src/pricing/divide-price.js'
import { priceCart } from '../../src/pricing/price-cart.js'
import { couponOffer, offer } from '../promotions/offers.js'
import { carriage, cart, coupon, line, priced, taxOf } from './carts.js'

const title = { 'zh-CN': '', en: '' }
const off = (offMinor: number) => ({ kind: 'amountOff', offMinor }) as const
const fifths = [line('a', 55), line('b', 55), line('c', 55)]

describe('tax on top', () => {
  it('is rounded for each line, or once for the order', () => {
    // 10 % of 0.55 is 0.055: three times 0.06, or once 0.165 -> 0.17.
    const tax = (roundPer: 'line' | 'order') =>
      priced(cart(fifths, { tax: taxOf(100_000, { inclusive: false, roundPer }) }))
    expect(tax('line').totals).toMatchObject({ taxMinor: 18, taxOnTopMinor: 18, payableMinor: 183 })
    expect(tax('order').totals).toMatchObject({ taxMinor: 17, payableMinor: 182 })
    expect(tax('order').lines.map((each) => each.taxMinor)).toEqual([6, 6, 5])
  })

  it('is rounded for each piece when it is told to', () => {
    const three = [line('a', 55, { quantity: 3 })]
    const tax = (roundPer: 'unit' | 'line') =>
      priced(cart(three, { tax: taxOf(100_000, { inclusive: false, roundPer }) })).totals.taxMinor
    expect(tax('unit')).toBe(18)
    expect(tax('line')).toBe(17)
  })

  it('follows the rounding rule at a half', () => {
    const tax = (rounding: 'halfUp' | 'halfEven' | 'halfDown') =>
      priced(cart([line('a', 45)], { tax: taxOf(100_000, { inclusive: false, rounding }) })).totals.taxMinor
    expect([tax('halfUp'), tax('halfEven'), tax('halfDown')]).toEqual([5, 4, 4])
  })

  it('counts when the best offers are looked for', () => {
    // Both take 10.00; only the one on the taxed line saves tax too.
    const price = priced(
      cart([line('plain', 5000, { taxClass: 'exempt' }), line('taxed', 5000)], {
        tax: taxOf(100_000, { inclusive: false }),
        offers: [
          couponOffer('a-plain', { benefit: off(1000), scope: { skus: ['sku-plain'] } }),
          couponOffer('b-taxed', { benefit: off(1000), scope: { skus: ['sku-taxed'] } }),
        ],
        coupons: [coupon('a-plain'), coupon('b-taxed')],
      }),
    )
    expect(price.couponsUsed).toEqual(['b-taxed'])
    expect(price.totals).toMatchObject({ goodsMinor: 9000, taxMinor: 400, payableMinor: 9400 })
  })
})

describe('tax within prices', () => {
  it('is taken out of what is left after offers', () => {
    // 70.00 × 13 / 113 = 8.0531
    const price = priced(
      cart([line('a', 10000)], { tax: taxOf(130_000), offers: [offer('p', { benefit: off(3000) })] }),
    )
    expect(price.totals).toMatchObject({ taxMinor: 805, taxOnTopMinor: 0, payableMinor: 7000 })
    expect(price.taxes).toEqual([{ rateId: 'vat', rateMillionths: 130_000, baseMinor: 6195, taxMinor: 805 }])
  })

  it('is reckoned at each of two rates that bear one name', () => {
    // VAT of 13 % on 100.00 of goods and of 9 % on 100.00 of food.
    const { book, region } = taxOf(130_000)
    const classes = {
      standard: [{ rateId: 'vat', title, rateMillionths: 130_000 }],
      reduced: [{ rateId: 'vat', title, rateMillionths: 90_000 }],
    }
    const lines = [
      line('a', 10_000, { merchantId: 'm1' }),
      line('b', 10_000, { taxClass: 'reduced', merchantId: 'm2' }),
    ]
    for (const inclusive of [false, true]) {
      for (const roundPer of ['order', 'line', 'unit'] as const) {
        const regions = book.regions.map((each) => ({ ...each, inclusive, classes, shippingClass: null }))
        const price = priced(cart(lines, { tax: { book: { ...book, regions, roundPer }, region } }))
        // Within 100.00: 13/113 are 11.50 and 9/109 are 8.26.
        const [goods, food] = inclusive ? [1_150, 826] : [1_300, 900]
        const expected = [
          { rateId: 'vat', rateMillionths: 130_000, baseMinor: inclusive ? 8_850 : 10_000, taxMinor: goods },
          { rateId: 'vat', rateMillionths: 90_000, baseMinor: inclusive ? 9_174 : 10_000, taxMinor: food },
        ]
        expect(price.lines.map(({ taxMinor }) => taxMinor)).toEqual([goods, food])
        expect(price.taxes).toEqual(expected)
        expect(price.lines.map(({ taxes }) => taxes)).toEqual(expected.map((each) => [each]))
        expect(dividePrice(price, ['m1', 'm2'], []).map(({ taxes }) => taxes)).toEqual(expected.map((each) => [each]))
      }
    }
  })

  it('is told by rate where classes differ', () => {
    const price = priced(
      cart([line('a', 11300), line('b', 10650, { taxClass: 'reduced' }), line('c', 100, { taxClass: 'exempt' })], {
        tax: taxOf(130_000),
      }),
    )
    expect(price.lines.map((each) => each.taxMinor)).toEqual([1300, 650, 0])
    expect(price.taxes).toEqual([
      { rateId: 'vat', rateMillionths: 130_000, baseMinor: 10000, taxMinor: 1300 },
      { rateId: 'low', rateMillionths: 65_000, baseMinor: 10000, taxMinor: 650 },
    ])
  })
})

describe('several rates on one class', () => {
  const state = { rateId: 'state', title: { 'zh-CN': '', en: '' }, rateMillionths: 40_000 }
  const city = { rateId: 'city', title: { 'zh-CN': '', en: '' }, rateMillionths: 48_750 }
  const both = (inclusive: boolean) => {
    const tax = taxOf(0)
    const regions = [{ region: 'US-NY', inclusive, classes: { standard: [state, city] }, shippingClass: 'standard' }]
    return { book: { ...tax.book, regions }, region: 'US-NY' }
  }

  it('are rounded each by itself on top, and on carriage too', () => {
    const price = priced(
      cart([line('a', 9999)], { tax: both(false), shipping: carriage({ kind: 'flat', chargeMinor: 1000 }) }),
    )
    // 99.99: 3.9996 -> 4.00 and 4.8745 -> 4.87; carriage 10.00: 0.40 and 0.4875 -> 0.49.
    expect(price.lines[0]?.taxMinor).toBe(887)
    expect(price.shipping?.taxMinor).toBe(89)
    expect(price.taxes.map((tax) => [tax.rateId, tax.baseMinor, tax.taxMinor])).toEqual([
      ['state', 10999, 440],
      ['city', 10999, 536],
    ])
  })

  it('share what is within the price', () => {
    // 108.875 holds 8.875: 4.00 and 4.875.
    const price = priced(cart([line('a', 108_875)], { tax: both(true) }))
    expect(price.taxes.map((tax) => [tax.rateId, tax.taxMinor])).toEqual([
      ['state', 4000],
      ['city', 4875],
    ])
  })

  it('are refused where a region or class is not known', () => {
    const refusal = (changes: Parameters<typeof cart>[1], taxClass = 'standard') =>
      priceCart(cart([line('a', 1, { taxClass })], changes))._unsafeUnwrapErr()
    expect(refusal({ tax: { ...both(false), region: 'FR' } })).toEqual({ type: 'TaxRegionUnknown', region: 'FR' })
    expect(refusal({ tax: both(false) }, 'toString')).toEqual({
      type: 'TaxClassUnknown',
      taxClass: 'toString',
      region: 'US-NY',
    })
  })
})
