import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { untouchedLine } from '../../../src/orders/order-pieces.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { isAllBack } from '../../../src/orders/refunds/uses-back.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { offerUses } from '../../../src/promotions/limits.js'
import type { Offer } from '../../../src/promotions/offer.js'
import { counters, row } from '../../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree } from '../books-of.js'
import { openEditShop, orderOf } from '../editing/open-edit-shop.js'
import { openUnpaidShop, orderUnpaid, placeAnew } from '../on-delivery/on-delivery-shop.js'
import {
  by,
  byStaff,
  couponOffer,
  fillCart,
  giveCoupon,
  offer,
  pay,
  place,
  type TestShop,
  value,
} from '../open-shop.js'
import { place as placedSample } from '../order-samples.js'
import { openMall } from '../placing/open-mall.js'

/** Kettles at 99.00, one for a customer and two in all. */
const flash: Offer = offer({
  offerId: 'flash',
  stage: 'line',
  form: { kind: 'promotion' },
  scope: { productIds: ['p-kettle'] },
  benefit: { kind: 'fixedPrice', unitMinor: 9_900 },
  limits: { uses: 2, usesPerCustomer: 1 },
})

/** 20.00 off kettles, once for each customer. */
const onKettles: Offer = {
  ...couponOffer,
  scope: { productIds: ['p-kettle'] },
  limits: { uses: 5, usesPerCustomer: 1 },
}

/** How often an offer was used: in all, and by ann. */
const usesOf = async (shop: TestShop, { offerId }: Pick<Offer, 'offerId'>) => {
  const moved = await ask(shop, counters(offerUses, [offerId, `${offerId}@ann`]))
  return [moved.get(offerId), moved.get(`${offerId}@ann`)].map((count) => Math.abs(count ?? 0))
}

const receive = async (shop: TestShop, orderId: string): Promise<void> => {
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: `SF-${orderId}` }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
}

const giveBack = async (shop: TestShop, orderId: string, lineId: string, quantity = 1) =>
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: [{ lineId, quantity }] }))

describe('the uses that an order counted', () => {
  it('come back with an order that was paid and is given up, and are another’s then', async () => {
    const shop = await openEditShop({ offers: [flash] })
    for (const buyer of ['ann', 'bob']) {
      const { orderId, payableMinor } = await placeAnew(shop, buyer, [['kettle', 1]])
      expect(payableMinor).toBe(9_900 + 800)
      await pay(shop, buyer, orderId)
      if (buyer === 'ann') value(await cancelOrder(shop, by(buyer), { orderId }))
      expect(await usesOf(shop, flash)).toEqual(buyer === 'ann' ? [0, 0] : [1, 0])
    }
    expect((await placeAnew(shop, 'ann', [['kettle', 1]])).payableMinor).toBe(9_900 + 800)
    expect(await usesOf(shop, flash)).toEqual([2, 1])
    await expectBooksToAgree(shop)
  })

  it('are not used up by orders on delivery that are cancelled, however many', async () => {
    const shop = await openUnpaidShop({ offers: [flash] })
    for (let times = 0; times < 3; times += 1) {
      const { orderId, payableMinor } = await orderUnpaid(shop, 'ann', [['kettle', 1]])
      expect([payableMinor, await usesOf(shop, flash)]).toEqual([9_900 + 800, [1, 1]])
      value(await cancelOrder(shop, by('ann'), { orderId }))
      expect(await usesOf(shop, flash)).toEqual([0, 0])
    }
  })

  it('come back with the last of its pieces, not before and once', async () => {
    const shop = await openEditShop({ offers: [flash] })
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 2],
    ])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    await receive(shop, orderId)
    const uses: unknown[] = []
    for (const lineId of ['kettle-1', 'lamp-2', 'lamp-2']) {
      await giveBack(shop, orderId, lineId)
      uses.push(await usesOf(shop, flash))
    }
    expect(uses).toEqual([
      [1, 1],
      [1, 1],
      [0, 0],
    ])
    expect((await orderOf(shop, orderId))?.details.offerUseIds).toEqual([])
    await expectBooksToAgree(shop)
  })
})

describe('the use of a coupon', () => {
  it('comes back with the coupon, which is worth its discount again, and not once more with the rest', async () => {
    const shop = await openEditShop({ offers: [onKettles] })
    await fillCart(
      shop,
      'ann',
      [
        ['kettle', 1],
        ['lamp', 1],
      ],
      [await giveCoupon(shop, 'ann')],
    )
    const { orderId, payableMinor } = await place(shop, 'ann')
    expect(payableMinor).toBe(12_900 - 2_000 + 5_900 + 800)
    await pay(shop, 'ann', orderId)
    await receive(shop, orderId)
    expect(await usesOf(shop, onKettles)).toEqual([1, 1])
    await giveBack(shop, orderId, 'kettle-1')
    expect(await usesOf(shop, onKettles)).toEqual([0, 0])
    const again = await placeAnew(shop, 'ann', [['kettle', 1]], { couponIds: ['c-ann'] })
    expect(again.payableMinor).toBe(12_900 - 2_000 + 800)
    await giveBack(shop, orderId, 'lamp-2')
    expect(await usesOf(shop, onKettles)).toEqual([1, 1])
    expect((await ask(shop, row(coupons, 'c-ann')))?.state.status).toBe('locked')
    await expectBooksToAgree(shop)
  })
})

describe('the uses that a divided checkout counted', () => {
  it('come back with the last of its orders, those of a coupon with the last that shares it, each once', async () => {
    const cheap: Offer = {
      ...flash,
      limits: { uses: 1 },
      scope: { productIds: ['p-mug'] },
      benefit: { kind: 'fixedPrice', unitMinor: 900 },
    }
    const shared: Offer = {
      ...couponOffer,
      scope: { productIds: ['p-kettle', 'p-lamp'] },
      limits: { usesPerCustomer: 1 },
    }
    const shop = {
      ...(await openMall({ offers: [cheap, shared] })),
      digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
    }
    await fillCart(
      shop,
      'ann',
      [
        ['kettle', 1],
        ['lamp', 1],
        ['mug', 1],
      ],
      [await giveCoupon(shop, 'ann')],
    )
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const { orders } = await booksOf(shop)
    const partOf = (lineId: string) =>
      orders.find(({ id, state }) => id !== orderId && state.lines.some((line) => line.lineId === lineId))?.id ?? ''
    const counted = async () => [(await usesOf(shop, cheap))[0], (await usesOf(shop, shared))[1]]
    const uses = [await counted()]
    for (const lineId of ['mug-3', 'kettle-1', 'lamp-2']) {
      value(await cancelOrder(shop, by('ann'), { orderId: partOf(lineId) }))
      uses.push(await counted())
    }
    expect(uses).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [0, 0],
    ])
    await expectBooksToAgree(shop)
  })
})

it('an order of nothing but gifts is given back once they are, and one with goods once these are', () => {
  const line = (gift: boolean, refundedQuantity: number) => ({
    ...untouchedLine({ ...placedSample.facts.lines[0]!, gift, quantity: 1 }),
    refundedQuantity,
  })
  expect(isAllBack({ lines: [line(true, 0)] })).toBe(false)
  expect(isAllBack({ lines: [line(true, 1)] })).toBe(true)
  expect(isAllBack({ lines: [line(false, 1), line(true, 0)] })).toBe(true)
  expect(isAllBack({ lines: [line(false, 0), line(true, 1)] })).toBe(false)
})
