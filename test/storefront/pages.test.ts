import { describe, expect, it } from 'vitest'
import { categories } from '../../src/catalog/category.schema.js'
import { listCoupons } from '../../src/promotions/list-coupons.js'
import { publishOffers } from '../../src/promotions/publish-offers.js'
import { put } from '../../src/shared/commit.js'
import { memberCentre } from '../../src/storefront/member-centre.js'
import { productPage } from '../../src/storefront/product-page.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giftOffer,
  giveCoupon,
  givePoints,
  openShop,
  pay,
  place,
  value,
} from '../orders/open-shop.js'

describe('the product page', () => {
  it('shows stock, offers and return terms in one read', async () => {
    const scoped = { ...giftOffer, offerId: 'mugs-only', scope: { productIds: ['p-mug'] } }
    const barred = { ...giftOffer, offerId: 'not-kettles', scope: { not: { skus: ['kettle'] } } }
    const shop = await openShop({ offers: [couponOffer, scoped, barred], stock: { kettle: 4 } })
    Object.assign(shop.counts, { reads: 0 })
    const page = value(await productPage(shop, by('ann'), { productId: 'p-kettle' }))
    expect(shop.counts.reads).toBe(1)
    expect(page.stock).toEqual([{ sku: 'kettle', available: 4 }])
    expect(page.offers.map(({ offerId }) => offerId)).toEqual(['twenty-off'])
    expect(page.returns).toEqual({ noReasonDays: 7, faultDays: 15, ground: null })
    expect((await productPage(shop, by('ann'), { productId: 'p-none' }))._unsafeUnwrapErr()).toMatchObject({
      type: 'NotFound',
    })
  })
})

describe('the member centre', () => {
  it('says the rules of coupons in words, with the names of levels and categories', async () => {
    const scope = { categoryIds: ['home'], not: { categoryIds: ['fresh'] } }
    const shop = await openShop({ offers: [{ ...couponOffer, scope, audience: { levels: ['gold'] } }] })
    const named = (categoryId: string, en: string, zh: string) =>
      put(categories, {
        id: categoryId,
        version: 0,
        state: {
          categoryId,
          parentId: null,
          ancestorIds: [],
          name: { en, 'zh-CN': zh },
          slug: categoryId,
          position: 0,
          requiredAttributes: [],
          status: 'settled',
        },
      })
    await commit(shop, [named('home', 'Household', '家居'), named('fresh', 'Fresh food', '生鲜')])
    await giveCoupon(shop, 'ann')
    // Once with the offers read beside the coupons, once with those that are kept in process.
    for (const _ of [1, 2]) {
      const [coupon] = value(await memberCentre(shop, by('ann'))).coupons
      expect(coupon?.rules?.['zh-CN'].slice(0, 3).map(({ text }) => text)).toEqual([
        '满¥100.00（按其他优惠后的金额计算），减¥20.00',
        '金卡会员',
        '限品类：家居，不含：生鲜',
      ])
      expect(coupon?.rules?.en[2]?.text).toBe('Only the categories Household, except Fresh food')
    }
    expect(value(await listCoupons(shop, by('ann'), { limit: 1 })).coupons[0]?.rules?.en[2]?.text).toBe(
      'Only the categories Household, except Fresh food',
    )
    value(await publishOffers(shop, byStaff(), { expectedRevision: 1, offers: [] }))
    expect(value(await memberCentre(shop, by('ann'))).coupons).toMatchObject([{ title: null, rules: null }])
  })

  it('shows a member their own points, coupons and orders', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    await givePoints(shop, 'ann', 300)
    const couponId = await giveCoupon(shop, 'ann')
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    expect(value(await memberCentre(shop, by('ann')))).toMatchObject({
      points: 300,
      // One point for every whole yuan of 129.00.
      pointsToCome: 129,
      pointsDebt: 0,
      coupons: [{ couponId }],
      orders: { awaitingShipment: 1 },
    })
    expect(value(await memberCentre(shop, by('eve')))).toMatchObject({ points: 0, coupons: [], orders: {} })
  })
})
