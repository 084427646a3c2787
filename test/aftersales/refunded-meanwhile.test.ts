import { describe, expect, it } from 'vitest'
import { previewReturn } from '../../src/aftersales/preview-return.js'
import { receiveReturn } from '../../src/aftersales/receive-return.js'
import { refundReturn } from '../../src/aftersales/refund-return.js'
import { requestReturn } from '../../src/aftersales/request-return.js'
import { approveReturn, cancelReturn } from '../../src/aftersales/review-return.js'
import { confirmReceipt } from '../../src/orders/parcels/complete-order.js'
import { recordLoss, recordParcelReturn } from '../../src/orders/parcels/move-parcel.js'
import type { ReturnReason } from '../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { advanceOrders, settleRefunds } from '../../src/orders/sweep-orders.js'
import { daysMs } from '../../src/shared/instant.js'
import { booksOf, expectBooksToAgree, freeOf } from '../orders/books-of.js'
import { send } from '../orders/on-delivery/on-delivery-shop.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../orders/open-shop.js'

const kettles = (quantity: number) => [{ lineId: 'kettle-1', quantity }]
const found = (quantity: number) => [
  { lineId: 'kettle-1', receivedQuantity: quantity, acceptedQuantity: quantity, restockQuantity: quantity },
]

/** Ann's paid order of three kettles, 3 x 129.00 and carriage 8.00. */
const buyThree = async (shop: TestShop): Promise<string> => {
  await fillCart(shop, 'ann', [['kettle', 3]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return orderId
}

const askBack = (shop: TestShop, orderId: string, quantity: number, reason: ReturnReason = 'quality') =>
  requestReturn(shop, by('ann'), { orderId, kind: 'returnAndRefund', reason, lines: kettles(quantity) })

/** A return of two of three kettles, that were looked at and are owed. */
const inspected = async (shop: TestShop) => {
  const orderId = await buyThree(shop)
  await send(shop, orderId)
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  const { returnId } = value(await askBack(shop, orderId, 2))
  value(await approveReturn(shop, byStaff(), { returnId }))
  value(await receiveReturn(shop, byStaff(), { returnId, lines: found(2) }))
  return { orderId, returnId }
}

const stateOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]!.state

/** Whatever became of a return, its order comes to its end. */
const expectComplete = async (shop: TestShop, cashMinor: number) => {
  shop.pass(60 * daysMs)
  value(await settleRefunds(shop, { limit: 9 }))
  expect(value(await advanceOrders(shop, { limit: 9 })).failed).toEqual([])
  const { status, openReturnIds, refunds } = await stateOf(shop)
  expect([status, openReturnIds]).toEqual(['completed', []])
  expect(refunds.reduce((sum, each) => sum + each.cashMinor, 0)).toBe(cashMinor)
  await expectBooksToAgree(shop)
}

describe('a return of which money went back otherwise meanwhile', () => {
  it('gives back what is left of it', async () => {
    const shop = await openShop()
    const { orderId, returnId } = await inspected(shop)
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: kettles(2) }))
    // The last piece goes back with the carriage: the shop is at fault.
    expect(value(await refundReturn(shop, byStaff(), { returnId })).cashMinor).toBe(13_700)
    await expectComplete(shop, 3 * 12_900 + 800)
  })

  it('is closed where nothing is left of it, and holds its order no longer', async () => {
    const shop = await openShop()
    const { orderId, returnId } = await inspected(shop)
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: kettles(3) }))
    const refunds = (await stateOf(shop)).refunds.length
    expect(value(await refundReturn(shop, byStaff(), { returnId }))).toMatchObject({
      returnId,
      orderId,
      cashMinor: 0,
      points: 0,
    })
    expect((await stateOf(shop)).refunds).toHaveLength(refunds)
    expect((await refundReturn(shop, byStaff(), { returnId }))._unsafeUnwrapErr()).toMatchObject({
      type: 'ReturnStateForbids',
      status: 'closed',
    })
    await expectComplete(shop, 3 * 12_900)
  })
})

