import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { decideRefund } from '../../../src/orders/refunds/decide-refund.js'
import { payRefundByHand, retryRefund } from '../../../src/orders/refunds/rescue-refund.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { listRefunds } from '../../../src/payments/list-refunds.js'
import { daysMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { decideAt, dispute } from '../disputes/disputed.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import { balances as balancesOn, openGoneInPart, say } from './gone-refund.js'

/** Escrow, clearing, bank, what Ann owes, what is lost, and what is on its way. */
const balances = (shop: TestShop, orderId: string) =>
  balancesOn(shop, [
    `escrow:${orderId}`,
    'gatewayClearing:sandbox',
    'bank',
    'receivable:ann',
    'chargebackLoss',
    'refundInTransit',
  ])

const stateOf = async (shop: TestShop, refundId: string) =>
  (await booksOf(shop)).refunds.find(({ id }) => id === refundId)?.state

const settle = async (shop: TestShop) => {
  shop.pass(daysMs)
  return value(await settleRefunds(shop, { limit: 10 })).done
}

/** Of a refund of 137.00 a person pays 77.00, for 60.00 are said to have arrived; then the gateway says that so much has. */
const openPaidInPart = async (goneMinor?: number) => {
  const opened = await openGoneInPart()
  const { shop, refundId } = opened
  value(await payRefundByHand(shop, byStaff(), { refundId }))
  await say(shop, refundId, 'failed', goneMinor)
  return opened
}

describe('a refund that was paid by hand for the rest, and of which what had arrived came back,', () => {
  it('is owed again for that, told and listed, and is paid by hand for it alone', async () => {
    const { shop, orderId, refundId } = await openPaidInPart()
    expect(await balances(shop, orderId)).toEqual([0, 13_700, -7_700, 0, 0, -6_000])
    expect((await retryRefund(shop, byStaff(), { refundId }))._unsafeUnwrapErr().type).toBe('RefundStateForbids')
    expect(value(await listRefunds(shop, byStaff(), {})).refunds).toMatchObject([{ refundId, status: 'manualPayout' }])
    const page = value(await orderPage(shop, byStaff(), { orderId }))
    // Of 137.00 the 77.00 that were paid have come.
    expect(page.moneyBack).toMatchObject([{ refundId, amountMinor: 13_700, goneMinor: 7_700, status: 'manualPayout' }])
    expect(await settle(shop)).toBe(0)
    value(await payRefundByHand(shop, byStaff(), { refundId }))
    expect(await balances(shop, orderId)).toEqual([0, 13_700, -13_700, 0, 0, 0])
    expect((await stateOf(shop, refundId))?.status).toBe('paidManually')
    expect(value(await listRefunds(shop, byStaff(), {})).refunds).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('also in part, is paid by hand for that part', async () => {
    const { shop, orderId, refundId } = await openPaidInPart(4_000)
    expect(await balances(shop, orderId)).toEqual([0, 9_700, -7_700, 0, 0, -2_000])
    value(await payRefundByHand(shop, byStaff(), { refundId }))
    expect(await balances(shop, orderId)).toEqual([0, 9_700, -9_700, 0, 0, 0])
    await say(shop, refundId, 'succeeded')
    expect(await balances(shop, orderId)).toEqual([0, 0, -9_700, 9_700, 0, 0])
    await say(shop, refundId, 'failed', 4_000)
    expect(await balances(shop, orderId)).toEqual([0, 9_700, -9_700, 0, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('where a person had been mistaken that it was there, is paid by hand for it', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false, delivery: { times: 0 } })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    const refundId = (await booksOf(shop)).refunds[0]?.id ?? ''
    const note = 'One of its two parts is there.'
    value(await decideRefund({ ...shop, gateways: {} }, byStaff(), { refundId, moved: false, goneMinor: 6_000, note }))
    value(await payRefundByHand(shop, byStaff(), { refundId }))
    await say(shop, refundId, 'failed')
    value(await payRefundByHand(shop, byStaff(), { refundId }))
    expect(await balances(shop, orderId)).toEqual([0, 13_700, -13_700, 0, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('and which then arrives after all, whole or in that part, is there and not paid once more', async () => {
    const { shop, orderId, refundId } = await openPaidInPart()
    await say(shop, refundId, 'failed', 6_000)
    expect((await stateOf(shop, refundId))?.status).toBe('paidManually')
    expect((await payRefundByHand(shop, byStaff(), { refundId }))._unsafeUnwrapErr().type).toBe('RefundStateForbids')
    expect(await balances(shop, orderId)).toEqual([0, 7_700, -7_700, 0, 0, 0])
    await say(shop, refundId, 'failed')
    await say(shop, refundId, 'succeeded')
    expect(await balances(shop, orderId)).toEqual([0, 0, -7_700, 7_700, 0, 0])
    expect((await payRefundByHand(shop, byStaff(), { refundId }))._unsafeUnwrapErr().type).toBe('RefundStateForbids')
    await expectBooksToAgree(shop)
  })

  it('is had by a lost dispute that took as much, before or after, and is owed for it again once that is won', async () => {
    for (const isBefore of [true, false]) {
      const { shop, orderId, paymentId, refundId } = await openGoneInPart()
      value(await payRefundByHand(shop, byStaff(), { refundId }))
      if (!isBefore) await say(shop, refundId, 'failed')
      const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 6_000 })
      await decideAt(shop, disputeRef, 'lost')
      if (isBefore) {
        expect(await balances(shop, orderId)).toEqual([0, 1_700, -7_700, 0, 6_000, 0])
        await say(shop, refundId, 'failed')
      }
      expect((await stateOf(shop, refundId))?.status).toBe('chargedBack')
      expect(await settle(shop)).toBe(0)
      expect(await balances(shop, orderId)).toEqual([0, 7_700, -7_700, 0, 0, 0])
      await decideAt(shop, disputeRef, 'won')
      expect(await settle(shop)).toBe(0)
      expect(await balances(shop, orderId)).toEqual([0, 13_700, -7_700, 0, 0, -6_000])
      value(await payRefundByHand(shop, byStaff(), { refundId }))
      expect(await balances(shop, orderId)).toEqual([0, 13_700, -13_700, 0, 0, 0])
      await expectBooksToAgree(shop)
    }
  })

  it('is had in part by a lost dispute that took less: the gateway is sent only what both lack', async () => {
    const { shop, orderId, paymentId, refundId } = await openPaidInPart()
    const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 5_000 })
    await decideAt(shop, disputeRef, 'lost')
    expect(await settle(shop)).toBe(1)
    expect(await balances(shop, orderId)).toEqual([0, 7_700, -7_700, 0, 0, 0])
    // The 60.00 arrive all the same.
    await say(shop, refundId, 'failed', 6_000)
    expect(await balances(shop, orderId)).toEqual([0, 1_700, -7_700, 6_000, 0, 0])
    await expectBooksToAgree(shop)
  })
})
