import { expect, it } from 'vitest'
import { messages } from '../../../src/notify/message.schema.js'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { showStatement } from '../../../src/orders/books/show-statement.js'
import { tellBill } from '../../../src/orders/books/tell-bill.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { hoursMs, minutesMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, pay, place, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'
import { decideAt, deliver, dispute, owe } from './disputed.js'

/** A kettle of the shop's and a lamp of `lights`, 59.00, paid at once; the lamp's money is owed back when a bank holds all of it. */
const openDivided = async () => {
  const shop = await openMall()
  await fillCart(shop, 'ann', [
    ['kettle', 1],
    ['lamp', 1],
  ])
  const from = shop.clock.now()
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', orderId)
  await deliver(shop)
  const { orderIds } = value(await orderPage(shop, byStaff(), { orderId }))
  const parts = await Promise.all(orderIds.map(async (id) => value(await orderPage(shop, byStaff(), { orderId: id }))))
  const lamp = parts.find(({ lines }) => lines[0]?.sku === 'lamp')
  const kettle = parts.find(({ lines }) => lines[0]?.sku === 'kettle')
  const owed = await owe(shop, lamp?.orderId ?? '', lamp?.lines[0]?.lineId ?? '')
  const { disputeRef } = await dispute(shop, paymentId)
  const billsOf = async () =>
    Object.fromEntries(
      value(await listBills(shop, by('ann'))).bills.map(({ orderId: id, status, refundedMinor }) => [
        id === lamp?.orderId ? 'lamp' : 'kettle',
        [status, refundedMinor],
      ]),
    )
  const sumsOf = async (merchantId: string) =>
    value(
      await showStatement(shop, { actor: { kind: 'merchant', merchantId } }, { from, to: shop.clock.now() + hoursMs }),
    ).sums?.[0]
  const mails = async () => {
    for (const worker of ['one', 'two']) {
      value(await runRelay(shop, [tellBill], { worker, limit: 1_000 }))
      shop.pass(2 * minutesMs)
    }
    const sent = await ask(shop, find(messages, { where: [], limit: 100 }))
    return sent.map(({ state }) =>
      state.cause.replace(lamp?.orderId ?? '', 'lamp').replace(kettle?.orderId ?? '', 'kettle'),
    )
  }
  const paid = { lamp: lamp?.totals.payableMinor ?? 0, kettle: kettle?.totals.payableMinor ?? 0 }
  return { shop, owed: owed.cashMinor, paid, disputeRef, billsOf, sumsOf, mails }
}

it('what a lost dispute of a divided checkout pays of a refund is given back by that order’s bill and its merchant’s statement', async () => {
  const { shop, owed, paid, disputeRef, billsOf, sumsOf, mails } = await openDivided()
  expect(owed).toBe(5_900)
  const before = await mails()
  await decideAt(shop, disputeRef, 'lost')
  expect(await billsOf()).toEqual({ lamp: ['partRefunded', 5_900], kettle: ['paid', 0] })
  expect(await sumsOf('lights')).toMatchObject({ paidMinor: paid.lamp, refundedMinor: 0, chargedBackMinor: 5_900 })
  expect(await sumsOf('self')).toMatchObject({ paidMinor: paid.kettle, refundedMinor: 0, chargedBackMinor: 0 })
  // Nobody is told on that day that the kettle is paid.
  expect((await mails()).filter((cause) => !before.includes(cause))).toEqual(['bill/lamp/partRefunded'])
  await expectBooksToAgree(shop)
})

it('and once, also where the bank comes back on its word and the refund is sent', async () => {
  const { shop, paid, disputeRef, billsOf, sumsOf } = await openDivided()
  await decideAt(shop, disputeRef, 'lost')
  await decideAt(shop, disputeRef, 'won')
  value(await settleRefunds(shop, { limit: 10 }))
  expect(await billsOf()).toEqual({ lamp: ['partRefunded', 5_900], kettle: ['paid', 0] })
  expect(await sumsOf('lights')).toMatchObject({ paidMinor: paid.lamp, refundedMinor: 5_900, chargedBackMinor: 0 })
  await expectBooksToAgree(shop)
})
