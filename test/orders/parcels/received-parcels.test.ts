import { describe, expect, it } from 'vitest'
import { receiveReturn } from '../../../src/aftersales/receive-return.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import type { Order } from '../../../src/orders/order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordDelivery, recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { advanceOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { deliver, openUnpaidShop, orderUnpaid, send } from '../on-delivery/on-delivery-shop.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const kettles = (quantity: number) => [{ lineId: 'kettle-1', quantity }]

/** Two kettles of ann's, 2 x 129.00 and carriage 8.00, paid. */
const buyTwo = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return orderId
}

const stateOf = async (shop: TestShop, orderId: string): Promise<Order> =>
  (await booksOf(shop)).orders.find(({ id }) => id === orderId)!.state

const sweep = async (shop: TestShop) => {
  expect(value(await advanceOrders(shop, { limit: 10 })).failed).toEqual([])
  value(await settleRefunds(shop, { limit: 10 }))
}

const staffPage = async (shop: TestShop, orderId: string) => value(await orderPage(shop, byStaff(), { orderId }))

describe('a parcel whose goods the buyer has confirmed', () => {
  it('is lost by itself: what is in the next parcel is neither lost nor refunded', async () => {
    const shop = await openShop()
    const orderId = await buyTwo(shop)
    const first = await send(shop, orderId, kettles(1))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    const second = await send(shop, orderId)
    value(await recordLoss(shop, byStaff(), { parcelId: first.parcelId }))
    const onItsWay = await stateOf(shop, orderId)
    expect(onItsWay).toMatchObject({ status: 'shipped', lines: [{ signedQuantity: 1, lostQuantity: 0 }] })
    expect(onItsWay).not.toHaveProperty('makeGoodBy')
    expect((await staffPage(shop, orderId)).parcels.map(({ status }) => status)).toEqual(['lost', 'shipped'])
    value(await recordDelivery(shop, byStaff(), { parcelId: second.parcelId }))
    expect((await stateOf(shop, orderId)).status).toBe('signed')
    await expectBooksToAgree(shop)
    // She has both, whatever the carrier says, and may send both back.
    const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: kettles(2) } as const
    const { returnId } = value(await requestReturn(shop, by('ann'), asked))
    const looked = [{ lineId: 'kettle-1', receivedQuantity: 2, acceptedQuantity: 2, restockQuantity: 2 }]
    value(await receiveReturn(shop, byStaff(), { returnId, lines: looked }))
    expect(await freeOf(shop, 'kettle')).toBe(100)
    await expectBooksToAgree(shop)
  })

  it('costs the shop nothing by the clock', async () => {
    const shop = await openShop()
    const orderId = await buyTwo(shop)
    const first = await send(shop, orderId, kettles(1))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    const second = await send(shop, orderId)
    value(await recordLoss(shop, byStaff(), { parcelId: first.parcelId }))
    value(await recordDelivery(shop, byStaff(), { parcelId: second.parcelId }))
    shop.pass(30 * daysMs)
    await sweep(shop)
    expect(await stateOf(shop, orderId)).toMatchObject({ status: 'completed', refunds: [] })
    await expectBooksToAgree(shop)
  })

  it('is still lost with its goods where only an earlier one was confirmed', async () => {
    const shop = await openShop()
    const orderId = await buyTwo(shop)
    await send(shop, orderId, kettles(1))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    const second = await send(shop, orderId)
    expect((await staffPage(shop, orderId)).nextActions).toContain('recordLoss')
    value(await recordLoss(shop, byStaff(), { parcelId: second.parcelId }))
    expect(await stateOf(shop, orderId)).toMatchObject({ status: 'signed', lines: [{ lostQuantity: 1 }] })
    shop.pass(7 * daysMs)
    await sweep(shop)
    expect((await stateOf(shop, orderId)).refunds).toMatchObject([{ reason: 'lost', cashMinor: 12_900 }])
    await expectBooksToAgree(shop)
  })
})

