import { describe, expect, it } from 'vitest'
import { memberCentre } from '../../src/storefront/member-centre.js'
import { productPage } from '../../src/storefront/product-page.js'
import {
  by,
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
