import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { messages } from '../../../src/notify/message.schema.js'
import { type TemplateName, writeMessage } from '../../../src/notify/templates.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { orderReactions } from '../../../src/orders/notices/notify-buyer.js'
import { captureAndShip, shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { rejectHold } from '../../../src/orders/watch/reject-hold.js'
import { reportPayment } from '../../../src/orders/watch/report-payment.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { runReplay } from '../../../src/shared/replay.js'
import { ask, booksOf } from '../books-of.js'
import { openEditShop } from '../editing/open-edit-shop.js'
import { by, byStaff, fillCart, givePoints, openShop, pay, place, type TestShop, value } from '../open-shop.js'

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
  it('goes out also where it could be said only days later, but not where a replay tells what is old', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    shop.pass(2 * daysMs)
    const late = orderReactions.filter(({ name }) => name === 'orders.tellPaid')
    const [tellPaid] = late
    const queuedAt = async () =>
      (await ask(shop, find(messages, { where: [], limit: 100 }))).map(({ state }) => state.queuedAt)
    for (const worker of ['one', 'two']) value(await runRelay(shop, late, { worker, limit: 1_000 }))
    expect(await queuedAt()).toEqual([shop.clock.now()])

    // A newcomer is told of the same.
    if (tellPaid === undefined) throw new Error('no reaction')
    await fillCart(shop, 'bob', [['kettle', 1]])
    const other = await place(shop, 'bob')
    await pay(shop, 'bob', other.orderId)
    const paidAt = shop.clock.now()
    shop.pass(2 * daysMs)
    expect(value(await runReplay(shop, tellPaid)).failed).toBeNull()
    expect((await queuedAt()).sort()).toEqual([paidAt, paidAt])
  })

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

  it('is what was taken out of it, where the money held for it came to its end, once', async () => {
    const shop = await openShop()
    const { policyId: _, ...terms } = defaultShopPolicy
    value(await savePolicy(shop, byStaff(), { ...terms, capture: 'onShipment' }))
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['mug', 2],
      ['lamp', 1],
    ])
    const { orderId, orderNumber } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    value(await captureAndShip(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1', lines }))
    for (let day = 0; day < 9; day += 1) {
      shop.pass(daysMs)
      value(await settlePayments(shop, { limit: 10 }))
    }
    for (const _turn of [1, 2]) await relay(shop)
    expect((await booksOf(shop)).refunds).toEqual([])
    expect(await written(shop, 'piecesTakenOut')).toEqual([
      {
        en: `These pieces of order ${orderNumber} will not come; they were taken out of it:\nmug × 2\nlamp × 1\nWhat you have paid for them goes back to where it came from; what was only held, or was to be paid on delivery, is not taken. There is nothing you need to do. If you still want them, order again or contact the shop.`,
        'zh-CN': `订单 ${orderNumber} 中的以下商品不再发货，已从订单中移除：\nmug × 2\nlamp × 1\n已为其支付的款项将原路退回；仅预授权或货到付款的款项不再收取。您无需其他操作；如仍需要，请重新下单或联系商店。`,
      },
    ])
    expect((await queued(shop)).filter(({ template }) => template === 'piecesTakenOut').map(({ to }) => to)).toEqual([
      'ann',
    ])
  })

  it('is what staff took out of it by turning it down, and not what the buyer took out', async () => {
    const shop = await openEditShop()
    const orderIds: string[] = []
    for (const buyer of ['ann', 'bob']) {
      await fillCart(shop, buyer, [
        ['kettle', 1],
        ['mug', 1],
      ])
      const { orderId } = await place(shop, buyer)
      await pay(shop, buyer, orderId)
      const lines = [{ lineId: 'kettle-1', quantity: 1 }]
      value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: `SF-${buyer}`, lines }))
      orderIds.push(orderId)
    }
    const [turnedDown = '', own = ''] = orderIds
    value(await reportPayment(shop, by('ann'), { orderId: turnedDown }))
    value(await rejectHold(shop, byStaff(), { orderId: turnedDown }))
    await relay(shop)
    const first = await written(shop, 'piecesTakenOut')
    expect(first.map(({ en }) => en.includes('\nmug × 1\n'))).toEqual([true])
    const change = { orderId: own, lines: [{ lineId: 'mug-2', quantity: 0 }] }
    const { hash } = value(await previewEdit(shop, by('bob'), change))
    value(await applyEdit(shop, by('bob'), { ...change, hash }))
    await relay(shop)
    expect(await written(shop, 'piecesTakenOut')).toEqual(first)
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
      `We received CN¥${amount} by Bank transfer for order ${orderNumber}; CN¥${missing} is still missing. The order is kept for you until 2026-03-17 10:00 +08:00; please pay the rest by then.`
    expect((await written(shop, 'paymentTooLow')).map(({ en }) => en).sort()).toEqual([
      told('120.00', '17.00'),
      told('5.00', '12.00'),
    ])
    shop.pass(7 * daysMs)
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
