import { ok } from 'neverthrow'
import { expect, it } from 'vitest'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { payments } from '../../../src/payments/payment.schema.js'
import { refunds } from '../../../src/payments/refund.schema.js'
import type { Collection } from '../../../src/shared/collection.js'
import { put } from '../../../src/shared/commit.js'
import { minutesMs } from '../../../src/shared/instant.js'
import type { JsonObject } from '../../../src/shared/json.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** Rows as nobody writes them, due before all others. */
const spoil = async <State>(shop: TestShop, collection: Collection<State>, state: JsonObject) => {
  const broken: Collection<JsonObject> = { ...collection, parse: () => ok(state) }
  await commit(
    shop,
    ['bad-1', 'bad-2', 'bad-3'].map((id) => put(broken, { id, version: 0, state })),
  )
}
const unread = ['bad-1', 'bad-2', 'bad-3'].map((id) => ({ id, reason: 'StoredDataInvalid' }))

it('rows that cannot be read stop no sweep of orders, payments or refunds, and keep none from those behind them', async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const paid = await place(shop, 'ann')
  await pay(shop, 'ann', paid.orderId)
  const lineId = value(await orderPage(shop, by('ann'), { orderId: paid.orderId })).lines[0]?.lineId ?? ''
  shop.gateway.scriptRefund({ kind: 'timeout', refunded: true, delivery: { times: 0 } })
  const input = { orderId: paid.orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] } as const
  value(await refundOrder(shop, byStaff(), input))
  await fillCart(shop, 'eve', [['lamp', 1]])
  const open = await place(shop, 'eve')
  shop.gateway.script({ kind: 'pending' })
  await pay(shop, 'eve', open.orderId)
  await spoil(shop, orders, { closeAt: 1 })
  await spoil(shop, payments, { queryAt: 1 })
  await spoil(shop, refunds, { queryAt: 1 })

  shop.pass(minutesMs)
  expect(value(await settleRefunds(shop, { limit: 1 }))).toEqual({ done: 1, failed: unread })
  expect(value(await settlePayments(shop, { limit: 1 }))).toEqual({ done: 1, failed: unread })
  shop.pass(30 * minutesMs)
  expect(value(await closeUnpaidOrders(shop, { limit: 1 }))).toEqual({ done: 1, failed: unread })
  const [page, other] = [
    value(await orderPage(shop, by('ann'), { orderId: paid.orderId })),
    value(await orderPage(shop, by('eve'), { orderId: open.orderId })),
  ]
  expect([page.refund, other.state]).toEqual(['whole', 'closed'])
})
