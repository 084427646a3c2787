import { describe, expect, it } from 'vitest'
import { addLine } from '../../../src/cart/add-line.js'
import { purchases } from '../../../src/cart/purchases.js'
import { setQuantity } from '../../../src/cart/set-quantity.js'
import { viewCart } from '../../../src/cart/view-cart.js'
import { products } from '../../../src/catalog/product.schema.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { closeUnpaidOrders } from '../../../src/orders/sweep-orders.js'
import { put } from '../../../src/shared/commit.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { counters, row } from '../../../src/shared/read-plan.js'
import { ask, expectBooksToAgree, freeOf } from '../books-of.js'
import { edit, openEditShop } from '../editing/open-edit-shop.js'
import { openUnpaidShop, orderUnpaid, send } from '../on-delivery/on-delivery-shop.js'
import {
  by,
  byStaff,
  commit,
  fillCart,
  insist,
  openShop,
  pay,
  place,
  recipient,
  type TestShop,
  value,
} from '../open-shop.js'

/** A shop that sells one person at most three kettles. */
const openLimitedShop = () => openShop({ perPerson: { kettle: 3 } })

const boughtBy = async (shop: TestShop, accountId: string) =>
  0 - ((await ask(shop, counters(purchases, [`p-kettle@${accountId}`]))).get(`p-kettle@${accountId}`) ?? 0)

const kettles = (quantity: number) => [{ lineId: 'kettle-1', quantity }]

const limitKettles = async (shop: TestShop, perPersonLimit: number) => {
  const stored = (await ask(shop, row(products, 'p-kettle')))!
  const { id, version, state } = stored
  await commit(shop, [put(products, { id, version, state: { ...state, perPersonLimit } })])
}

const order = (expectedTotalMinor: number) => ({ shippingMethodId: 'standard', recipient, expectedTotalMinor })
const refusal = (requested: number, remaining: number) => ({
  type: 'PersonLimitExceeded',
  productId: 'p-kettle',
  requested,
  remaining,
})

