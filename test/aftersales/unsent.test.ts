import { describe, expect, it } from 'vitest'
import { closeUnsentReturns } from '../../src/aftersales/close-unsent-returns.js'
import { previewReturn } from '../../src/aftersales/preview-return.js'
import { receiveReturn } from '../../src/aftersales/receive-return.js'
import { refundReturn } from '../../src/aftersales/refund-return.js'
import { requestReturn } from '../../src/aftersales/request-return.js'
import { returnPage } from '../../src/aftersales/return-page.js'
import { sendDeadline } from '../../src/aftersales/return-policy.js'
import { approveReturn, cancelReturn } from '../../src/aftersales/review-return.js'
import { orderPage } from '../../src/orders/pages/order-page.js'
import { confirmReceipt } from '../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { advanceOrders } from '../../src/orders/sweep-orders.js'
import { daysMs } from '../../src/shared/instant.js'
import { booksOf, expectBooksToAgree, freeOf } from '../orders/books-of.js'
import { edit, openEditShop } from '../orders/editing/open-edit-shop.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../orders/open-shop.js'

const kettles = (quantity: number) => [{ lineId: 'kettle-1', quantity }]
const parcel = { carrier: 'sf-express', trackingNumber: 'SF1' }

/** Ann's paid order of three kettles. */
const paidOrder = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [['kettle', 3]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return orderId
}

const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]!.state

const actionsOf = async (shop: TestShop, orderId: string) =>
  value(await orderPage(shop, by('ann'), { orderId })).nextActions

describe('pieces that have not left', () => {
  it('are not asked for as a refund: they are taken out of the order, and free again', async () => {
    const shop = await openEditShop({ stock: { kettle: 10 } })
    const orderId = await paidOrder(shop)
    const ask = (quantity: number) =>
      requestReturn(shop, by('ann'), {
        orderId,
        kind: 'refundOnly',
        reason: 'notReceived',
        lines: kettles(quantity),
      })
    const refusal = { type: 'NotShippedYet', lineId: 'kettle-1', asked: 1, left: 0 }
    expect((await ask(1))._unsafeUnwrapErr()).toEqual(refusal)
    const preview = { orderId, kind: 'refundOnly', reason: 'notReceived', lines: kettles(1) } as const
    expect((await previewReturn(shop, by('ann'), preview))._unsafeUnwrapErr()).toEqual(refusal)
    expect(await actionsOf(shop, orderId)).toEqual(['edit', 'cancel', 'reportPayment'])

    value(await shipOrder(shop, byStaff(), { ...parcel, orderId, lines: kettles(1) }))
    expect(await actionsOf(shop, orderId)).toEqual(['confirmReceipt', 'edit', 'requestReturn', 'reportPayment'])
    expect((await ask(2))._unsafeUnwrapErr()).toEqual({ ...refusal, asked: 2, left: 1 })
    const { returnId } = value(await ask(1))
    // What left is spoken for.
    expect((await ask(1))._unsafeUnwrapErr()).toEqual(refusal)
    value(await approveReturn(shop, byStaff(), { returnId }))
    value(await refundReturn(shop, byStaff(), { returnId }))
    expect(await actionsOf(shop, orderId)).toEqual(['confirmReceipt', 'edit', 'reportPayment'])

    await edit(shop, 'ann', { orderId, lines: kettles(1) })
    expect(await freeOf(shop, 'kettle')).toBe(9)
    const more = await shipOrder(shop, byStaff(), { ...parcel, orderId, lines: kettles(1) })
    expect(more.isErr()).toBe(true)
    expect((await orderOf(shop)).lines[0]).toMatchObject({ shippedQuantity: 1, refundedQuantity: 3 })
    await expectBooksToAgree(shop)
  })

  it('are not given back by the shop as returned or lost either; a gesture of goodwill leaves them to be sent', async () => {
    const shop = await openShop({ stock: { kettle: 10 } })
    const orderId = await paidOrder(shop)
    for (const reason of ['returned', 'lost'] as const) {
      const refused = await refundOrder(shop, byStaff(), { orderId, reason, lines: kettles(1) })
      expect(refused._unsafeUnwrapErr()).toEqual({
        type: 'QuantityExceedsOrder',
        lineId: 'kettle-1',
        asked: 1,
        left: 0,
      })
    }
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: kettles(1) }))
    value(await shipOrder(shop, byStaff(), { ...parcel, orderId }))
    expect((await orderOf(shop)).lines[0]).toMatchObject({ shippedQuantity: 3, refundedQuantity: 1 })
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: kettles(2) }))
    await expectBooksToAgree(shop)
  })
})