describe('a return of goods that came back with their parcel', () => {
  it('is received and refunded, and what came back is in the stock once', async () => {
    const shop = await openShop()
    const orderId = await buyThree(shop)
    const { parcelId } = await send(shop, orderId)
    shop.pass(10 * daysMs)
    value(await advanceOrders(shop, { limit: 9 }))
    expect((await stateOf(shop)).status).toBe('signed')
    value(await recordParcelReturn(shop, byStaff(), { parcelId, scrapped: kettles(1) }))
    expect(await freeOf(shop, 'kettle')).toBe(99)
    const { returnId } = value(await askBack(shop, orderId, 2))
    value(await approveReturn(shop, byStaff(), { returnId }))
    expect(value(await receiveReturn(shop, byStaff(), { returnId, lines: found(2) })).status).toBe('inspected')
    expect(await freeOf(shop, 'kettle')).toBe(99)
    expect(value(await refundReturn(shop, byStaff(), { returnId })).cashMinor).toBe(25_800)
    await expectComplete(shop, 25_800)
  })

  it('brings to the stock what is still out, where only one parcel of several came back', async () => {
    const shop = await openShop()
    const orderId = await buyThree(shop)
    const first = await send(shop, orderId, kettles(1))
    await send(shop, orderId)
    shop.pass(10 * daysMs)
    value(await advanceOrders(shop, { limit: 9 }))
    value(await recordParcelReturn(shop, byStaff(), { parcelId: first.parcelId }))
    expect(await freeOf(shop, 'kettle')).toBe(98)
    const { returnId } = value(await askBack(shop, orderId, 3))
    value(await approveReturn(shop, byStaff(), { returnId }))
    value(await receiveReturn(shop, byStaff(), { returnId, lines: found(3) }))
    expect(await freeOf(shop, 'kettle')).toBe(100)
    value(await refundReturn(shop, byStaff(), { returnId }))
    await expectComplete(shop, 3 * 12_900 + 800)
  })
})

describe('an order of which nothing arrived, with a return that is open', () => {
  it('is cancelled once that is over, and does not complete', async () => {
    const shop = await openShop()
    const orderId = await buyThree(shop)
    const { parcelId } = await send(shop, orderId)
    const asked = { orderId, kind: 'refundOnly', reason: 'notReceived', lines: kettles(3) } as const
    const { returnId } = value(await requestReturn(shop, by('ann'), asked))
    value(await recordLoss(shop, byStaff(), { parcelId }))
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: kettles(3), withShipping: true }))
    value(await settleRefunds(shop, { limit: 9 }))
    expect((await stateOf(shop)).status).toBe('shipped')
    value(await cancelReturn(shop, by('ann'), { returnId }))
    expect((await stateOf(shop)).status).toBe('cancelled')
    await expectBooksToAgree(shop)
  })
})

describe('a return of goods that have not arrived', () => {
  it('is not asked for beside one of those that have, nor after it', async () => {
    const shop = await openShop()
    const orderId = await buyThree(shop)
    await send(shop, orderId, kettles(2))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    await send(shop, orderId)
    const notYet = { type: 'NotSignedYet', lineId: 'kettle-1' }
    // Two have arrived, one is on its way.
    const { returnId } = value(await askBack(shop, orderId, 1))
    expect((await askBack(shop, orderId, 2))._unsafeUnwrapErr()).toEqual(notYet)
    const preview = { orderId, kind: 'returnAndRefund', reason: 'quality', lines: kettles(2) } as const
    expect((await previewReturn(shop, by('ann'), preview))._unsafeUnwrapErr()).toEqual(notYet)
    value(await approveReturn(shop, byStaff(), { returnId }))
    value(await receiveReturn(shop, byStaff(), { returnId, lines: found(1) }))
    value(await refundReturn(shop, byStaff(), { returnId }))
    expect((await askBack(shop, orderId, 2))._unsafeUnwrapErr()).toEqual(notYet)
    // Nothing of what has arrived is spoken for by who says that the third has not.
    const lost = { orderId, kind: 'refundOnly', reason: 'notReceived', lines: kettles(1) } as const
    value(await requestReturn(shop, by('ann'), lost))
    value(await askBack(shop, orderId, 1))
    await expectBooksToAgree(shop)
  })
})