describe('what one person may buy of a product', () => {
  it('counts what was ordered before, in the cart, in the preview and in the order', async () => {
    const shop = await openLimitedShop()
    await fillCart(shop, 'ann', [['kettle', 2]])
    await place(shop, 'ann')
    expect(await boughtBy(shop, 'ann')).toBe(2)

    const item = { productId: 'p-kettle', sku: 'kettle' }
    const tooMany = await addLine(shop, by('ann'), { ...item, quantity: 2 })
    expect(tooMany._unsafeUnwrapErr()).toEqual(refusal(2, 1))
    value(await addLine(shop, by('ann'), { ...item, quantity: 1 }))
    const lineId = (await openLines(shop, 'ann'))[0] ?? ''
    expect((await setQuantity(shop, by('ann'), { lineId, quantity: 2 }))._unsafeUnwrapErr()).toEqual(refusal(2, 1))
    await place(shop, 'ann')
    expect(await boughtBy(shop, 'ann')).toBe(3)
    expect((await addLine(shop, by('ann'), { ...item, quantity: 1 }))._unsafeUnwrapErr()).toEqual(refusal(1, 0))
    // Another person has a limit of their own.
    value(await addLine(shop, by('bob'), { ...item, quantity: 3 }))
  })

  it('refuses a cart that was filled before, over all lines of the product', async () => {
    const shop = await openLimitedShop()
    await fillCart(shop, 'ann', [
      ['kettle', 2],
      ['kettle', 2],
    ])
    const seen = await previewOrder(shop, by('ann'), { shippingMethodId: 'standard', region: recipient.region })
    expect(seen._unsafeUnwrapErr()).toEqual(refusal(4, 3))
    expect((await placeOrder(shop, by('ann'), order(52_400)))._unsafeUnwrapErr()).toEqual(refusal(4, 3))
    expect(await freeOf(shop, 'kettle')).toBe(100)
  })

  it('is given back when the order ends unpaid, is cancelled, or pieces come back', async () => {
    const shop = await openLimitedShop()
    await fillCart(shop, 'ann', [['kettle', 3]])
    await place(shop, 'ann')
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 9 }))
    expect(await boughtBy(shop, 'ann')).toBe(0)

    await fillCart(shop, 'bob', [['kettle', 3]])
    const { orderId } = await place(shop, 'bob')
    await pay(shop, 'bob', orderId)
    value(await cancelOrder(shop, by('bob'), { orderId }))
    expect(await boughtBy(shop, 'bob')).toBe(0)

    await fillCart(shop, 'eve', [['kettle', 3]])
    const kept = (await place(shop, 'eve')).orderId
    await pay(shop, 'eve', kept)
    value(await shipOrder(shop, byStaff(), { orderId: kept, carrier: 'sf-express', trackingNumber: 'SF1' }))
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    value(await refundOrder(shop, byStaff(), { orderId: kept, reason: 'goodwill', lines }))
    expect(await boughtBy(shop, 'eve')).toBe(3)
    value(await refundOrder(shop, byStaff(), { orderId: kept, reason: 'returned', lines }))
    expect(await boughtBy(shop, 'eve')).toBe(2)
    await expectBooksToAgree(shop)
  })

  it('is given back whole by a cancellation, also of pieces that money was given for before', async () => {
    const shop = await openLimitedShop()
    await fillCart(shop, 'ann', [['kettle', 3]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: kettles(3), withShipping: true }))
    expect(await boughtBy(shop, 'ann')).toBe(3)
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await boughtBy(shop, 'ann')).toBe(0)
    await expectBooksToAgree(shop)

    // The same where nobody accepts what was to be paid on delivery.
    const unpaid = await openUnpaidShop({ perPerson: { kettle: 3 } })
    const order = await orderUnpaid(unpaid, 'bob', [['kettle', 2]])
    const { parcelId } = await send(unpaid, order.orderId)
    value(await refundOrder(unpaid, byStaff(), { orderId: order.orderId, reason: 'goodwill', lines: kettles(1) }))
    expect(await boughtBy(unpaid, 'bob')).toBe(2)
    expect(value(await recordParcelReturn(unpaid, byStaff(), { parcelId })).orderStatus).toBe('cancelled')
    expect(await boughtBy(unpaid, 'bob')).toBe(0)
    await expectBooksToAgree(unpaid)
  })

  it('counts all pieces of an order as more are added, where it is said only after the order was placed', async () => {
    for (const paid of [false, true]) {
      const shop = await openEditShop()
      await fillCart(shop, 'ann', [['kettle', 2]])
      const { orderId } = await place(shop, 'ann')
      if (paid) await pay(shop, 'ann', orderId)
      await limitKettles(shop, 3)
      const wanted = (quantity: number) => ({ orderId, lines: kettles(quantity) })
      for (const who of [by('ann'), byStaff()]) {
        expect((await previewEdit(shop, who, wanted(4)))._unsafeUnwrapErr()).toEqual(refusal(4, 3))
      }
      expect(await boughtBy(shop, 'ann')).toBe(0)
      await edit(shop, 'ann', wanted(3))
      expect(await boughtBy(shop, 'ann')).toBe(3)
      const item = { productId: 'p-kettle', sku: 'kettle' }
      expect((await addLine(shop, by('ann'), { ...item, quantity: 1 }))._unsafeUnwrapErr()).toEqual(refusal(1, 0))
      if (paid) {
        // Not paid in time, the piece more is not bought; the others are.
        shop.pass(30 * minutesMs)
        value(await closeUnpaidOrders(shop, { limit: 9 }))
        expect(await boughtBy(shop, 'ann')).toBe(2)
        await edit(shop, 'ann', wanted(3))
        await pay(shop, 'ann', orderId)
        expect(await boughtBy(shop, 'ann')).toBe(3)
        await edit(shop, 'ann', wanted(1))
        expect(await boughtBy(shop, 'ann')).toBe(1)
      }
      value(await cancelOrder(shop, by('ann'), { orderId }))
      expect(await boughtBy(shop, 'ann')).toBe(0)
      await expectBooksToAgree(shop)
    }
  })

  it('holds from two devices at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const shop = await openLimitedShop()
      await fillCart(shop, 'ann', [
        ['kettle', 2],
        ['kettle', 2],
      ])
      const answers = await Promise.all(
        ['kettle-1', 'kettle-2'].map((lineId) => {
          const context = by('ann')
          return insist(() => placeOrder(shop, context, { ...order(26_600), lineIds: [lineId] }))
        }),
      )
      expect(answers.filter((answer) => 'orderId' in answer)).toHaveLength(1)
      expect(answers.flatMap((answer) => ('type' in answer ? [answer] : []))).toEqual([refusal(2, 1)])
      expect(await boughtBy(shop, 'ann')).toBe(2)
      await expectBooksToAgree(shop)
    }
  })
})

const openLines = async (shop: TestShop, accountId: string): Promise<readonly string[]> =>
  value(await viewCart(shop, { actor: { kind: 'customer', accountId } })).lines.map(({ lineId }) => lineId)