/** Ann's order, signed for, with a return that may be sent. */
const approvedReturn = async (shop: TestShop) => {
  const orderId = await paidOrder(shop)
  value(await shipOrder(shop, byStaff(), { ...parcel, orderId }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: kettles(1) } as const
  const { returnId, status } = value(await requestReturn(shop, by('ann'), asked))
  expect(status).toBe('approved')
  return { orderId, returnId }
}

const close = async (shop: TestShop) => value(await closeUnsentReturns(shop, { limit: 9 }))

describe('a return whose goods do not come', () => {
  it('is closed when its time is over, and its order goes on', async () => {
    const shop = await openShop()
    const { orderId, returnId } = await approvedReturn(shop)
    const sendBy = sendDeadline(shop.clock.now(), defaultShopPolicy)
    expect(value(await returnPage(shop, by('ann'), { returnId }))).toMatchObject({ sendBy })
    shop.setNow(sendBy - 1)
    expect(await close(shop)).toEqual({ done: 0, failed: [] })
    expect(value(await advanceOrders(shop, { limit: 9 })).done).toBe(0)
    shop.setNow(sendBy)
    expect(await close(shop)).toEqual({ done: 1, failed: [] })
    expect(await close(shop)).toEqual({ done: 0, failed: [] })
    expect(value(await returnPage(shop, by('ann'), { returnId }))).toMatchObject({
      status: 'cancelled',
      cancelledBy: 'clock',
    })
    expect((await orderOf(shop)).openReturnIds).toEqual([])
    expect(value(await advanceOrders(shop, { limit: 9 })).done).toBe(1)
    expect((await receiveReturn(shop, byStaff(), { returnId }))._unsafeUnwrapErr()).toMatchObject({
      type: 'ReturnStateForbids',
    })
    // The order may be complete and the days to return over: staff ask for it anew, and the pieces are in the stock again.
    const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: kettles(1) } as const
    shop.pass(30 * daysMs)
    expect((await requestReturn(shop, by('ann'), asked))._unsafeUnwrapErr()).toMatchObject({
      type: 'ReturnWindowPassed',
    })
    const before = await freeOf(shop, 'kettle')
    const late = value(await requestReturn(shop, byStaff(), asked))
    if (late.status !== 'approved') value(await approveReturn(shop, byStaff(), { returnId: late.returnId }))
    const lines = [{ lineId: 'kettle-1', receivedQuantity: 1, acceptedQuantity: 1, restockQuantity: 1 }]
    value(await receiveReturn(shop, byStaff(), { returnId: late.returnId, lines }))
    expect(value(await refundReturn(shop, byStaff(), { returnId: late.returnId })).status).toBe('succeeded')
    expect(await freeOf(shop, 'kettle')).toBe(before + 1)
    await expectBooksToAgree(shop)
  })

  it('is not closed once they are here, nor while the shop has still to say whether they may come', async () => {
    const shop = await openShop()
    const { orderId, returnId } = await approvedReturn(shop)
    value(await receiveReturn(shop, byStaff(), { returnId }))
    const asked = { orderId, kind: 'returnAndRefund', reason: 'quality', lines: kettles(1) } as const
    const waiting = value(await requestReturn(shop, by('ann'), asked))
    shop.pass(60 * daysMs)
    // What waits for the shop is named, and nothing else comes of it.
    const here = { id: returnId, reason: 'ReturnOverdue' }
    const unanswered = { id: waiting.returnId, reason: 'ReturnOverdue' }
    expect(await close(shop)).toEqual({ done: 0, failed: [unanswered, here] })
    value(await approveReturn(shop, byStaff(), { returnId: waiting.returnId }))
    shop.pass(14 * daysMs)
    expect(await close(shop)).toEqual({ done: 0, failed: [here] })
    shop.pass(2 * daysMs)
    expect(await close(shop)).toEqual({ done: 1, failed: [here] })
    expect((await orderOf(shop)).openReturnIds).toEqual([returnId])
  })

  it('has as long as the terms say, which is never less than a week', async () => {
    const shop = await openShop()
    const { policyId: _, ...terms } = defaultShopPolicy
    const within = (sendWithinDays: number) => ({ ...terms, returns: { ...terms.returns, sendWithinDays } })
    expect((await savePolicy(shop, byStaff(), within(6)))._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    value(await savePolicy(shop, byStaff(), within(7)))
    await approvedReturn(shop)
    shop.pass(8 * daysMs)
    expect(await close(shop)).toEqual({ done: 1, failed: [] })
  })

  it('is given up by its buyer, or by the shop in their stead, and by no stranger', async () => {
    const shop = await openShop()
    const { returnId } = await approvedReturn(shop)
    expect((await cancelReturn(shop, by('eve'), { returnId }))._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound' })
    expect(value(await cancelReturn(shop, byStaff(), { returnId })).status).toBe('cancelled')
    expect(value(await returnPage(shop, by('ann'), { returnId }))).toMatchObject({ cancelledBy: 'staff' })
    expect((await orderOf(shop)).openReturnIds).toEqual([])
  })
})
