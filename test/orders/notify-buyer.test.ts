import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../adapters/gateways/manual/index.js'
import { messages } from '../../src/notify/message.schema.js'
import { type TemplateName, writeMessage } from '../../src/notify/templates.js'
import { orderReactions } from '../../src/orders/messages/notify-buyer.js'
import { shipOrder } from '../../src/orders/parcels/ship-order.js'
import { payOrder } from '../../src/orders/paying/pay-order.js'
import { recordReceipt } from '../../src/orders/paying/record-receipt.js'
import { savePolicy } from '../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { closeUnpaidOrders } from '../../src/orders/sweep-orders.js'
import { minutesMs } from '../../src/shared/instant.js'
import { find } from '../../src/shared/read-plan.js'
import { runRelay } from '../../src/shared/relay.js'
import { ask } from './books-of.js'
import { by, byStaff, fillCart, givePoints, openShop, pay, place, type TestShop, value } from './open-shop.js'

const relay = async (shop: TestShop) => {
  for (const worker of ['one', 'two']) {
    const report = value(await runRelay(shop, orderReactions, { worker, limit: 1_000 }))
    expect([report.postponed, report.setAside]).toEqual([[], []])
    shop.pass(2 * minutesMs)
  }
}
const queued = async (shop: TestShop) =>
  (await ask(shop, find(messages, { where: [], limit: 100 }))).map(({ state }) => ({
    template: state.template,
    facts: state.facts,
    to: state.accountId,
  }))

const written = async (shop: TestShop, template: TemplateName) =>
  (await queued(shop))
    .filter((message) => message.template === template)
    .map(({ facts }) => ({
      en: writeMessage(template, facts, { locale: 'en' }).text,
      'zh-CN': writeMessage(template, facts, { locale: 'zh-CN' }).text,
    }))

