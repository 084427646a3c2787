import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { recordRefund } from '../../../src/orders/paying/record-outcome.js'
import { decideRefund } from '../../../src/orders/refunds/decide-refund.js'
import { payRefundByHand, retryRefund } from '../../../src/orders/refunds/rescue-refund.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { offlineRefund } from '../../../src/payments/offline.js'
import type { Outcome } from '../../../src/payments/ports.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { entries } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const turnedAway = <Answer>(): Outcome<Answer> => ({
  kind: 'declined',
  error: { code: 'MerchantConfig', gatewayCode: 'account closed' },
})

/**
 * An order of 137.00 that was given up: the answer to its refund was lost, and the gateway turns everything away since, or
 * is gone.
 */
const openLost = async (refunded: boolean) => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  shop.gateway.scriptRefund({ kind: 'timeout', refunded, delivery: { times: 0 } })
  value(await cancelOrder(shop, by('ann'), { orderId }))
  const refundId = (await booksOf(shop)).refunds[0]?.id ?? ''
  const shut = { ...shop.gateway, refund: () => okAsync(turnedAway()), queryRefund: () => okAsync(turnedAway()) }
  const dead = { ...shop, gateways: { sandbox: shut } } as TestShop
  return { shop, dead, gone: { ...shop, gateways: {} } satisfies TestShop, orderId, refundId }
}

const said = (refundId: string, moved: boolean) => ({ refundId, moved, note: 'Looked it up on its pages.' })
const refundOf = async (shop: TestShop) => (await booksOf(shop)).refunds[0]?.state
const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state.status
const staffMay = async (shop: TestShop, orderId: string) =>
  value(await orderPage(shop, byStaff(), { orderId })).nextActions
const tell = async (shop: TestShop, refundId: string, status: 'succeeded' | 'failed') =>
  value(
    await recordRefund(shop, refundId, (refund, at) => [
      { type: 'RecordRefundSnapshot', snapshot: { ...offlineRefund(refund, at), status } },
    ]),
  )

