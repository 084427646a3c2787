import { describe, expect, it } from 'vitest'
import { explainPrice } from '../../src/pricing/explain-price.js'
import { renderExplanation } from '../../src/pricing/render-explanation.js'
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

  it('says of a coupon what became of it, of a gift what it brings, and of a moment when it is where the shop is', () => {
    const window = { timeZone: 'Asia/Shanghai', from: Date.UTC(2026, 10, 11, 16) }
    const explained = explainPrice(
      cart([line('a', 20000)], {
        offers: [
          offer('cup', { benefit: { kind: 'gift', sku: 'CUP', pieces: 2, unitValueMinor: 900 } }),
          offer('late', { benefit: { kind: 'amountOff', offMinor: 1000 }, window }),
          couponOffer('ten', { benefit: { kind: 'amountOff', offMinor: 1000 } }),
        ],
        coupons: [coupon('ten', { status: 'used' })],
      }),
    )._unsafeUnwrap()
    const told = { gifts: { CUP: { 'zh-CN': '茶杯', en: 'cup' } }, timeZone: 'Asia/Shanghai' }
    expect(renderExplanation(explained, 'zh-CN', told).slice(1).sort()).toEqual([
      '已使用“cup”：赠送 茶杯 × 2',
      '未使用“late”：活动 2026-11-12 00:00 (Asia/Shanghai) 开始',
      '未使用“ten”：优惠券已使用',
    ])
    expect(renderExplanation(explained, 'en', told).slice(1).sort()).toEqual([
      '“cup” is used: it brings cup × 2',
      '“late” is not used: starts 2026-11-12 00:00 (Asia/Shanghai)',
      '“ten” is not used: the coupon is used',
    ])
  })
})
