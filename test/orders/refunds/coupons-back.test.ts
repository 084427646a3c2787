import { describe, expect, it } from 'vitest'
import { previewReturn } from '../../../src/aftersales/preview-return.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { replayPrice } from '../../../src/orders/price-record/replay-price.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { closeUnpaidOrders } from '../../../src/orders/sweep-orders.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { offerUses } from '../../../src/promotions/limits.js'
import type { Offer } from '../../../src/promotions/offer.js'
import { put, removeRow } from '../../../src/shared/commit.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { counters, row, rows } from '../../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giveCoupon,
  openShop,
  pay,
  place,
  recipient,
  type TestShop,
  value,
} from '../open-shop.js'

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

describe('a coupon for a gift that has run out', () => {
  it('is not used, nor are the uses of its offer counted, and the buyer hears of it', async () => {
    const limited = { ...bag, limits: { usesPerCustomer: 1 } }
    const promotion: Offer = { ...limited, offerId: 'bag-for-all', stage: 'platform', form: { kind: 'promotion' } }
    for (const offer of [limited, promotion]) {
      const shop = await openShop({ offers: [offer], stock: { bag: 0 } })
      await fillCart(shop, 'ann', [['kettle', 2]], [await giveCoupon(shop, 'ann')])
      const placed = await place(shop, 'ann')
      expect(placed.missingGifts).toEqual([{ offerId: offer.offerId, sku: 'bag', quantity: 1 }])
      await pay(shop, 'ann', placed.orderId)
      expect(await statusOf(shop)).toBe('claimed')
      expect(await ask(shop, counters(offerUses, [`${offer.offerId}@ann`]))).toEqual(new Map())
    }
  })

  it('gives way to one for a gift that is there', async () => {
    const lamp = couponFor({ benefit: { kind: 'gift', sku: 'lamp', pieces: 1, unitValueMinor: 900 } })
    const dearer = { ...bag, offerId: 'dearer', benefit: { ...bag.benefit, unitValueMinor: 5_900 } } as Offer
    const shop = await openShop({ offers: [lamp, dearer], stock: { bag: 0 } })
    const held = (await ask(shop, row(coupons, await giveCoupon(shop, 'ann'))))!.state
    await commit(shop, [
      put(coupons, { id: 'c-dearer', version: 0, state: { ...held, couponId: 'c-dearer', offerId: 'dearer' } }),
    ])
    await fillCart(shop, 'ann', [['kettle', 2]], ['c-ann', 'c-dearer'])
    const previewed = value(
      await previewOrder(shop, by('ann'), { shippingMethodId: 'standard', region: recipient.region }),
    )
    expect(previewed.missingGifts).toEqual([{ offerId: 'dearer', sku: 'bag', quantity: 1 }])
    expect(previewed.price.trace.find(({ couponId }) => couponId === 'c-dearer')?.outcome).toEqual({
      kind: 'rejected',
      reason: { type: 'GiftRunOut' },
    })
    await place(shop, 'ann')
    expect((await ask(shop, rows(coupons, ['c-ann', 'c-dearer']))).map(({ state }) => state.status)).toEqual([
      'locked',
      'claimed',
    ])
  })
})

describe('a promotion for a gift that has run out', () => {
  it('shuts out none whose gift is there, and the price that was made without it is made again', async () => {
    const promotion = (offerId: string, sku: string, unitValueMinor: number): Offer => ({
      ...bag,
      offerId,
      stage: 'platform',
      form: { kind: 'promotion' },
      stacking: { stackable: false },
      benefit: { kind: 'gift', sku, pieces: 1, unitValueMinor },
    })
    const shop = await openShop({
      offers: [promotion('dearer', 'bag', 5_900), promotion('lamp', 'lamp', 900)],
      stock: { bag: 0 },
    })
    await fillCart(shop, 'ann', [['kettle', 2]])
    const choice = { shippingMethodId: 'standard', region: recipient.region }
    const { price, missingGifts } = value(await previewOrder(shop, by('ann'), choice))
    expect(price.gifts).toMatchObject([{ offerId: 'lamp', sku: 'lamp' }])
    expect(missingGifts).toEqual([{ offerId: 'dearer', sku: 'bag', quantity: 1 }])
    expect(price.trace.filter(({ offerId }) => offerId === 'dearer').map(({ outcome }) => outcome)).toEqual([
      { kind: 'rejected', reason: { type: 'GiftRunOut' } },
    ])
    const { orderId } = await place(shop, 'ann')
    expect(value(await replayPrice(shop, byStaff(), { orderId })).identical).toBe(true)
  })
})

describe('a coupon that is there no more', () => {
  const openWithout = async () => {
    const shop = await openShop({ offers: [couponOffer] })
    await fillCart(shop, 'ann', [['kettle', 3]], [await giveCoupon(shop, 'ann')])
    const { orderId } = await place(shop, 'ann')
    const taken = await ask(shop, row(coupons, 'c-ann'))
    await commit(shop, [removeRow(coupons, { id: 'c-ann', version: taken?.version ?? 0 })])
    return { shop, orderId }
  }
  const stateOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state.status

  it('keeps an order that took it from neither being paid nor given back', async () => {
    const { shop, orderId } = await openWithout()
    expect((await pay(shop, 'ann', orderId)).orderStatus).toBe('paid')
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelled')
    expect(await statusOf(shop)).toBeUndefined()
    await expectBooksToAgree(shop)
  })

  it('keeps an order that took it neither open nor its stock away', async () => {
    const { shop } = await openWithout()
    shop.pass(30 * minutesMs)
    expect(value(await closeUnpaidOrders(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    expect([await stateOf(shop), await freeOf(shop, 'kettle')]).toEqual(['closed', 100])
    await expectBooksToAgree(shop)
  })
})

describe('two coupons of an offer that a customer may use once', () => {
  it('are no hindrance: one is used, and the other stays', async () => {
    const once = couponFor({
      benefit: { kind: 'amountOff', offMinor: 500 },
      stacking: { stackable: true },
      limits: { usesPerCustomer: 1 },
    })
    const shop = await openShop({ offers: [once] })
    const both = [await giveCoupon(shop, 'ann', 'c1'), await giveCoupon(shop, 'ann', 'c2')]
    await fillCart(shop, 'ann', [['kettle', 1]], both)
    const { payableMinor } = await place(shop, 'ann')
    expect(payableMinor).toBe(12_900 - 500 + 800)
    expect((await ask(shop, rows(coupons, both))).map(({ state }) => state.status)).toEqual(['locked', 'claimed'])
  })
})

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
