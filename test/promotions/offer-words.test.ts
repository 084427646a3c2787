import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Offer } from '../../src/promotions/offer.js'
import type { Benefit } from '../../src/promotions/offer-kinds.js'
import { describeOffer, renderOffer } from '../../src/promotions/offer-words.js'
import { methodIds } from '../../src/shared/payment-method.js'
import { couponOffer, offer } from './offers.js'

const what = (benefit: Benefit, changes: Partial<Offer> = {}) =>
  (['zh-CN', 'en'] as const).map((locale) => describeOffer(offer('o', { benefit, ...changes }), locale)[0]?.text)

describe('what an offer gives, in words', () => {
  it.each<[Benefit, Partial<Offer>, string, string]>([
    [
      { kind: 'amountOff', offMinor: 5000 },
      { threshold: { amountMinor: 30_000, basis: 'activity' } },
      '满¥300.00减¥50.00',
      'CN¥50.00 off when the goods come to CN¥300.00 or more',
    ],
    [
      { kind: 'amountOff', offMinor: 5000, perFullMinor: 30_000, maxTimes: 2 },
      {},
      '每满¥300.00减¥50.00，最多2次',
      'CN¥50.00 off for every CN¥300.00, at most 2 times',
    ],
    [
      { kind: 'percentOff', offBasisPoints: 1500, capMinor: 20_000 },
      { threshold: { quantity: 3, basis: 'activity' } },
      '满3件打8.5折，最高减¥200.00',
      '15% off, at most CN¥200.00 from 3 pieces on',
    ],
    [{ kind: 'nthItem', nth: 2, offBasisPoints: 5000 }, {}, '第2件半价', 'Of every 2 pieces one 50% off'],
    [{ kind: 'buyXGetY', buy: 2, get: 1 }, {}, '买2送1', 'Buy 2, get 1 free'],
    [{ kind: 'bundlePrice', pieces: 3, priceMinor: 9900 }, {}, '任选3件¥99.00', 'Any 3 pieces for CN¥99.00'],
    [
      {
        kind: 'tiered',
        measure: 'amount',
        tiers: [
          { from: 10_000, offMinor: 1000 },
          { from: 20_000, offBasisPoints: 1000 },
        ],
      },
      {},
      '满¥100.00减¥10.00，满¥200.00打9折',
      'CN¥10.00 off from CN¥100.00, 10% off from CN¥200.00',
    ],
    [
      { kind: 'fixedPrice', unitMinor: 1900, maxPieces: 1 },
      {},
      '每件¥19.00，限1件',
      'CN¥19.00 each for up to 1 pieces',
    ],
    [{ kind: 'gift', sku: 'MUG', pieces: 1, unitValueMinor: 0 }, {}, '送MUG × 1', 'A gift of 1 × MUG'],
    [
      { kind: 'freeShipping' },
      { threshold: { amountMinor: 9900, basis: 'list' } },
      '满¥99.00（按原价计算），包邮',
      'Free shipping when the goods come to CN¥99.00 or more (at list prices)',
    ],
  ])('%o', (benefit, changes, chinese, english) => {
    expect(what(benefit, changes)).toEqual([chinese, english])
  })

  it('knows yen without decimals and dinars with three', () => {
    expect(what({ kind: 'amountOff', offMinor: 500 }, { currency: 'JPY' })[0]).toBe('减JP¥500')
    expect(what({ kind: 'amountOff', offMinor: 1500 }, { currency: 'KWD' })[1]).toMatch(/1\.500 off$/)
  })
})

