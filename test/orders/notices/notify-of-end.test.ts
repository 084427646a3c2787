import { describe, expect, it } from 'vitest'
import { messages } from '../../../src/notify/message.schema.js'
import { type TemplateName, writeMessage } from '../../../src/notify/templates.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand, retryRefund } from '../../../src/orders/refunds/rescue-refund.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { endHolds } from '../../../src/orders/watch/end-holds.js'
import { reportPayment } from '../../../src/orders/watch/report-payment.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { ask } from '../books-of.js'
import { hear } from '../editing/open-edit-shop.js'
import { deliver as handOver, openUnpaidShop, orderUnpaid, send } from '../on-delivery/on-delivery-shop.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import { noticesOf } from './notices-of.js'

/** An order of one kettle, 137.00 with carriage. */
const buyKettle = async (shop: TestShop, buyer: string) => {
  await fillCart(shop, buyer, [['kettle', 1]])
  return place(shop, buyer)
}

/** The same, paid. */
const openPaid = async (shop: TestShop, buyer: string) => {
  const placed = await buyKettle(shop, buyer)
  await pay(shop, buyer, placed.orderId)
  return placed
}

const written = async (shop: TestShop, template: TemplateName) =>
  (await ask(shop, find(messages, { where: [], limit: 100 })))
    .map(({ state }) => state)
    .filter((message) => message.template === template)
    .map(({ facts }) => (['en', 'zh-CN'] as const).map((locale) => writeMessage(template, facts, { locale }).text))

/** Who was told what, beside that they have paid. */
const toldOf = async (shop: TestShop) =>
  (await noticesOf(shop)).filter(([, template]) => template !== 'paymentSucceeded').map((told) => told.join(' '))

describe('a whole order that is given up', () => {
  it('by the shop or by the clock is told to its buyer at once, and once; by the buyer it is not', async () => {
    const shop = await openShop()
    const { orderId: reported } = await openPaid(shop, 'ann')
    const { orderId: paid, orderNumber } = await openPaid(shop, 'bob')
    const { orderId: unpaid } = await buyKettle(shop, 'cat')
    const { orderId: own } = await openPaid(shop, 'dan')
    value(await reportPayment(shop, by('ann'), { orderId: reported }))
    // Of Bob's the refund is under way: that the order will not come is told before the money is there.
    shop.gateway.scriptRefund({ kind: 'pending' })
    value(await cancelOrder(shop, byStaff(), { orderId: paid }))
    expect(await toldOf(shop)).toEqual(['bob orderCancelled'])
    value(await cancelOrder(shop, byStaff(), { orderId: unpaid }))
    value(await cancelOrder(shop, by('dan'), { orderId: own }))
    shop.pass(2 * daysMs)
    expect(value(await endHolds(shop, { limit: 10 })).done).toBe(1)
    expect(shop.gateway.settleRefund(shop.gateway.books().refunds[0]?.refundRef ?? '')).toBe(true)
    value(await settleRefunds(shop, { limit: 10 }))
    for (const _turn of [1, 2]) await noticesOf(shop)
    expect(await toldOf(shop)).toEqual([
      ...['ann orderCancelled', 'ann refundSucceeded'],
      ...['bob orderCancelled', 'bob refundSucceeded'],
      ...['cat orderCancelled', 'dan refundSucceeded'],
    ])
    expect((await written(shop, 'orderCancelled')).filter(([en]) => en?.includes(orderNumber))).toEqual([
      [
        `Order ${orderNumber} is cancelled and will not come. What you have paid for it goes back to you; what was only held, or was to be paid on delivery, is not taken. There is nothing you need to do. If you still want it, order again or contact the shop.`,
        `订单 ${orderNumber} 已取消，不再发货。已支付的款项将退还给您；仅预授权或货到付款的款项不再收取。您无需其他操作；如仍需要，请重新下单或联系商店。`,
      ],
    ])
  })
})

describe('what becomes of a refund', () => {
  it('is told where it did not arrive, and that a person has paid it another way', async () => {
    const shop = await openShop()
    const { orderId, orderNumber } = await openPaid(shop, 'ann')
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    const { refundId } = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 500 }))
    for (const _turn of [1, 2]) expect(await toldOf(shop)).toEqual(['ann refundFailed'])
    expect(await written(shop, 'refundFailed')).toEqual([
      [
        `The refund of CN¥5.00 for order ${orderNumber} did not arrive. It is still owed to you: the shop sends it again, or pays it another way. There is nothing you need to do; if the account that you paid from is closed, please contact the shop.`,
        `订单 ${orderNumber} 的退款 ¥5.00 未能到账。款项仍应退还给您，商店将重新退款或以其他方式支付。您无需其他操作；如付款时所用的账户已停用，请联系商店。`,
      ],
    ])
    value(await payRefundByHand(shop, byStaff(), { refundId }))
    expect(await toldOf(shop)).toEqual(['ann refundFailed', 'ann refundPaidByHand'])
    expect(await written(shop, 'refundPaidByHand')).toEqual([
      [
        `The shop has paid you the refund of CN¥5.00 for order ${orderNumber} by another way than it was paid. If you do not have it, please contact the shop.`,
        `订单 ${orderNumber} 的退款 ¥5.00 已由商店以其他方式支付给您，未原路退回。如未收到，请联系商店。`,
      ],
    ])
  })

  it('is told where it came back after it had arrived, and not where it has gone again before anybody was told', async () => {
    const shop = await openShop()
    for (const [buyer, template] of [
      ['ann', 'refundFailed'],
      ['bob', 'refundSucceeded'],
    ] as const) {
      const { orderId } = await openPaid(shop, buyer)
      const { refundId } = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 500 }))
      expect(await toldOf(shop)).toContain(`${buyer} refundSucceeded`)
      shop.pass(minutesMs)
      expect(shop.gateway.failRefund(refundId, 'InstrumentInvalid', { times: 1 })).toBe(true)
      await hear(shop)
      if (template === 'refundSucceeded') {
        shop.pass(minutesMs)
        expect(value(await retryRefund(shop, byStaff(), { refundId })).status).toBe('succeeded')
      }
      expect((await toldOf(shop)).filter((told) => told.startsWith(buyer))).toContain(`${buyer} ${template}`)
    }
    expect((await toldOf(shop)).filter((told) => told.endsWith('refundFailed'))).toEqual(['ann refundFailed'])
  })

  it('of what was paid in cash is not told to be where it was paid from', async () => {
    const shop = await openUnpaidShop()
    const { orderId } = await orderUnpaid(shop, 'ann', [['kettle', 1]])
    const { parcelId, collectMinor } = await send(shop, orderId)
    value(await handOver(shop, parcelId, collectMinor))
    const { refundId } = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 500 }))
    value(await payRefundByHand(shop, byStaff(), { refundId }))
    const told = await toldOf(shop)
    expect(told).toContain('ann refundPaidByHand')
    expect(told).not.toContain('ann refundSucceeded')
  })
})
