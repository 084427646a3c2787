import { expect, it } from 'vitest'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import { advanceOrders } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { expectBooksToAgree } from '../books-of.js'
import { byStaff, value } from '../open-shop.js'
import { duesOf } from './any-course.js'
import { deliver, kettle, mugs, openUnpaidShop, orderOf, orderUnpaid, receive, send } from './on-delivery-shop.js'

it.each([
  ['came back', recordParcelReturn],
  ['was lost', recordLoss],
] as const)('what is brought for a parcel that %s is none of what others paid at their doors', async (_, record) => {
  const shop = await openUnpaidShop()
  const { orderId, paymentId } = await orderUnpaid(shop, 'ann', [
    ['kettle', 1],
    ['mug', 2],
    ['lamp', 1],
  ])
  const paidAtDoor = await send(shop, orderId, mugs(2))
  const other = await send(shop, orderId, kettle)
  await deliver(shop, paidAtDoor.parcelId)
  value(await record(shop, byStaff(), { parcelId: other.parcelId }))
  value(await receive(shop, paymentId, 12_900, other.parcelId))
  const last = await send(shop, orderId)
  value(await deliver(shop, last.parcelId))
  // 46.00 were paid at the first door, and their courier has not brought them.
  expect(duesOf(await orderOf(shop, orderId))).toMatchObject({ dueMinor: 4_600, handedMinor: 4_600 })
  expect(value(await listOrders(shop, byStaff(), { dueOnDelivery: true })).orders).toHaveLength(1)
  shop.pass(20 * daysMs)
  const { failed } = value(await advanceOrders(shop, { limit: 10 }))
  expect(failed).toContainEqual({ id: orderId, reason: 'CollectionOverdue' })
  value(await receive(shop, paymentId, 4_600, paidAtDoor.parcelId))
  await expectBooksToAgree(shop)
})