describe('the rules of a coupon, in words', () => {
  const coupon = couponOffer('double-11', {
    benefit: { kind: 'amountOff', offMinor: 5000 },
    threshold: { amountMinor: 30_000, basis: 'activity' },
    form: { kind: 'coupon', issues: 1000, claimsPerCustomer: 2, claimable: false, validMs: 7 * 86_400_000 },
    // 2026-11-01 00:00 to 2026-11-12 00:00 in Shanghai.
    window: {
      timeZone: 'Asia/Shanghai',
      from: Date.UTC(2026, 9, 31, 16),
      to: Date.UTC(2026, 10, 11, 16),
      weekdays: [2, 6],
      minutesOfDay: { from: 600, to: 1320 },
    },
    audience: { levels: ['gold', 'diamond'], firstOrder: true },
    scope: { categoryIds: ['tea'], not: { skus: ['SET-1'] } },
    channels: ['app'],
    stacking: { stackable: true, withPromotions: false },
    limits: { usesPerCustomer: 1 },
  })
  const names = {
    levels: { gold: { 'zh-CN': '黄金', en: 'gold' }, diamond: { 'zh-CN': '钻石', en: 'diamond' } },
    categories: { tea: { 'zh-CN': '茶叶', en: 'Tea' } },
    channels: { app: { 'zh-CN': 'App', en: 'the app' } },
  }

  it('say products and SKUs apart, where goods must be among both', () => {
    const both = offer('o', {
      benefit: { kind: 'amountOff', offMinor: 100 },
      scope: { productIds: ['TEA'], skus: ['TEA-50', 'TEA-100'] },
    })
    const words = renderOffer(both, 'en', {})
    expect(words).not.toContain('TEA, TEA-50')
    expect(words.match(/TEA-50/g)).toHaveLength(1)
  })

  it('say who, what, when, how much and how it combines, in Chinese', () => {
    expect(renderOffer(coupon, 'zh-CN', names).split('\n')).toEqual([
      '优惠：满¥300.00减¥50.00',
      '对象：黄金、钻石会员，仅限首单',
      '商品：限品类：茶叶，不含：SET-1',
      '时间：2026-11-01 00:00 至 2026-11-12 00:00（Asia/Shanghai），每周二、周六，10:00–22:00，领取后 7 天内有效',
      '条件：限App渠道',
      '叠加：可与同样可叠加的优惠券同用，不可与促销活动同享',
      '限制：共 1000 张，每人限领 2 张，凭券码领取，每人 1 次',
    ])
  })

  it('and in English', () => {
    expect(renderOffer(coupon, 'en', names).split('\n')).toEqual([
      'Offer: CN¥50.00 off when the goods come to CN¥300.00 or more',
      'For: Gold, diamond members, first order only',
      'Goods: Only the categories Tea, except SET-1',
      'When: 2026-11-01 00:00 to 2026-11-12 00:00 (Asia/Shanghai), on Tuesdays, Saturdays, 10:00 to 22:00, valid for 7 days from the claim',
      'Conditions: Only by the app',
      'Combining: Together with other coupons that say so too, not together with promotions',
      'Limits: Coupons in all: 1000, 2 for each customer, claimed with a code, uses for each customer: 1',
    ])
  })

  it('leave no place unfilled, whatever the offer asks for', () => {
    const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom('a', 'b', 'c') }), {
      minLength: 1,
      maxLength: 8,
    })
    const any = fc.record(
      {
        audience: fc.record({ levels: ids, firstOrder: fc.boolean(), birthday: fc.boolean() }, { requiredKeys: [] }),
        scope: fc.record({ skus: ids, brands: ids, not: fc.record({ categoryIds: ids }) }, { requiredKeys: [] }),
        channels: ids,
        paymentMethods: fc.uniqueArray(fc.constantFrom(...methodIds), { minLength: 1 }),
        stacking: fc.record({ exclusive: fc.boolean(), group: fc.constant('g') }, { requiredKeys: [] }),
        limits: fc.record({ uses: fc.nat({ max: 9 }), usesPerCustomer: fc.nat({ max: 9 }) }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(any, fc.constantFrom('zh-CN', 'en'), fc.boolean(), (changes, locale, asCoupon) => {
        const benefit = { kind: 'amountOff', offMinor: 100 } as const
        const made = asCoupon ? couponOffer('o', { benefit, ...changes }) : offer('o', { benefit, ...changes })
        const text = renderOffer(made, locale)
        expect(text).not.toMatch(/[{}]|undefined|NaN/)
        if (locale === 'en') expect(text).not.toMatch(/\p{Script=Han}/u)
      }),
    )
  })
})