describe('a parcel that comes back after its order was taken as received', () => {
  const signedByClock = async (shop: TestShop) => {
    const orderId = await buyTwo(shop)
    const { parcelId } = await send(shop, orderId)
    shop.pass(10 * daysMs)
    await sweep(shop)
    expect((await stateOf(shop, orderId)).status).toBe('signed')
    return { orderId, parcelId }
  }

  it('is taken in: the stock and the history of the order say so, and its money is a person’s to give back', async () => {
    const shop = await openShop()
    const { orderId, parcelId } = await signedByClock(shop)
    expect((await staffPage(shop, orderId)).nextActions).toContain('recordParcelReturn')
    const spoiled = { parcelId, scrapped: kettles(1) }
    expect(value(await recordParcelReturn(shop, byStaff(), spoiled))).toMatchObject({
      parcelStatus: 'cameBack',
      orderStatus: 'signed',
    })
    expect(await freeOf(shop, 'kettle')).toBe(99)
    const page = await staffPage(shop, orderId)
    expect(page.history.at(-1)).toMatchObject({ happened: 'cameBack', reference: parcelId })
    expect(page.nextActions).not.toContain('recordParcelReturn')
    expect(page).toMatchObject({ refunds: [], lines: [{ signedQuantity: 2, lostQuantity: 0 }] })
    await expectBooksToAgree(shop)
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: kettles(2), withShipping: true }))
    shop.pass(60 * daysMs)
    await sweep(shop)
    expect(await stateOf(shop, orderId)).toMatchObject({ status: 'completed', refunds: [{ cashMinor: 26_600 }] })
    await expectBooksToAgree(shop)
  })

  it('is taken in of an order that is complete as well, once', async () => {
    const shop = await openShop()
    const { orderId, parcelId } = await signedByClock(shop)
    value(await completeOrder(shop, byStaff(), { orderId }))
    value(await recordParcelReturn(shop, byStaff(), { parcelId }))
    expect((await stateOf(shop, orderId)).status).toBe('completed')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    const again = await recordParcelReturn(shop, byStaff(), { parcelId })
    expect(again._unsafeUnwrapErr()).toMatchObject({ type: 'ParcelStateForbids' })
    await expectBooksToAgree(shop)
  })

  it('is taken into the stock once where a return has brought its goods back', async () => {
    const shop = await openShop()
    const { orderId, parcelId } = await signedByClock(shop)
    const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: kettles(2) } as const
    const { returnId } = value(await requestReturn(shop, by('ann'), asked))
    const looked = [{ lineId: 'kettle-1', receivedQuantity: 2, acceptedQuantity: 2, restockQuantity: 2 }]
    value(await receiveReturn(shop, byStaff(), { returnId, lines: looked }))
    value(await recordParcelReturn(shop, byStaff(), { parcelId }))
    expect(await freeOf(shop, 'kettle')).toBe(100)
    await expectBooksToAgree(shop)
  })

  it('is noted as lost where the carrier has lost it, and what the buyer counts as having stays theirs', async () => {
    const shop = await openShop()
    const { orderId, parcelId } = await signedByClock(shop)
    expect(value(await recordLoss(shop, byStaff(), { parcelId }))).toMatchObject({
      parcelStatus: 'lost',
      orderStatus: 'signed',
    })
    const page = await staffPage(shop, orderId)
    expect(page.history.at(-1)).toMatchObject({ happened: 'lost', reference: parcelId })
    expect(await stateOf(shop, orderId)).not.toHaveProperty('makeGoodBy')
    await expectBooksToAgree(shop)
    // Whoever did not get them asks for their money.
    const asked = { orderId, kind: 'refundOnly', reason: 'notReceived', lines: kettles(2) } as const
    value(await requestReturn(shop, by('ann'), asked))
  })
})

describe('a parcel that is paid on delivery and was confirmed, but came back', () => {
  it('brings no money any more: the next one asks for its own, and what it was to bring is a person’s to give up', async () => {
    const shop = await openUnpaidShop()
    const { orderId } = await orderUnpaid(shop, 'ann', [['kettle', 2]])
    const first = await send(shop, orderId, kettles(1))
    // A kettle and carriage.
    expect(first.collectMinor).toBe(13_700)
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    value(await recordParcelReturn(shop, byStaff(), { parcelId: first.parcelId }))
    expect(await freeOf(shop, 'kettle')).toBe(99)
    expect(await stateOf(shop, orderId)).toMatchObject({
      onDelivery: { dueMinor: 26_600, outMinor: 0, unbroughtMinor: 13_700 },
      refunds: [],
    })
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: kettles(1) }))
    const second = await send(shop, orderId)
    expect(second.collectMinor).toBe(13_700)
    value(await deliver(shop, second.parcelId, 13_700))
    expect(await stateOf(shop, orderId)).toMatchObject({ status: 'signed', onDelivery: { dueMinor: 0 } })
    await expectBooksToAgree(shop)
  })

  it('gives up no piece of another parcel where its own was refunded before it was noted as lost', async () => {
    const shop = await openUnpaidShop()
    const { orderId } = await orderUnpaid(shop, 'ann', [['kettle', 2]])
    const first = await send(shop, orderId, kettles(1))
    const second = await send(shop, orderId)
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: kettles(1) }))
    value(await recordLoss(shop, byStaff(), { parcelId: first.parcelId }))
    const order = await stateOf(shop, orderId)
    expect(order.lines).toMatchObject([{ refundedQuantity: 1, lostQuantity: 1 }])
    value(await deliver(shop, second.parcelId, second.collectMinor))
    expect(await stateOf(shop, orderId)).toMatchObject({ status: 'signed', onDelivery: { dueMinor: 0 } })
    await expectBooksToAgree(shop)
  })
})
