import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createSandboxGateway, type SandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { Outcome, PaymentGateway } from '../../../src/payments/ports.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, fillCart, openShop, place, sandboxKey, type TestShop, value } from '../open-shop.js'

/** A shop with a gateway of which some answers are not what the port has, beside one that is sound. */
const openBeside = async (amiss: (gateway: SandboxGateway) => Partial<PaymentGateway>) => {
  const opened = await openShop()
  const other = createSandboxGateway({ gatewayId: 'other', now: opened.clock.now, keys: [sandboxKey] })
  const gateways: Record<string, PaymentGateway> = { sandbox: { ...opened.gateway, ...amiss(opened.gateway) }, other }
  const shop: TestShop = { ...opened, gateways }
  const order = async (buyer: string, gatewayId: string) => {
    await fillCart(shop, buyer, [['kettle', 1]])
    const { orderId } = await place(shop, buyer)
    const { paymentId } = value(await payOrder(shop, by(buyer), { orderId, gatewayId, method: 'wechatPay' }))
    return { orderId, paymentId }
  }
  const mend = () => {
    gateways.sandbox = opened.gateway
  }
  return { shop, other, order, mend, gateway: opened.gateway }
}

const statusOf = async (shop: TestShop, id: string) =>
  (await booksOf(shop)).orders.find((order) => order.id === id)?.state.status

const changed =
  (change: object) =>
  <T>(outcome: Outcome<T>): Outcome<T> =>
    outcome.kind === 'ok' && typeof outcome.value === 'object'
      ? { kind: 'ok', value: { ...outcome.value, ...change } }
      : outcome

describe('a gateway that answers what cannot be written down', () => {
  it('harms no payment: what it is worth is asked for again', async () => {
    for (const at of [Number.NaN, 1.5]) {
      const { shop, gateway, order, mend } = await openBeside((sandbox) => ({
        query: (asked) => sandbox.query(asked).map(changed({ at })),
      }))
      gateway.script({ kind: 'pending', delivery: { times: 0 } })
      const { orderId, paymentId } = await order('ann', 'sandbox')
      gateway.pay(paymentId)
      shop.pass(minutesMs)
      value(await queryPayment(shop, by('ann'), { orderId }))
      expect(await statusOf(shop, orderId)).toBe('awaitingPayment')
      mend()
      shop.pass(minutesMs)
      expect(value(await settlePayments(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
      expect(await statusOf(shop, orderId)).toBe('paid')
      await expectBooksToAgree(shop)
    }
  })

  it('harms no refund, and stands in the way of no other', async () => {
    const no: never = { kind: 'declined', error: { code: 'SIGN_ERROR', gatewayCode: 'x' } } as never
    const { shop, other, order, mend } = await openBeside(() => ({
      refund: () => okAsync(no),
      queryRefund: () => okAsync(no),
    }))
    const first = await order('ann', 'sandbox')
    const second = await order('bob', 'other')
    value(await cancelOrder(shop, by('ann'), { orderId: first.orderId }))
    other.scriptRefund({ kind: 'timeout', refunded: false })
    value(await cancelOrder(shop, by('bob'), { orderId: second.orderId }))
    for (let turn = 0; turn < 3; turn += 1) {
      shop.pass(60 * minutesMs)
      expect(value(await settleRefunds(shop, { limit: 10 })).failed).toEqual([])
    }
    expect([await statusOf(shop, first.orderId), await statusOf(shop, second.orderId)]).toEqual([
      'cancelling',
      'cancelled',
    ])
    mend()
    shop.pass(daysMs)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await statusOf(shop, first.orderId)).toBe('cancelled')
    await expectBooksToAgree(shop)
  })

  it('keeps no order of another gateway from being closed when its time is up', async () => {
    const { shop, gateway, other, order } = await openBeside(() => ({
      query: () => okAsync({ kind: 'ok', value: {} } as never),
      close: () => okAsync(undefined as never),
    }))
    gateway.script({ kind: 'pending', delivery: { times: 0 } })
    const first = await order('ann', 'sandbox')
    other.script({ kind: 'pending', delivery: { times: 0 } })
    const second = await order('bob', 'other')
    shop.pass(daysMs)
    expect(value(await closeUnpaidOrders(shop, { limit: 10 })).failed).toEqual([])
    value(await settlePayments(shop, { limit: 10 }))
    expect([await statusOf(shop, first.orderId), await statusOf(shop, second.orderId)]).toEqual(['closing', 'closed'])
    await expectBooksToAgree(shop)
  })

  it('is asked to send a notification again whose facts are amiss, and nothing of it is written', async () => {
    let amiss = true
    const { shop, gateway, order } = await openBeside((sandbox) => ({
      verifyNotification: (told) =>
        sandbox.verifyNotification(told).map(({ facts, ...verified }) => ({
          ...verified,
          facts: amiss ? facts.map((fact) => ({ ...fact, at: Number.NaN })) : facts,
        })),
    }))
    gateway.script({ kind: 'pending' })
    const { orderId, paymentId } = await order('ann', 'sandbox')
    gateway.pay(paymentId)
    const [told] = await gateway.takeNotifications()
    if (told === undefined) throw new Error('nothing was said')
    const receive = async () => value(await receiveNotification(shop, { gatewayId: 'sandbox', ...told }))
    expect(await receive()).toMatchObject({ outcome: 'postponed', problems: [{ reason: 'unverifiable' }] })
    expect(await statusOf(shop, orderId)).toBe('awaitingPayment')
    amiss = false
    expect(await receive()).toMatchObject({ outcome: 'handled' })
    expect(await statusOf(shop, orderId)).toBe('paid')
    await expectBooksToAgree(shop)
  })
})
