import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { holdReceipt, returnReceipt } from '../../../src/orders/suspense/hold-receipt.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { endHolds } from '../../../src/orders/watch/end-holds.js'
import { paymentWatchOfOurs } from '../../../src/orders/watch/payment-watch.js'
import { releaseHold } from '../../../src/orders/watch/release-hold.js'
import { reportPayment } from '../../../src/orders/watch/report-payment.js'
import { listRefunds } from '../../../src/payments/list-refunds.js'
import type { ListRefundsInput } from '../../../src/payments/list-refunds.schema.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })

const openManualShop = async (): Promise<TestShop> => {
  const shop = await openShop()
  return { ...shop, gateways: { ...shop.gateways, manual } }
}

/** Ann's order of one kettle, 137.00 with carriage, paid on the sandbox. */
const openPaid = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return orderId
}

/** The same of Bob's, paid by a transfer. */
const openTransferred = async (shop: TestShop) => {
  await fillCart(shop, 'bob', [['kettle', 1]])
  const { orderId } = await place(shop, 'bob')
  const payment = { orderId, gatewayId: 'manual', method: 'bankTransfer' } as const
  const { paymentId } = value(await payOrder(shop, by('bob'), payment))
  const line = { amountMinor: 13_700, currency: 'CNY', reference: `STMT-${orderId}` }
  value(await recordReceipt(shop, byStaff(), { paymentId, ...line }))
  return orderId
}

const giveBack = async (shop: TestShop, orderId: string) =>
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 500 })).refundId

const listed = async (shop: TestShop, input: ListRefundsInput = {}) =>
  value(await listRefunds(shop, byStaff(), input)).refunds.map(({ refundId, status }) => [refundId, status])

const toldOf = async (sweep: typeof settleRefunds, shop: TestShop) => value(await sweep(shop, { limit: 10 })).failed

describe('refunds that wait for a person', () => {
  it('are listed with the others that are not at their end, whatever their order, until the payer has the money', async () => {
    const shop = await openManualShop()
    const byBank = await giveBack(shop, await openTransferred(shop))
    shop.pass(minutesMs)
    const paidId = await openPaid(shop)
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    const turnedDown = await giveBack(shop, paidId)
    shop.pass(minutesMs)
    const done = await giveBack(shop, paidId)
    expect(await listed(shop)).toEqual([
      [byBank, 'pending'],
      [turnedDown, 'failed'],
    ])
    expect(await listed(shop, { status: 'failed' })).toEqual([[turnedDown, 'failed']])
    expect(await listed(shop, { gatewayId: 'manual' })).toEqual([[byBank, 'pending']])
    expect(await listed(shop, { status: 'succeeded' })).toEqual([[done, 'succeeded']])
    const first = value(await listRefunds(shop, byStaff(), { limit: 1 }))
    expect(first.refunds).toMatchObject([{ refundId: byBank, gatewayId: 'manual', tries: 1, failure: null }])
    const rest = value(await listRefunds(shop, byStaff(), { limit: 1, ...(first.next && { after: first.next }) }))
    expect(rest).toMatchObject({
      refunds: [{ refundId: turnedDown, orderId: paidId, failure: { code: 'InstrumentInvalid' } }],
      next: null,
    })
    expect(await listRefunds(shop, by('ann'), {})).toMatchObject({ error: { type: 'Denied' } })

    value(await payRefundByHand(shop, byStaff(), { refundId: turnedDown }))
    expect(await listed(shop)).toEqual([[byBank, 'pending']])
  })

  it('are named by every turn of the sweep once they are owed for more than three days', async () => {
    const shop = await openManualShop()
    const byBank = await giveBack(shop, await openTransferred(shop))
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    const turnedDown = await giveBack(shop, await openPaid(shop))
    shop.pass(3 * daysMs - 1)
    expect(await toldOf(settleRefunds, shop)).toEqual([])
    shop.pass(1)
    const overdue = (id: string) => ({ id, reason: 'RefundOverdue' })
    for (let turn = 0; turn < 2; turn += 1) {
      const told = await toldOf(settleRefunds, shop)
      expect(told).toHaveLength(2)
      expect(told).toEqual(expect.arrayContaining([byBank, turnedDown].map(overdue)))
    }
    value(await payRefundByHand(shop, byStaff(), { refundId: byBank }))
    expect(await toldOf(settleRefunds, shop)).toEqual([overdue(turnedDown)])
  })

  it('are paid by hand once, whichever way, and are no more to be paid a moment later', async () => {
    const shop = await openManualShop()
    const transferredId = await openTransferred(shop)
    const paidId = await openPaid(shop)
    const byBank = await giveBack(shop, transferredId)
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    const turnedDown = await giveBack(shop, paidId)
    for (const [orderId, refundId] of [
      [transferredId, byBank],
      [paidId, turnedDown],
    ] as const) {
      const isOffered = async () =>
        value(await orderPage(shop, byStaff(), { orderId })).nextActions.includes('payRefundByHand')
      expect(await isOffered()).toBe(true)
      const { status } = value(await payRefundByHand(shop, byStaff(), { refundId }))
      expect(['succeeded', 'paidManually']).toContain(status)
      shop.pass(1)
      expect(await isOffered()).toBe(false)
      const again = (await payRefundByHand(shop, byStaff(), { refundId }))._unsafeUnwrapErr()
      expect(again).toMatchObject({ type: 'RefundStateForbids', status })
    }
    await expectBooksToAgree(shop)
  })
})