describe('a refund of which the gateway does not say what became of it', () => {
  it('is decided by staff once it has been asked about for three days, and not before', async () => {
    const { shop, dead, orderId, refundId } = await openLost(true)
    const decidableAt = shop.clock.now() + 3 * daysMs
    shop.pass(3 * daysMs - 1)
    expect(await staffMay(dead, orderId)).toEqual([])
    expect((await decideRefund(dead, byStaff(), said(refundId, true)))._unsafeUnwrapErr()).toEqual({
      type: 'RefundNotInDoubt',
      refundId,
      status: 'unknown',
      decidableAt,
    })
    shop.pass(1)
    expect(await staffMay(dead, orderId)).toEqual(['decideRefund'])
    // It was asked about a moment ago, and the request may be on its way.
    const report = value(await settleRefunds(dead, { limit: 10 }))
    expect(report.failed).toEqual([{ id: refundId, reason: 'RefundOverdue' }])
    expect(await staffMay(dead, orderId)).toEqual([])
    shop.pass(minutesMs)
    expect(value(await decideRefund(dead, byStaff(), said(refundId, true))).status).toBe('succeeded')
    expect(await orderOf(shop)).toBe('cancelled')
    expect(balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:sandbox')).toBe(0)
    expect(await staffMay(dead, orderId)).toEqual([])
    expect((await decideRefund(dead, byStaff(), said(refundId, false)))._unsafeUnwrapErr()).toMatchObject({
      type: 'RefundNotInDoubt',
      decidableAt: null,
    })
    const log = await ask(shop, entries(auditLog, { where: [], limit: 100 }))
    expect(log.filter(({ body }) => body.action === 'orders.decideRefund')).toMatchObject([
      { body: { subject: refundId, outcome: 'done', detail: 'moved: Looked it up on its pages.' } },
    ])
    await expectBooksToAgree(shop)
  })

  it('is decided at once where the shop has the gateway no more; what moved is not sent or paid again', async () => {
    const { shop, gone, orderId, refundId } = await openLost(true)
    expect(await staffMay(gone, orderId)).toEqual(['decideRefund'])
    value(await decideRefund(gone, byStaff(), said(refundId, true)))
    expect((await payRefundByHand(gone, byStaff(), { refundId }))._unsafeUnwrapErr().type).toBe('RefundStateForbids')
    shop.pass(5 * daysMs)
    expect(value(await settleRefunds(gone, { limit: 10 })).failed).toEqual([])
    // The gateway says the same in the end.
    await tell(shop, refundId, 'succeeded')
    expect(shop.gateway.books().totals).toMatchObject([{ refundedMinor: 13_700 }])
    await expectBooksToAgree(shop)
  })

  it('is owed again where the gateway says that it failed after a person had said that it moved', async () => {
    const { shop, gone, orderId, refundId } = await openLost(false)
    value(await decideRefund(gone, byStaff(), said(refundId, true)))
    // By the gateway’s clock it had failed before.
    value(
      await recordRefund(shop, refundId, (refund, at) => [
        { type: 'RecordRefundSnapshot', snapshot: { ...offlineRefund(refund, at - 1), status: 'failed' } },
      ]),
    )
    expect((await refundOf(shop))?.status).toBe('failed')
    expect(await staffMay(shop, orderId)).toEqual(['retryRefund', 'payRefundByHand'])
    value(await retryRefund(shop, byStaff(), { refundId }))
    expect((await refundOf(shop))?.status).toBe('succeeded')
    expect(shop.gateway.books().totals).toMatchObject([{ refundedMinor: 13_700 }])
    await expectBooksToAgree(shop)
  })

  it('that did not move is paid by hand; where it had moved after all the payer owes one of the two', async () => {
    const { shop, gone, orderId, refundId } = await openLost(true)
    expect(value(await decideRefund(gone, byStaff(), said(refundId, false))).status).toBe('failed')
    expect(await staffMay(gone, orderId)).toEqual(['payRefundByHand'])
    value(await payRefundByHand(gone, byStaff(), { refundId }))
    expect(await orderOf(shop)).toBe('cancelled')
    await tell(shop, refundId, 'succeeded')
    expect(balanceOf((await booksOf(shop)).ledger, 'receivable:ann')).toBe(13_700)
    expect(await refundOf(shop)).toMatchObject({ status: 'paidManually' })
  })

  it('of which a part moved is paid by hand for the rest; what the gateway says later of that part counts before it', async () => {
    const { shop, gone, orderId, refundId } = await openLost(false)
    const part = { refundId, moved: false, goneMinor: 6_000, note: 'One of its two parts is there.' }
    expect(value(await decideRefund(gone, byStaff(), part)).status).toBe('failed')
    const { moneyBack } = value(await orderPage(shop, byStaff(), { orderId }))
    expect(moneyBack).toMatchObject([{ refundId, amountMinor: 13_700, goneMinor: 6_000, status: 'failed' }])
    const log = await ask(shop, entries(auditLog, { where: [], limit: 100 }))
    expect(log.filter(({ body }) => body.action === 'orders.decideRefund')).toMatchObject([
      { body: { detail: '6000 moved of it: One of its two parts is there.' } },
    ])
    value(await payRefundByHand(gone, byStaff(), { refundId }))
    const balances = async () => {
      const { ledger } = await booksOf(shop)
      const accounts = ['gatewayClearing:sandbox', 'bank', 'receivable:ann', 'refundInTransit'] as const
      return accounts.map((account) => balanceOf(ledger, account))
    }
    expect(await balances()).toEqual([7_700, -7_700, 0, 0])
    await expectBooksToAgree(shop)
    shop.pass(minutesMs)
    await tell(shop, refundId, 'succeeded')
    expect(await balances()).toEqual([0, -7_700, 7_700, 0])
    shop.pass(minutesMs)
    await tell(shop, refundId, 'failed')
    expect(await balances()).toEqual([13_700, -7_700, 0, -6_000])
    await expectBooksToAgree(shop)
  })

  it('of which a part moved on an earlier try, and is sent again and declined, is paid by hand for the rest too', async () => {
    const { shop, gone, orderId, refundId } = await openLost(false)
    value(await decideRefund(gone, byStaff(), { ...said(refundId, false), goneMinor: 6_000 }))
    shop.pass(minutesMs)
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InsufficientFunds' })
    expect(value(await retryRefund(shop, byStaff(), { refundId })).status).toBe('failed')
    expect(value(await orderPage(shop, byStaff(), { orderId })).moneyBack).toMatchObject([{ goneMinor: 6_000 }])
    value(await payRefundByHand(shop, byStaff(), { refundId }))
    expect(balanceOf((await booksOf(shop)).ledger, 'bank')).toBe(-7_700)
    await expectBooksToAgree(shop)
  })

  it('of which all or more moved in part, or a part of what moved, is no word that is taken', async () => {
    const { shop, gone, refundId } = await openLost(false)
    for (const goneMinor of [13_700, 13_701]) {
      const refused = await decideRefund(gone, byStaff(), { ...said(refundId, false), goneMinor })
      expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'RefundAmountInvalid', amountMinor: goneMinor })
    }
    for (const wrong of [
      { ...said(refundId, true), goneMinor: 6_000 },
      { ...said(refundId, false), goneMinor: -1 },
    ]) {
      expect((await decideRefund(gone, byStaff(), wrong))._unsafeUnwrapErr().type).toBe('InvalidInput')
    }
    expect(await refundOf(shop)).toMatchObject({ status: 'unknown' })
    expect(value(await decideRefund(gone, byStaff(), { ...said(refundId, false), goneMinor: 0 })).status).toBe('failed')
  })

  it.each([true, false])(
    'that did not move is asked about before it is sent again, so that it never goes twice (it had moved: %s)',
    async (refunded) => {
      const { shop, dead, orderId, refundId } = await openLost(refunded)
      shop.pass(3 * daysMs)
      value(await decideRefund(dead, byStaff(), said(refundId, false)))
      const sent: string[] = []
      const watched = {
        ...shop.gateway,
        refund: (request: Parameters<typeof shop.gateway.refund>[0]) => {
          sent.push(request.key)
          return shop.gateway.refund(request)
        },
      }
      const back = { ...shop, gateways: { sandbox: watched } }
      expect(await staffMay(back, orderId)).toEqual(['retryRefund', 'payRefundByHand'])
      value(await retryRefund(back, byStaff(), { refundId }))
      expect((await refundOf(shop))?.status).toBe('succeeded')
      expect(sent).toEqual(refunded ? [] : [`refund:${refundId}:2`])
      expect(shop.gateway.books().totals).toMatchObject([{ refundedMinor: 13_700 }])
      expect(await orderOf(shop)).toBe('cancelled')
      await expectBooksToAgree(shop)
    },
  )

  it('that did not move is the payer’s once the gateway says late that it had', async () => {
    const { shop, gone, refundId } = await openLost(true)
    value(await decideRefund(gone, byStaff(), said(refundId, false)))
    await tell(shop, refundId, 'succeeded')
    expect((await refundOf(shop))?.status).toBe('succeeded')
    expect((await payRefundByHand(gone, byStaff(), { refundId }))._unsafeUnwrapErr().type).toBe('RefundStateForbids')
    await expectBooksToAgree(shop)
  })
})
