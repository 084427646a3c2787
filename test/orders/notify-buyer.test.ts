import { describe, expect, it } from 'vitest'
import { messages } from '../../src/notify/message.schema.js'
import { orderReactions } from '../../src/orders/notify-buyer.js'
import { refundOrder } from '../../src/orders/refund-order.js'
import { shipOrder } from '../../src/orders/ship-order.js'
import { closeUnpaidOrders } from '../../src/orders/sweep-orders.js'
import { minutesMs } from '../../src/shared/instant.js'
import { find } from '../../src/shared/read-plan.js'
import { runRelay } from '../../src/shared/relay.js'
import { ask } from './books-of.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop, value } from './open-shop.js'

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

  it('is that an unpaid order was closed', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    await place(shop, 'ann')
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 9 }))
    await relay(shop)
    expect((await queued(shop)).map(({ template }) => template)).toEqual(['orderClosed'])
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
