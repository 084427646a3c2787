import { describe, expect, it } from 'vitest'
import { renderPrice } from '../../src/pricing/render-price.js'
import { couponOffer, offer } from '../promotions/offers.js'
import { carriage, cart, coupon, line, pointsOf, priced, taxOf } from './carts.js'

const price = priced(
  cart([line('a', 20000), line('b', 15000)], {
    shipping: carriage({ kind: 'flat', chargeMinor: 1000 }),
    tax: taxOf(130_000),
    points: pointsOf(1000, 500),
    offers: [
      offer('full', {
        benefit: { kind: 'amountOff', offMinor: 5000 },
        threshold: { amountMinor: 30000, basis: 'activity' },
      }),
      offer('ship', {
        stage: 'shipping',
        benefit: { kind: 'freeShipping' },
        threshold: { amountMinor: 36000, basis: 'activity' },
      }),
      couponOffer('ten', { benefit: { kind: 'amountOff', offMinor: 1000 }, scope: { skus: ['sku-a'] } }),
    ],
    coupons: [coupon('ten')],
  }),
)
const names = {
  lines: { a: { 'zh-CN': '茶壶', en: 'Teapot' } },
  offers: {
    full: { 'zh-CN': '满300减50', en: '50 off 300' },
    ship: { 'zh-CN': '满360包邮', en: 'Free shipping from 360' },
  },
}

describe('a price in words', () => {
  it('is told row by row in English', () => {
    expect(renderPrice(price, 'en', names).map((row) => [row.kind, row.label, row.amount])).toEqual([
      ['line', 'Teapot × 1', 'CN¥200.00'],
      ['share', '50 off 300', '-CN¥28.57'],
      ['share', 'Coupon ten', '-CN¥10.00'],
      ['line', 'b × 1', 'CN¥150.00'],
      ['share', '50 off 300', '-CN¥21.43'],
      ['sum', 'Goods at list price', 'CN¥350.00'],
      ['sum', 'Discounts', '-CN¥60.00'],
      ['shipping', 'Shipping', 'CN¥10.00'],
      ['points', 'Points (500)', '-CN¥5.00'],
      ['total', 'To pay', 'CN¥295.00'],
      ['tax', 'Tax included', 'CN¥33.36'],
      ['earned', 'Points to be earned', '285'],
      ['unused', 'Not used: Free shipping from 360, spend CN¥10.00 more', ''],
    ])
  })

  it('is told in Chinese', () => {
    const rows = renderPrice(price, 'zh-CN', names)
    expect(rows.find((row) => row.kind === 'total')).toEqual({ kind: 'total', label: '应付', amount: '¥295.00' })
    expect(rows.at(-1)?.label).toBe('未使用 满360包邮：还差 ¥10.00')
  })
})
