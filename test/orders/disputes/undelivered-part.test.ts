import { describe, expect, it } from 'vitest'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { recordLoss } from '../../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { expectBooksToAgree } from '../books-of.js'
import { emptyCart } from '../on-delivery/on-delivery-shop.js'
import { byStaff, fillCart, pay, place, type Sku, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'
import { decideAt, deliver, dispute, refundsOf } from './disputed.js'

const wares: Readonly<Record<string, readonly (readonly [Sku, number])[]>> = {
  'an order of its own': [['lamp', 1]],
  'a part of a divided checkout': [
    ['kettle', 1],
    ['lamp', 1],
  ],
}

describe.each(Object.entries(wares))(
  'a lost lamp whose refund failed and was had by a lost dispute, in %s',
  (_, lines) => {
    it('leaves its order cancelled, and its lamp may be bought again', async () => {
      const shop = await openMall({ perPerson: { lamp: 1 } })
      await fillCart(shop, 'ann', lines)
      const placed = await place(shop, 'ann')
      const { paymentId } = await pay(shop, 'ann', placed.orderId)
      await deliver(shop)
      const { orderIds } = value(await orderPage(shop, byStaff(), { orderId: placed.orderId }))
      // The lamp is the last of the lines, and its order the last of the parts.
      const orderId = orderIds.at(-1) ?? placed.orderId
      const page = async () => value(await orderPage(shop, byStaff(), { orderId }))
      const lineId = (await page()).lines[0]?.lineId ?? ''
      const { parcelId } = value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf', trackingNumber: '1' }))
      value(await recordLoss(shop, byStaff(), { parcelId }))
      shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
      value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: [{ lineId, quantity: 1 }] }))
      expect((await page()).state).toBe('shipped')
      const { disputeRef } = await dispute(shop, paymentId)
      await decideAt(shop, disputeRef, 'lost')
      expect((await refundsOf(shop)).map(([, status]) => status)).toEqual(['chargedBack'])
      expect((await page()).state).toBe('cancelled')
      // Nothing is disputed any more.
      const { orders } = value(await listOrders(shop, byStaff(), { state: 'cancelled' }))
      expect(orders.map((each) => [each.orderId, each.disputed])).toEqual([[orderId, false]])
      // No more than one lamp may be anybody's.
      await emptyCart(shop, 'ann')
      await fillCart(shop, 'ann', [['lamp', 1]])
      await place(shop, 'ann')
      await expectBooksToAgree(shop)
    })
  },
)
