import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { closeUnpaidOrders } from '../../../src/orders/sweep-orders.js'
import { reportFailures } from '../../../src/orders/watch/report-failures.js'
import type { GatewayErrorCode } from '../../../src/payments/gateway-error.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const failing = async (shop: TestShop, buyer: string, codes: readonly GatewayErrorCode[]) => {
  await fillCart(shop, buyer, [['mug', 1]])
  const { orderId } = await place(shop, buyer)
  for (const code of codes) {
    shop.gateway.script({ kind: 'decline', code })
    await pay(shop, buyer, orderId)
    shop.pass(1_000)
  }
  return orderId
}

describe('the report of failed payments', () => {
  it('is by gateway, method and reason, tells what was paid after all, and leaves out what nobody knows', async () => {
    const shop = await openShop()
    const from = shop.clock.now()
    await pay(shop, 'ann', await failing(shop, 'ann', ['InsufficientFunds', 'InstrumentInvalid']))
    await failing(shop, 'bob', ['InsufficientFunds'])
    const open = await failing(shop, 'cat', [])
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    await pay(shop, 'cat', open)
    const report = value(await reportFailures(shop, byStaff(), { from, to: from + hoursMs }))
    const of = { gatewayId: 'sandbox', method: 'wechatPay' }
    expect(report).toEqual({
      from,
      to: from + hoursMs,
      attempts: 5,
      failed: 3,
      recovered: 2,
      recoveredBasisPoints: 6_667,
      unknown: 1,
      rows: [
        { ...of, code: 'InsufficientFunds', failed: 2, recovered: 1 },
        { ...of, code: 'InstrumentInvalid', failed: 1, recovered: 1 },
      ],
    })
    const later = { from: from + hoursMs, to: from + 2 * hoursMs }
    expect(value(await reportFailures(shop, byStaff(), later))).toMatchObject({
      attempts: 0,
      recoveredBasisPoints: null,
    })
  })

  it('counts as recovered what a transfer paid whose attempt had ended, and not what went back as it came too late', async () => {
    const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })
    const opened = await openShop()
    const shop = { ...opened, gateways: { ...opened.gateways, manual } }
    const from = shop.clock.now()
    const transfer = async (buyer: string) => {
      const orderId = await failing(shop, buyer, ['InsufficientFunds'])
      const asked = { orderId, gatewayId: 'manual', method: 'bankTransfer' } as const
      const { paymentId } = value(await payOrder(shop, by(buyer), asked))
      value(await queryPayment(shop, by(buyer), { orderId, unpaid: true }))
      const money = { amountMinor: 1_900 + 800, currency: 'CNY', reference: `STMT-${buyer}` }
      return { orderId, receive: async () => value(await recordReceipt(shop, byStaff(), { paymentId, ...money })) }
    }
    const recovered = async () => {
      const { failed, recovered: count } = value(
        await reportFailures(shop, byStaff(), { from, to: from + 3 * hoursMs }),
      )
      return [failed, count]
    }
    const [kept, late] = [await transfer('ann'), await transfer('bob')]
    expect((await kept.receive()).orderStatus).toBe('paid')
    expect(await recovered()).toEqual([2, 1])
    // Given up since, it was recovered all the same.
    value(await cancelOrder(shop, by('ann'), { orderId: kept.orderId }))
    expect(await recovered()).toEqual([2, 1])
    shop.pass(7 * daysMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await late.receive()).toMatchObject({ orderStatus: 'closed', refundDue: { amountMinor: 2_700 } })
    expect(await recovered()).toEqual([2, 1])
  })

  it('counts as recovered what took money for the same later, be the order given up since, and nothing of other purposes', async () => {
    const shop = await openShop()
    const from = shop.clock.now()
    const orderId = await failing(shop, 'ann', ['InsufficientFunds'])
    await pay(shop, 'ann', orderId)
    value(await cancelOrder(shop, by('ann'), { orderId }))
    // One of two payers has paid; the other’s failure is not made good by that.
    const sharedId = await failing(shop, 'bob', [])
    const payers = [
      { accountId: 'bob', part: { by: 'share', share: 1 } },
      { accountId: 'cat', part: { by: 'share', share: 1 } },
    ] as const
    value(await sharePayment(shop, by('bob'), { orderId: sharedId, payers }))
    const part = { orderId: sharedId, gatewayId: 'sandbox', method: 'wechatPay' } as const
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    value(await payShare(shop, by('cat'), part))
    await pay(shop, 'bob', sharedId)
    const report = value(await reportFailures(shop, byStaff(), { from, to: from + hoursMs }))
    expect(report).toMatchObject({ failed: 2, recovered: 1 })
  })
})
