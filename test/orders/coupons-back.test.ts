import { describe, expect, it } from 'vitest'
import { previewReturn } from '../../src/aftersales/preview-return.js'
import { confirmReceipt } from '../../src/orders/complete-order.js'
import { refundOrder } from '../../src/orders/refund-order.js'
import { shipOrder } from '../../src/orders/ship-order.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import type { Offer } from '../../src/promotions/offer.js'
import { row } from '../../src/shared/read-plan.js'
import { ask } from './books-of.js'
import {
  by,
  byStaff,
  couponOffer,
  fillCart,
  giveCoupon,
  openShop,
  pay,
  place,
  type TestShop,
  value,
} from './open-shop.js'

/** A coupon under the name of the one that `giveCoupon` hands out, with another benefit. */
const couponFor = (changes: Pick<Offer, 'benefit'> & Partial<Offer>): Offer => {
  const { threshold: _, ...rest } = couponOffer
  return { ...rest, ...changes }
}

const bag = couponFor({ benefit: { kind: 'gift', sku: 'bag', pieces: 1, unitValueMinor: 900 } })
const carriage = (upToMinor: number) =>
  couponFor({ stage: 'shippingCoupon', benefit: { kind: 'freeShipping', upToMinor } })

const buyThree = async (shop: TestShop): Promise<string> => {
  await fillCart(shop, 'ann', [['kettle', 3]], [await giveCoupon(shop, 'ann')])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  return orderId
}

const refund = async (shop: TestShop, orderId: string, quantity: number) =>
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: [{ lineId: 'kettle-1', quantity }] }))

const statusOf = async (shop: TestShop) => (await ask(shop, row(coupons, 'c-ann')))?.state.status

describe('a coupon that took nothing off the goods', () => {
  for (const [brought, offer] of [
    ['a gift', bag],
    ['all of the carriage', carriage(800)],
    ['a part of the carriage', carriage(300)],
  ] as const) {
    it(`and brought ${brought} comes back with the last piece of the order, and not before`, async () => {
      const shop = await openShop({ offers: [offer] })
      const orderId = await buyThree(shop)
      const asked = (quantity: number) =>
        previewReturn(shop, by('ann'), {
          orderId,
          kind: 'returnAndRefund',
          reason: 'noReason',
          lines: [{ lineId: 'kettle-1', quantity }],
        })
      expect(value(await asked(1)).couponIds).toEqual([])
      expect(value(await asked(3)).couponIds).toEqual(['c-ann'])
      await refund(shop, orderId, 1)
      expect(await statusOf(shop)).toBe('used')
      await refund(shop, orderId, 2)
      expect(await statusOf(shop)).toBe('claimed')
    })
  }
})