describe('money in suspense', () => {
  it('is named by every turn of the sweep once it has stood there for three days, until somebody has decided', async () => {
    const shop = await openManualShop()
    const line = { gatewayId: 'manual', currency: 'CNY', amountMinor: 700, reference: 'STMT-1' }
    const { receiptId } = value(await holdReceipt(shop, byStaff(), line))
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'wrongAmount', minor: 2_000 })
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.pass(3 * daysMs - 1)
    expect(await toldOf(settlePayments, shop)).toEqual([])
    shop.pass(1)
    const held = { id: paymentId, reason: 'HeldMoneyOverdue' }
    expect(await toldOf(settlePayments, shop)).toEqual([held, { id: receiptId, reason: 'ReceiptOverdue' }])
    value(await returnReceipt(shop, byStaff(), { receiptId }))
    expect(await toldOf(settlePayments, shop)).toEqual([held])
  })
})

describe('orders that are held', () => {
  const openHeld = async () => {
    const shop = await openShop()
    const { policyId: _, ...policy } = defaultShopPolicy
    const rules = [{ kind: 'spending', aboveMinor: 10_000, withinMs: minutesMs, response: 'hold' }] as const
    value(await savePolicy(shop, byStaff(), { ...policy, watch: { ...paymentWatchOfOurs, rules } }))
    await fillCart(shop, 'bob', [['mug', 1]])
    const free = (await place(shop, 'bob')).orderId
    await pay(shop, 'bob', free)
    shop.pass(minutesMs)
    return { shop, free, held: await openPaid(shop) }
  }
  const heldOnes = async (shop: TestShop) =>
    value(await listOrders(shop, byStaff(), { held: true })).orders.map(({ orderId, hold }) => [orderId, hold])

  it('are found by it, with until when and by whom, which buyers are not told', async () => {
    const { shop, free, held } = await openHeld()
    const until = shop.clock.now() + paymentWatchOfOurs.holdMs
    expect(await heldOnes(shop)).toEqual([[held, { until, by: 'watch' }]])
    value(await reportPayment(shop, by('bob'), { orderId: free }))
    expect((await heldOnes(shop)).map(([orderId]) => orderId)).toEqual([held, free])
    expect(value(await listOrders(shop, by('ann'), {})).orders.map(({ hold }) => hold)).toEqual([null])
    expect(value(await listOrders(shop, byStaff(), { held: true, state: 'shipped' })).orders).toEqual([])
    value(await releaseHold(shop, byStaff(), { orderId: free }))
    value(await shipOrder(shop, byStaff(), { orderId: free, carrier: 'post', trackingNumber: 'P1' }))
    expect((await heldOnes(shop)).map(([orderId]) => orderId)).toEqual([held])
  })

  it('are named by every turn of the sweep in their last day, and over afterwards', async () => {
    const { shop, held } = await openHeld()
    shop.pass(daysMs - 1)
    expect(value(await endHolds(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    shop.pass(1)
    expect(value(await endHolds(shop, { limit: 10 })).failed).toEqual([{ id: held, reason: 'HoldEndsSoon' }])
    shop.pass(daysMs)
    expect(value(await endHolds(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    expect(await heldOnes(shop)).toEqual([])
  })
})
