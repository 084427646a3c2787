import { describe, expect, it } from 'vitest'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { advanceOrders } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { by, byStaff, type TestShop, value } from '../open-shop.js'
import { deliver, kettle, openUnpaid, orderOf, pageOf, receive, send } from './on-delivery-shop.js'

const named = async (shop: TestShop) => value(await advanceOrders(shop, { limit: 10 })).failed
const due = async (shop: TestShop) =>
  value(await listOrders(shop, byStaff(), { dueOnDelivery: true })).orders.map(({ orderId }) => orderId)

/** Received orders are complete after eight days. */
const completedAfter = 8 * daysMs

describe('an order that was received and whose courier has not paid', () => {
  it('is named three days after it would be complete, again and again, until the money is there', async () => {
    const { shop, orderId, paymentId, payableMinor } = await openUnpaid()
    const { parcelId } = await send(shop, orderId)
    shop.pass(daysMs)
    value(await deliver(shop, parcelId))
    shop.pass(completedAfter + 3 * daysMs - 1)
    expect(await named(shop)).toEqual([])
    expect(await due(shop)).toEqual([orderId])
    shop.pass(1)
    const overdue = [{ id: orderId, reason: 'CollectionOverdue' }]
    expect(await named(shop)).toEqual(overdue)
    shop.pass(30 * daysMs)
    expect(await named(shop)).toEqual(overdue)
    value(await receive(shop, paymentId, payableMinor, parcelId))
    expect(await named(shop)).toEqual([])
    expect(await due(shop)).toEqual([])
    expect((await orderOf(shop, orderId))?.status).toBe('completed')
  })

  it('is named too where its buyer has confirmed it, and not any more once what will not come is let go', async () => {
    const { shop, orderId } = await openUnpaid()
    await send(shop, orderId, kettle)
    await send(shop, orderId)
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    shop.pass(completedAfter + 3 * daysMs)
    expect(await named(shop)).toEqual([{ id: orderId, reason: 'CollectionOverdue' }])
    const { totals } = await pageOf(shop, 'ann', orderId)
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: totals.payableMinor }))
    expect(await named(shop)).toEqual([])
  })

  it('is not named while some of it is here still: that is named for itself', async () => {
    const { shop, orderId } = await openUnpaid()
    const { parcelId } = await send(shop, orderId, kettle)
    value(await deliver(shop, parcelId))
    shop.pass(completedAfter + 3 * daysMs)
    expect(await named(shop)).toEqual([{ id: orderId, reason: 'ShipmentOverdue' }])
  })
})
