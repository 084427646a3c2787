import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { recordRefund } from '../../../src/orders/paying/record-outcome.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { retryRefund } from '../../../src/orders/refunds/rescue-refund.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { offlineRefund } from '../../../src/payments/offline.js'
import { daysMs, minutesMs, secondsMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const orderOf = async (shop: TestShop, buyer = 'ann') => {
  await fillCart(shop, buyer, [['kettle', 1]])
  return (await place(shop, buyer)).orderId
}

describe('money that could get stuck', () => {
  it('a sweep is not held up by payments and refunds whose gateway is gone', async () => {
    const gone = createSandboxGateway({
      gatewayId: 'gone',
      now: () => 0,
      keys: [{ keyId: 'k', secret: 'another secret' }],
    })
    const shop = await openShop()
    const both = { ...shop, gateways: { ...shop.gateways, gone } }
    const lost = await orderOf(shop, 'bob')
    gone.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    value(await payOrder(both, by('bob'), { orderId: lost, gatewayId: 'gone', method: 'wechatPay' }))
    const refunded = await orderOf(shop, 'eve')
    value(await payOrder(both, by('eve'), { orderId: refunded, gatewayId: 'gone', method: 'wechatPay' }))
    gone.scriptRefund({ kind: 'timeout', refunded: false })
    value(await cancelOrder(both, by('eve'), { orderId: refunded }))
    shop.pass(secondsMs)
    const orderId = await orderOf(shop)
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    await pay(shop, 'ann', orderId)
    shop.pass(minutesMs)
    // One at a time: the one that fails is first, and must not be first again.
    const turns = []
    for (let turn = 0; turn < 3; turn += 1) turns.push(value(await settlePayments(shop, { limit: 1 })))
    expect(turns.flatMap(({ failed }) => failed.map(({ reason }) => reason))).toContain('GatewayUnknown')
    expect((await booksOf(shop)).orders.find(({ id }) => id === orderId)?.state.status).toBe('paid')

    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    shop.pass(minutesMs)
    for (let turn = 0; turn < 3; turn += 1) value(await settleRefunds(shop, { limit: 1 }))
    expect((await booksOf(shop)).orders.find(({ id }) => id === orderId)?.state.status).toBe('cancelled')
    await expectBooksToAgree(shop)
  })

  it('scenario 14: a refund that was accepted and moved no money is not done until the gateway says how much went back', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop)
    await pay(shop, 'ann', orderId)
    shop.gateway.scriptRefund({ kind: 'pending' })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    for (let turn = 0; turn < 3; turn += 1) {
      shop.pass(60 * minutesMs)
      value(await settleRefunds(shop, { limit: 10 }))
      const { orders, refunds, ledger } = await booksOf(shop)
      expect([orders[0]?.state.status, refunds[0]?.state.status]).toEqual(['cancelling', 'pending'])
      expect(balanceOf(ledger, 'refundInTransit')).toBe(-13_700)
    }
    const [refundRef = ''] = shop.gateway.books().refunds.map((refund) => refund.refundRef)
    shop.gateway.settleRefund(refundRef)
    shop.pass(60 * minutesMs)
    value(await settleRefunds(shop, { limit: 10 }))
    const { orders, refunds, ledger } = await booksOf(shop)
    expect([orders[0]?.state.status, refunds[0]?.state.status]).toEqual(['cancelled', 'succeeded'])
    expect([balanceOf(ledger, 'refundInTransit'), balanceOf(ledger, 'gatewayClearing:sandbox')]).toEqual([0, 0])
    expect(shop.gateway.books().refunds).toHaveLength(1)
    await expectBooksToAgree(shop)
  })

  it('scenario 13: a refund that the gateway has never heard of is sent again under its reference, and goes back once', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop)
    await pay(shop, 'ann', orderId)
    shop.gateway.scriptRefund({ kind: 'pending' })
    const sent: string[] = []
    let known = false
    const forgetful = {
      ...shop.gateway,
      refund: (request: Parameters<typeof shop.gateway.refund>[0]) => {
        sent.push(`${request.refundRef} ${request.amount.minor}`)
        return shop.gateway.refund(request)
      },
      queryRefund: (question: Parameters<typeof shop.gateway.queryRefund>[0]) =>
        known ? shop.gateway.queryRefund(question) : okAsync({ kind: 'ok', value: 'notFound' } as const),
    }
    const asked = { ...shop, gateways: { sandbox: forgetful } }
    value(await cancelOrder(asked, by('ann'), { orderId }))
    shop.pass(minutesMs)
    value(await settleRefunds(asked, { limit: 10 }))
    // Not at every turn: when the next question is due.
    value(await settleRefunds(asked, { limit: 10 }))
    const [refundRef = ''] = shop.gateway.books().refunds.map((refund) => refund.refundRef)
    expect(sent).toEqual([`${refundRef} 13700`, `${refundRef} 13700`])
    shop.gateway.settleRefund(refundRef)
    known = true
    shop.pass(60 * minutesMs)
    value(await settleRefunds(asked, { limit: 10 }))
    expect((await booksOf(shop)).refunds.map(({ state }) => state.status)).toEqual(['succeeded'])
    expect(shop.gateway.books().totals).toMatchObject([{ capturedMinor: 13_700, refundedMinor: 13_700 }])
    await expectBooksToAgree(shop)
  })

  it('scenario 13: a refund whose answer was lost is asked for under its key again as it was, and for another amount nothing is sent', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 2]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const sent: (readonly [refundRef: string, key: string, minor: number])[] = []
    const counting = {
      ...shop.gateway,
      refund: (request: Parameters<typeof shop.gateway.refund>[0]) => {
        sent.push([request.refundRef, request.key, request.amount.minor])
        return shop.gateway.refund(request)
      },
    }
    const asked = { ...shop, gateways: { sandbox: counting } }
    const refund = (quantity: number) =>
      refundOrder(asked, byStaff('back'), { orderId, reason: 'goodwill', lines: [{ lineId: 'kettle-1', quantity }] })
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: true, delivery: { times: 0 } })
    const first = value(await refund(1))
    expect(sent.map(([refundRef, , minor]) => [refundRef, minor])).toEqual([[first.refundId, 12_900]])
    expect((await refund(2))._unsafeUnwrapErr()).toMatchObject({ type: 'IdempotencyKeyReused' })
    expect(sent).toHaveLength(1)
    expect(value(await refund(1))).toMatchObject({ refundId: first.refundId, cashMinor: 12_900 })
    shop.pass(minutesMs)
    value(await settleRefunds(asked, { limit: 10 }))
    expect(sent.length).toBeGreaterThan(1)
    expect(new Set(sent.map((each) => each.join(' '))).size).toBe(1)
    expect(shop.gateway.books().refunds).toHaveLength(1)
    expect(shop.gateway.books().totals).toMatchObject([{ refundedMinor: 12_900 }])
    expect((await booksOf(shop)).refunds.map(({ state }) => state.status)).toEqual(['succeeded'])
    await expectBooksToAgree(shop)
  })

  it('a refund of which nobody knows is no new one, whatever staff press; nor is it once the gateway forgot its key', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop)
    await pay(shop, 'ann', orderId)
    const { capabilities } = shop.gateway
    const did: string[] = []
    const forgetful = {
      ...shop.gateway,
      capabilities: { ...capabilities, idempotency: { style: 'key' as const, windowMs: daysMs } },
      refund: (request: Parameters<typeof shop.gateway.refund>[0]) => {
        did.push(request.key.replace(request.refundRef, 'refund'))
        return shop.gateway.refund(request)
      },
      queryRefund: (question: Parameters<typeof shop.gateway.queryRefund>[0]) => {
        did.push('asked')
        return shop.gateway.queryRefund(question)
      },
    }
    const asked = { ...shop, gateways: { sandbox: forgetful } }
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
    value(await cancelOrder(asked, by('ann'), { orderId }))
    const refundId = (await booksOf(shop)).refunds[0]?.id ?? ''
    const forbidden = (status: string) => ({ error: { type: 'RefundStateForbids', status } })
    expect(await retryRefund(asked, byStaff(), { refundId })).toMatchObject(forbidden('unknown'))
    shop.pass(minutesMs)
    // Within the time that the key is kept the same request is one request.
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
    value(await settleRefunds(asked, { limit: 10 }))
    expect(await retryRefund(asked, byStaff(), { refundId })).toMatchObject(forbidden('unknown'))
    expect(did).toEqual(['refund:refund:1', 'refund:refund:1'])
    shop.pass(2 * daysMs)
    value(await settleRefunds(asked, { limit: 10 }))
    expect(did.slice(2)).toEqual(['asked', 'refund:refund:1'])
    expect(await retryRefund(asked, byStaff(), { refundId })).toMatchObject(forbidden('succeeded'))
    expect(shop.gateway.books().totals).toMatchObject([{ capturedMinor: 13_700, refundedMinor: 13_700 }])
    await expectBooksToAgree(shop)
  })

  it('a paid order of which everything went back can still be given up, and its stock is free again', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop)
    await pay(shop, 'ann', orderId)
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines, withShipping: true }))
    expect(value(await cancelOrder(shop, byStaff(), { orderId })).status).toBe('cancelled')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    expect(shop.gateway.books().refunds).toHaveLength(1)
    await expectBooksToAgree(shop)
  })

  it('waits for the last refund where one is on its way when the order is given up', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop)
    await pay(shop, 'ann', orderId)
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines, withShipping: true }))
    const cancelled = value(await cancelOrder(shop, byStaff(), { orderId }))
    shop.pass(minutesMs)
    value(await settleRefunds(shop, { limit: 5 }))
    expect(['cancelling', 'cancelled']).toContain(cancelled.status)
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('cancelled')
    expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([13_700])
    await expectBooksToAgree(shop)
  })

  it('a refund that came back after the order was cancelled shows as failed, and is sent again', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop)
    await pay(shop, 'ann', orderId)
    const { refundIds } = value(await cancelOrder(shop, by('ann'), { orderId }))
    const refundId = refundIds[0] ?? ''
    expect(value(await orderPage(shop, by('ann'), { orderId }))).toMatchObject({ state: 'cancelled', refund: 'whole' })
    shop.pass(minutesMs)
    value(
      await recordRefund(shop, refundId, (refund, at) => [
        {
          type: 'RecordRefundSnapshot',
          snapshot: { ...offlineRefund(refund, at), status: 'failed', failure: 'InstrumentInvalid' },
        },
      ]),
    )
    expect(value(await orderPage(shop, by('ann'), { orderId }))).toMatchObject({ state: 'cancelled', refund: 'failed' })
    shop.pass(minutesMs)
    expect(value(await retryRefund(shop, byStaff(), { refundId })).status).not.toBe('failed')
    await expectBooksToAgree(shop)
  })
})
