import { expect, it } from 'vitest'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, value } from '../open-shop.js'
import { decideAt, dispute, openPaid } from './disputed.js'

it.each([
  ['never reached its gateway', { kind: 'timeout', refunded: false }],
  ['was declined', { kind: 'decline', code: 'InstrumentInvalid' }],
] as const)('a refund that %s is sent without what a lost dispute has brought of it', async (_, script) => {
  const { shop, orderId, paymentId, lineId } = await openPaid()
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  shop.gateway.scriptRefund(script)
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: [{ lineId, quantity: 1 }] }))
  const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 5_000 })
  await decideAt(shop, disputeRef, 'lost')
  for (let turn = 0; turn < 4; turn += 1) {
    shop.pass(30 * minutesMs)
    value(await settleRefunds(shop, { limit: 10 }))
  }
  // 129.00 are owed, of which the bank gave 50.00.
  const sent = shop.gateway.books().refunds.filter(({ status }) => status === 'succeeded')
  expect(sent.map(({ amountMinor }) => amountMinor)).toEqual([7_900])
  expect(balanceOf((await booksOf(shop)).ledger, 'chargebackLoss')).toBe(0)
  await expectBooksToAgree(shop)
})
