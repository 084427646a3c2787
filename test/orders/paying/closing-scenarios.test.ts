import { describe, expect, it } from 'vitest'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { minutesMs, secondsMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { noticesOf } from '../notices/notices-of.js'
import { fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** Ann's order of one kettle, 129.00 and 8.00 carriage, not paid. */
const openOrder = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [['kettle', 1]])
  return (await place(shop, 'ann')).orderId
}

const deliver = async (shop: TestShop) => {
  for (const signed of await shop.gateway.takeNotifications()) {
    value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed }))
  }
}

const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state

describe('closing an order', () => {
  it('scenario 2: waits until the gateway confirms, and keeps the stock until then', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'timeout', charged: false })
    await pay(shop, 'ann', orderId)
    // However often its gateway has never heard of it before its time is over, a request may be on its way still.
    const times = [5 * secondsMs, 15 * secondsMs, minutesMs, 5 * minutesMs]
    for (const [turn, ms] of times.entries()) {
      shop.pass(ms)
      expect(value(await settlePayments(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
      value(await closeUnpaidOrders(shop, { limit: 10 }))
      const { payments } = await booksOf(shop)
      const unheard = { status: 'unknown', queries: turn + 1, unheardAt: shop.clock.now() }
      expect(payments.map(({ state }) => state)).toMatchObject([unheard])
      expect([(await orderOf(shop))?.status, await freeOf(shop, 'kettle')]).toEqual(['awaitingPayment', 99])
    }
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    shop.pass(30 * minutesMs - times.reduce((sum, ms) => sum + ms, 0))
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect((await orderOf(shop))?.status).toBe('closing')
    expect(await freeOf(shop, 'kettle')).toBe(99)
    // Not asked again before its time, and then closed: the gateway has never heard of it, and its time is over.
    expect(value(await closeUnpaidOrders(shop, { limit: 10 })).done).toBe(0)
    shop.pass(minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await orderOf(shop)).toMatchObject({ status: 'closed', reason: 'unpaid' })
    expect(await freeOf(shop, 'kettle')).toBe(100)
    expect((await booksOf(shop)).ledger).toEqual([])
    expect(await noticesOf(shop)).toEqual([['ann', 'orderClosed']])
    await expectBooksToAgree(shop)
  })

  it('scenario 5: ends in payment when the payer was faster', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'pending' })
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.pass(30 * minutesMs - 1)
    // The shop hears nothing of it before it asks for the end.
    expect(shop.gateway.pay(paymentId)).toBe(true)
    shop.pass(1)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await orderOf(shop)).toMatchObject({ status: 'paid' })
    expect(await freeOf(shop, 'kettle')).toBe(99)
    expect((await booksOf(shop)).refunds).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('scenario 4: sends money back that comes after the end, once, and stays closed', async () => {
    const shop = await openShop()
    const orderId = await openOrder(shop)
    shop.gateway.script({ kind: 'pending' })
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect((await orderOf(shop))?.status).toBe('closed')
    expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
    for (let count = 0; count < 5; count += 1) {
      await deliver(shop)
      value(await settleRefunds(shop, { limit: 10 }))
      shop.gateway.repeat(paymentId)
    }
    const books = await booksOf(shop)
    expect(books.payments[0]?.state.status).toBe('capturedAfterClose')
    expect(books.refunds.map(({ id, state }) => [id, state.status, state.amountMinor])).toEqual([
      [`late_${paymentId}`, 'succeeded', 13_700],
    ])
    expect(balanceOf(books.ledger, 'gatewayClearing:sandbox')).toBe(0)
    expect(balanceOf(books.ledger, `escrow:${orderId}`)).toBe(0)
    expect((await orderOf(shop))?.status).toBe('closed')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    expect(await noticesOf(shop)).toEqual([
      ['ann', 'orderClosedMoneyBack'],
      ['ann', 'refundSucceeded'],
    ])
    await expectBooksToAgree(shop)
  })

  it('leaves an order alone that another machine has closed meanwhile', async () => {
    const shop = await openShop()
    await openOrder(shop)
    shop.pass(30 * minutesMs)
    const turns = await Promise.all([1, 2, 3].map(() => closeUnpaidOrders(shop, { limit: 10 })))
    expect(turns.flatMap((turn) => value(turn).failed)).toEqual([])
    expect((await orderOf(shop))?.status).toBe('closed')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    await expectBooksToAgree(shop)
  })
})
