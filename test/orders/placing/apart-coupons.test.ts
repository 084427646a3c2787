import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { previewReturn } from '../../../src/aftersales/preview-return.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { rows } from '../../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree } from '../books-of.js'
import {
  by,
  byStaff,
  couponOffer,
  fillCart,
  giveCoupon,
  pay,
  place,
  type Sku,
  type TestShop,
  value,
} from '../open-shop.js'
import { openMall, settlement } from './open-mall.js'

// Bags are in neither.
const scope = { productIds: ['p-kettle', 'p-lamp'] }
const stackable = { ...couponOffer, scope, stacking: { stackable: true } }
const other = { ...stackable, offerId: 'ten-off', benefit: { kind: 'amountOff', offMinor: 1_000 } } as const

/** A kettle and a lamp of two merchants, paid with two coupons that both orders share. */
const buyWithTwo = async (shop: TestShop, more: readonly [Sku, number][] = []) => {
  const couponIds = [await giveCoupon(shop, 'ann', 'c-twenty'), await giveCoupon(shop, 'ann', 'c-ten', other)]
  await fillCart(shop, 'ann', [['kettle', 1], ['lamp', 1], ...more], couponIds)
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  const pageOf = async (id: string) => value(await orderPage(shop, byStaff(), { orderId: id }))
  const parts = await Promise.all((await pageOf(orderId)).orderIds.map(pageOf))
  const { orders } = await booksOf(shop)
  expect(orders.map(({ state }) => state.couponIds.length)).toEqual([2, 2, 2])
  const orderOf = (sku: string) => parts.find(({ lines }) => lines.some((line) => line.sku === sku))?.orderId ?? ''
  const states = async () => (await ask(shop, rows(coupons, couponIds))).map(({ state }) => state.status)
  return { kettle: orderOf('kettle'), lamp: orderOf('lamp'), states }
}

const openTwo = async (): Promise<TestShop> => ({
  ...(await openMall({ offers: [stackable, other] }, { settlement })),
  digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
})

describe('two coupons that the orders of a divided checkout share', () => {
  it('hold up no cancelling, and are the buyer’s again with the last of them', async () => {
    const shop = await openTwo()
    const { kettle, lamp, states } = await buyWithTwo(shop)
    expect(value(await cancelOrder(shop, by('ann'), { orderId: kettle })).status).toBe('cancelled')
    expect(await states()).toEqual(['used', 'used'])
    expect(value(await cancelOrder(shop, by('ann'), { orderId: lamp })).status).toBe('cancelled')
    expect(await states()).toEqual(['claimed', 'claimed'])
    await expectBooksToAgree(shop)
  })

  it('are not promised back by a change of one of them', async () => {
    const shop = await openTwo()
    const { kettle, states } = await buyWithTwo(shop, [['bag', 1]])
    const change = { orderId: kettle, lines: [{ lineId: 'kettle-1', quantity: 0 }] }
    const { hash, couponIdsFreed } = value(await previewEdit(shop, by('ann'), change))
    expect(couponIdsFreed).toEqual([])
    expect(value(await applyEdit(shop, by('ann'), { ...change, hash })).couponIdsFreed).toEqual([])
    expect(await states()).toEqual(['used', 'used'])
  })

  it('are not promised back by a return of one of them, and are by a return of the last', async () => {
    const shop = await openTwo()
    const { kettle, lamp, states } = await buyWithTwo(shop)
    for (const [orderId, lineId, freed] of [
      [kettle, 'kettle-1', []],
      [lamp, 'lamp-2', ['c-ten', 'c-twenty']],
    ] as const) {
      value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: `SF-${orderId}` }))
      value(await confirmReceipt(shop, by('ann'), { orderId }))
      const lines = [{ lineId, quantity: 1 }]
      const asked = { orderId, kind: 'refundOnly', reason: 'notReceived', lines } as const
      expect(value(await previewReturn(shop, by('ann'), asked)).couponIds).toEqual(freed)
      value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines, withShipping: true }))
    }
    expect(await states()).toEqual(['claimed', 'claimed'])
  })
})