describe('what the buyer is told', () => {
  it('is a failure with what to do, the payment, the parcel and the refund, each once', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId, orderNumber, payBy } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    await pay(shop, 'ann', orderId)
    await relay(shop)
    expect(await queued(shop)).toMatchObject([
      {
        template: 'paymentFailed',
        to: 'ann',
        facts: { orderNumber, amount: { minor: 13_700, currency: 'CNY' }, payBy: { at: payBy } },
      },
    ])
    await pay(shop, 'ann', orderId)
    value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', withShipping: true }))
    await relay(shop)
    await relay(shop)
    const told = await queued(shop)
    expect(told.map(({ template }) => template).sort()).toEqual([
      'orderShipped',
      'paymentFailed',
      'paymentSucceeded',
      'refundSucceeded',
    ])
    expect(told.find(({ template }) => template === 'paymentSucceeded')?.facts).toMatchObject({
      orderNumber,
      amount: { minor: 13_700, currency: 'CNY' },
      method: { en: 'WeChat Pay' },
    })
    expect(told.find(({ template }) => template === 'orderShipped')?.facts).toMatchObject({ trackingNumber: 'SF1' })
    expect(told.find(({ template }) => template === 'refundSucceeded')?.facts).toMatchObject({ amount: { minor: 800 } })
  })

  it('says number, amount, method and the day of shipping once it is paid', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId, orderNumber } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    await relay(shop)
    // Paid on 10 March in Shanghai; the terms give two days.
    expect(await written(shop, 'paymentSucceeded')).toEqual([
      {
        en: `We received CN¥137.00 by WeChat Pay for order ${orderNumber}. It will ship by 2026-03-12. There is nothing you need to do; we will tell you when it leaves.`,
        'zh-CN': `订单 ${orderNumber} 已收到付款 ¥137.00（微信支付），预计最晚 2026-03-12 发货。您无需其他操作，发货后会通知您。`,
      },
    ])
  })

  it('says why a payment failed, what to do next and until when', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId, orderNumber } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    await pay(shop, 'ann', orderId)
    await relay(shop)
    expect(await written(shop, 'paymentFailed')).toEqual([
      {
        en: `The payment of CN¥137.00 by WeChat Pay for order ${orderNumber} did not succeed. Your balance is not enough. Nothing was charged. Top up, or pay by another method. The order is kept for you until 2026-03-10 10:30 +08:00; please pay by then.`,
        'zh-CN': `订单 ${orderNumber} 的付款 ¥137.00（微信支付）未成功。余额不足，未扣款。请充值后重试，或更换支付方式。订单为您保留至 2026-03-10 10:30 +08:00，请在此之前完成支付。`,
      },
    ])
  })

  it('tells the worth of the points where points pay all of it', async () => {
    const shop = await openShop()
    const { policyId: _, points, ...terms } = defaultShopPolicy
    if (points === null) throw new Error('the default terms have points')
    const whole = { ...points, spend: { ...points.spend, capBasisPoints: 10_000 } }
    value(await savePolicy(shop, byStaff(), { ...terms, points: whole }))
    await givePoints(shop, 'ann', 100_000)
    await fillCart(shop, 'ann', [['kettle', 4]])
    // 516.00 in points; carriage is free from 500.00.
    const { orderNumber } = await place(shop, 'ann', { points: 100_000 })
    await relay(shop)
    expect((await written(shop, 'paymentSucceeded')).map(({ en }) => en)).toEqual([
      `We received CN¥516.00 by Points for order ${orderNumber}. It will ship by 2026-03-12. There is nothing you need to do; we will tell you when it leaves.`,
    ])
  })

  it('says that an order was closed because paying it failed too often', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    for (let count = 0; count < 3; count += 1) {
      shop.gateway.script({ kind: 'decline', code: 'InstrumentDeclined' })
      await pay(shop, 'ann', orderId)
    }
    await relay(shop)
    const [told, ...more] = await written(shop, 'orderClosed')
    expect(more).toEqual([])
    expect(told?.en).toContain('is closed: paying it failed too often.')
    expect(told?.['zh-CN']).toContain('已关闭：支付失败次数过多。')
  })

  it('is that an unpaid order was closed', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    await place(shop, 'ann')
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 9 }))
    await relay(shop)
    expect((await queued(shop)).map(({ template }) => template)).toEqual(['orderClosed'])
  })

  it('is that a transfer was too little, once a line, and at the end not that nothing was paid', async () => {
    const opened = await openShop()
    const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })
    const shop = { ...opened, gateways: { ...opened.gateways, manual } }
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId, orderNumber } = await place(shop, 'ann')
    const transfer = { orderId, gatewayId: 'manual', method: 'bankTransfer' } as const
    const { paymentId } = value(await payOrder(shop, by('ann'), transfer))
    const line = { paymentId, currency: 'CNY', amountMinor: 12_000, reference: 'LINE-1' }
    value(await recordReceipt(shop, byStaff(), line))
    value(await recordReceipt(shop, byStaff(), line))
    value(await recordReceipt(shop, byStaff(), { ...line, amountMinor: 500, reference: 'LINE-2' }))
    const told = (amount: string, missing: string) =>
      `We received CN¥${amount} by Bank transfer for order ${orderNumber}; CN¥${missing} is still missing. The order is kept for you until 2026-03-10 10:30 +08:00; please pay the rest by then.`
    expect((await written(shop, 'paymentTooLow')).map(({ en }) => en).sort()).toEqual([
      told('120.00', '17.00'),
      told('5.00', '12.00'),
    ])
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 9 }))
    await relay(shop)
    expect(await written(shop, 'orderClosed')).toEqual([])
    expect(await written(shop, 'orderClosedPaidAmiss')).toHaveLength(1)
  })

  it('is no failure once another attempt has paid', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'decline', code: 'InstrumentDeclined' })
    await pay(shop, 'ann', orderId)
    await pay(shop, 'ann', orderId)
    await relay(shop)
    expect((await queued(shop)).map(({ template }) => template)).toEqual(['paymentSucceeded'])
  })
})
