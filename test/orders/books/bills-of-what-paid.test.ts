import { describe, expect, it } from 'vitest'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { returnHeldMoney } from '../../../src/orders/suspense/return-held-money.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const orderKettle = async (shop: TestShop): Promise<string> => {
  await fillCart(shop, 'ann', [['kettle', 1]])
  return (await place(shop, 'ann')).orderId
}

const billNow = async (shop: TestShop) => {
  const [bill] = value(await listBills(shop, byStaff(), {})).bills
  return [bill?.status, bill?.paidMinor, bill?.refundedMinor]
}

const settle = async (shop: TestShop): Promise<void> => {
  for (const notification of await shop.gateway.takeNotifications()) {
    value(await receiveNotification(shop, { gatewayId: 'sandbox', ...notification }))
  }
  shop.pass(minutesMs)
  value(await settleRefunds(shop, { limit: 10 }))
  value(await settlePayments(shop, { limit: 10 }))
}

describe('a bill counts what paid its order, and what went back of that', () => {
  it('and not money that never paid it, once that is sent back', async () => {
    const shop = await openShop()
    const orderId = await orderKettle(shop)
    shop.gateway.script({ kind: 'wrongAmount', minor: 3_000 })
    const held = await pay(shop, 'ann', orderId)
    expect(await billNow(shop)).toEqual(['created', 0, 0])
    shop.pass(minutesMs)
    await pay(shop, 'ann', orderId)
    expect(await billNow(shop)).toEqual(['paid', 13_700, 0])
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: true })
    value(await returnHeldMoney(shop, byStaff(), { paymentId: held.paymentId }))
    const [underWay] = value(await listBills(shop, byStaff(), {})).bills
    expect(underWay).toMatchObject({ status: 'paid', refundedMinor: 0, refundPendingMinor: 0 })
    await settle(shop)
    expect((await booksOf(shop)).refunds.map(({ state }) => state.status)).toEqual(['succeeded'])
    expect(await billNow(shop)).toEqual(['paid', 13_700, 0])
    await expectBooksToAgree(shop)
  })

  it('nor money that came a second time, neither while the order goes on nor once it is cancelled', async () => {
    const shop = await openShop()
    const orderId = await orderKettle(shop)
    shop.gateway.script({ kind: 'pending' })
    const first = await pay(shop, 'ann', orderId)
    shop.pass(minutesMs)
    await pay(shop, 'ann', orderId)
    expect(shop.gateway.pay(first.paymentId, { evenIfEnded: true, delivery: { times: 1 } })).toBe(true)
    await settle(shop)
    const { payments, refunds } = await booksOf(shop)
    expect(payments.map(({ state }) => state.known.captured?.minor)).toEqual([13_700, 13_700])
    expect(refunds.map(({ state }) => [state.reason, state.status])).toEqual([['duplicatePayment', 'succeeded']])
    expect(await billNow(shop)).toEqual(['paid', 13_700, 0])
    value(await cancelOrder(shop, byStaff(), { orderId }))
    await settle(shop)
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('cancelled')
    expect(await billNow(shop)).toEqual(['refunded', 13_700, 13_700])
    await expectBooksToAgree(shop)
  })

  it('nor what came after the order had ended, however often', async () => {
    const shop = await openShop()
    const orderId = await orderKettle(shop)
    shop.gateway.script({ kind: 'pending' }, { kind: 'pending' })
    const [first, second] = [await pay(shop, 'ann', orderId), await pay(shop, 'ann', orderId)]
    shop.pass(31 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await billNow(shop)).toEqual(['closed', 0, 0])
    for (const { paymentId } of [first, second]) {
      expect(shop.gateway.pay(paymentId, { evenIfEnded: true, delivery: { times: 1 } })).toBe(true)
    }
    await settle(shop)
    await settle(shop)
    const { refunds } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.status, state.amountMinor])).toEqual([
      ['succeeded', 13_700],
      ['succeeded', 13_700],
    ])
    expect(await billNow(shop)).toEqual(['closed', 0, 0])
    await expectBooksToAgree(shop)
  })
})
