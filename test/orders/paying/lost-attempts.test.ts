import { describe, expect, it } from 'vitest'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { hoursMs, minutesMs, secondsMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, place, type TestShop, value } from '../open-shop.js'

/** An order of ann's whose first attempt to pay never reached its gateway, or did and took the money unheard. */
const openLost = async (charged = false) => {
  const opened = await openShop()
  const wallet = createSandboxGateway({
    gatewayId: 'wallet',
    now: opened.clock.now,
    keys: [{ keyId: 'w', secret: 'another secret' }],
  })
  const shop: TestShop = { ...opened, gateways: { ...opened.gateways, wallet } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  const payment = { orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
  const other = { orderId, gatewayId: 'wallet', method: 'alipay' } as const
  shop.gateway.script({ kind: 'timeout', charged, delivery: { times: 0 } })
  const first = value(await payOrder(shop, by('ann'), payment))
  expect(first.paymentStatus).toBe('unknown')
  return { shop, wallet, orderId, payment, other, first }
}

const statusesOf = async (shop: TestShop): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await booksOf(shop)).payments.map(({ id, state }) => [id, state.status]))

const refused = (result: Awaited<ReturnType<typeof payOrder>>) => result._unsafeUnwrapErr().type

describe('an attempt whose answer was lost', () => {
  it('is in nobody’s way once its gateway has never heard of it, by the same method or by another', async () => {
    for (const by2 of ['payment', 'other'] as const) {
      const opened = await openLost()
      const { shop, first } = opened
      shop.pass(minutesMs)
      const second = value(await payOrder(shop, by('ann'), opened[by2]))
      expect(second).toMatchObject({ orderStatus: 'paid', paymentStatus: 'captured' })
      expect(await statusesOf(shop)).toEqual({ [first.paymentId]: 'closing', [second.paymentId]: 'captured' })
      // Until the order would have been closed, and from then on it has certainly ended.
      shop.pass(hoursMs)
      value(await settlePayments(shop, { limit: 10 }))
      expect(await statusesOf(shop)).toMatchObject({ [first.paymentId]: 'closed' })
      await expectBooksToAgree(shop)
    }
  })

  it('is waited for while its request may still arrive, so that who asks twice at once pays once', async () => {
    const { shop, payment } = await openLost()
    shop.pass(30 * secondsMs)
    expect(refused(await payOrder(shop, by('ann'), payment))).toBe('AttemptUnderway')
    expect((await booksOf(shop)).payments).toHaveLength(1)
  })

  it('is waited for while its gateway does not answer, whatever it said before', async () => {
    const { shop, payment } = await openLost()
    shop.pass(minutesMs)
    shop.gateway.scriptQuery({ kind: 'timeout' })
    expect(refused(await payOrder(shop, by('ann'), payment))).toBe('AttemptUnderway')
  })

  it('pays the order where it took the money, and nothing is asked for again', async () => {
    const { shop, wallet, other, first } = await openLost(true)
    shop.pass(minutesMs)
    expect(refused(await payOrder(shop, by('ann'), other))).toBe('OrderStateForbids')
    expect(await statusesOf(shop)).toEqual({ [first.paymentId]: 'captured' })
    expect(wallet.books().payments).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('gives its money back where that comes after all, and another has paid', async () => {
    const { shop, other, first, payment } = await openLost()
    shop.pass(minutesMs)
    const second = value(await payOrder(shop, by('ann'), other))
    // The request comes through late.
    shop.pass(secondsMs)
    await shop.gateway.create({
      attemptRef: first.paymentId,
      orderRef: payment.orderId,
      orderNumber: '261124-0482-1367-7',
      key: `create:${first.paymentId}`,
      amount: { minor: first.amountMinor, currency: first.currency },
      method: 'wechatPay',
      instrumentToken: null,
      capture: 'automatic',
      expiresAt: first.expiresAt,
      returnUrl: null,
      at: shop.clock.now(),
    })
    shop.pass(minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    value(await settleRefunds(shop, { limit: 10 }))
    const { payments, refunds } = await booksOf(shop)
    expect(payments.find(({ id }) => id === first.paymentId)?.state.refundedMinor).toBe(first.amountMinor)
    expect(payments.find(({ id }) => id === second.paymentId)?.state.refundedMinor).toBe(0)
    expect(refunds.map(({ state }) => state.status)).toEqual(['succeeded'])
    await expectBooksToAgree(shop)
  })

  it('keeps no payer of a part from paying it', async () => {
    const opened = await openShop()
    await fillCart(opened, 'ann', [['kettle', 1]])
    const { orderId } = await place(opened, 'ann')
    const payers = [
      { accountId: 'ann', part: { by: 'share', share: 1 } },
      { accountId: 'bob', part: { by: 'share', share: 1 } },
    ] as const
    value(await sharePayment(opened, by('ann'), { orderId, payers }))
    const part = { orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
    opened.gateway.script({ kind: 'timeout', charged: false })
    value(await payShare(opened, by('bob'), part))
    opened.pass(minutesMs)
    expect(value(await payShare(opened, by('bob'), part)).paymentStatus).toBe('captured')
    expect(value(await payOrder(opened, by('ann'), part)).orderStatus).toBe('paid')
  })
})

describe('a buyer who says that they did not pay', () => {
  it('may pay otherwise at once, though the gateway does not answer; what was taken first pays, and the other goes back', async () => {
    const { shop, orderId, other, first } = await openLost(true)
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    const asked = value(await queryPayment(shop, by('ann'), { orderId, unpaid: true }))
    expect(asked).toMatchObject({ orderStatus: 'awaitingPayment', attempts: [{ status: 'closing' }] })
    shop.pass(secondsMs)
    const second = value(await payOrder(shop, by('ann'), other))
    expect(second.orderStatus).toBe('paid')
    shop.pass(minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    value(await settleRefunds(shop, { limit: 10 }))
    const { orders, payments } = await booksOf(shop)
    expect(orders[0]?.state).toMatchObject({ status: 'paid', paymentId: first.paymentId })
    const of = (paymentId: string) => payments.find(({ id }) => id === paymentId)?.state
    expect(of(first.paymentId)).toMatchObject({ refundedMinor: 0, closing: { reason: 'buyerSaysUnpaid' } })
    expect(of(second.paymentId)).toMatchObject({ refundedMinor: first.amountMinor })
    await expectBooksToAgree(shop)
  })

  it('is not believed: an attempt that took the money pays the order', async () => {
    const { shop, orderId } = await openLost(true)
    expect(value(await queryPayment(shop, by('ann'), { orderId, unpaid: true })).orderStatus).toBe('paid')
    await expectBooksToAgree(shop)
  })

  it('ends what was begun at its gateway, and never a part of somebody else', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const payers = [
      { accountId: 'ann', part: { by: 'share', share: 1 } },
      { accountId: 'bob', part: { by: 'share', share: 1 } },
    ] as const
    value(await sharePayment(shop, by('ann'), { orderId, payers }))
    const part = { orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
    shop.gateway.script({ kind: 'pending' }, { kind: 'pending' })
    const bobs = value(await payShare(shop, by('bob'), part))
    const anns = value(await payOrder(shop, by('ann'), part))
    value(await queryPayment(shop, by('ann'), { orderId, unpaid: true }))
    expect(await statusesOf(shop)).toEqual({ [bobs.paymentId]: 'requiresAction', [anns.paymentId]: 'closed' })
  })

  it('is closed in the end, if nobody pays', async () => {
    const { shop, orderId } = await openLost()
    value(await queryPayment(shop, byStaff(), { orderId, unpaid: true }))
    for (let hour = 0; hour < 30; hour += 1) {
      shop.pass(hoursMs)
      value(await settlePayments(shop, { limit: 10 }))
      value(await closeUnpaidOrders(shop, { limit: 10 }))
    }
    expect((await booksOf(shop)).orders.map(({ state }) => state.status)).toEqual(['closed'])
    await expectBooksToAgree(shop)
  })
})
