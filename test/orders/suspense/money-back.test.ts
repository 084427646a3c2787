import { expect, it } from 'vitest'
import { messages } from '../../../src/notify/message.schema.js'
import { tellBill } from '../../../src/orders/books/tell-bill.js'
import { displayedRefund } from '../../../src/orders/order-display.js'
import type { OrderEvent } from '../../../src/orders/order-event.js'
import { orderMachine } from '../../../src/orders/order-machine.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { closeUnpaidOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { foldEvents } from '../../../src/shared/decider.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask } from '../books-of.js'
import { by, fillCart, openShop, pay, place, value } from '../open-shop.js'
import { at, place as placed, refund } from '../order-samples.js'

it('money that came too late is on the order page with why it goes back, and its bill stays closed', async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
  const { paymentId } = await pay(shop, 'ann', orderId)
  shop.pass(30 * minutesMs)
  value(await closeUnpaidOrders(shop, { limit: 10 }))
  expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
  for (const signed of await shop.gateway.takeNotifications()) {
    value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed }))
  }
  value(await settleRefunds(shop, { limit: 10 }))
  const page = value(await orderPage(shop, by('ann'), { orderId }))
  expect(page.refunds).toEqual([])
  expect(page.moneyBack).toMatchObject([
    { paymentId, reason: 'lateSuccess', amountMinor: 13_700, currency: 'CNY', status: 'succeeded', partOf: null },
  ])
  for (const worker of ['one', 'two']) {
    value(await runRelay(shop, [tellBill], { worker, limit: 1_000 }))
    shop.pass(2 * minutesMs)
  }
  const bills = (await ask(shop, find(messages, { where: [], limit: 100 }))).map(({ state }) => state.cause)
  expect(bills.filter((cause) => cause.startsWith('bill/'))).toEqual([`bill/${orderId}/closed`])
})

it('an order that points paid is refunded in part until they are all back', () => {
  const facts = {
    ...placed.facts,
    totals: { ...placed.facts.totals, pointsMinor: 1_300, payableMinor: 0 },
    pointsSpent: 130,
  }
  const { accountId, orderNumber } = facts
  const back = (refundId: string, quantity: number, points: number): readonly OrderEvent[] => [
    { type: 'RefundStarted', refund: { ...refund(refundId, quantity, 0), points }, at },
    { type: 'RefundSucceeded', refundId, at },
  ]
  const paid: readonly OrderEvent[] = [
    { type: 'OrderPlaced', facts, payBy: at },
    { type: 'OrderPaid', orderNumber, accountId, paymentId: null, paidMinor: 0, currency: 'CNY', at },
  ]
  const shown = (...events: readonly OrderEvent[]) => {
    const state = foldEvents(orderMachine, [...paid, ...events])
    return state.status === 'absent' ? undefined : displayedRefund(state)
  }
  expect(shown()).toBe('none')
  expect(shown(...back('r1', 1, 40))).toBe('partly')
  expect(shown(...back('r1', 1, 40), ...back('r2', 2, 80))).toBe('whole')
})
