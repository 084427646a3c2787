import { describe, expect, it } from 'vitest'
import type { PaymentScript } from '../../../adapters/gateways/sandbox/index.js'
import { decideDispute } from '../../../src/orders/disputes/decide-dispute.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { listDisputes } from '../../../src/payments/list-disputes.js'
import { hoursMs, minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { choose, courier } from '../on-delivery/on-delivery-shop.js'
import { by, byStaff, fillCart, pay, place, type TestShop, value } from '../open-shop.js'
import { openMall, settlement } from '../placing/open-mall.js'
import { decideAt, dispute, ledgerOf } from './disputed.js'

const lights = { actor: { kind: 'merchant', merchantId: 'lights' } } as const

/**
 * A kettle of the shop's and a lamp of `lights`, 196.00 with carriage, which Ann begins to pay by a gateway that cannot be
 * asked about disputes.
 */
const openCheckout = async (script: PaymentScript) => {
  const shop = await openMall(
    {},
    { settlement: { ...settlement, afterWorkingDays: 0 }, cashOnDelivery: { openOrders: 3 } },
  )
  const { disputes: _, ...mute } = shop.gateway
  const unasked: TestShop = { ...shop, gateways: { sandbox: mute, courier } }
  await fillCart(shop, 'ann', [
    ['kettle', 1],
    ['lamp', 1],
  ])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script(script)
  const { paymentId } = await pay(shop, 'ann', orderId)
  return { shop: unasked, orderId, paymentId }
}

const unheard = { kind: 'timeout', charged: true, delivery: { times: 0 } } as const

const loseByHand = async (shop: TestShop, disputeId: string) =>
  value(await decideDispute(shop, byStaff(), { disputeId, won: false, note: 'They told us by telephone.' }))

/** What is disputed is the shop's to answer: no order of a merchant is, and none of them reads of it. */
const expectNobodysDispute = async (shop: TestShop, orderId: string, disputeId: string) => {
  const { orderIds } = value(await orderPage(shop, byStaff(), { orderId }))
  expect(orderIds).toHaveLength(2)
  expect(value(await listDisputes(shop, byStaff(), {})).disputes).toMatchObject([{ disputeId, orderId }])
  expect(value(await listDisputes(shop, lights, {})).disputes).toEqual([])
  for (const id of orderIds) {
    const { disputes, history } = value(await orderPage(shop, byStaff(), { orderId: id }))
    expect([disputes, history.filter(({ happened }) => happened === 'disputeOpened')]).toEqual([[], []])
  }
  const { orders } = value(await listOrders(shop, byStaff(), {}))
  expect(orders.filter(({ disputed }) => disputed)).toEqual([])
  await expectBooksToAgree(shop)
}

describe('money of a checkout of several merchants that its payer has taken back', () => {
  it('before anybody heard of it, as staff say, leaves the checkout unpaid, and it comes to its end as any', async () => {
    const { shop, orderId, paymentId } = await openCheckout(unheard)
    const { disputeId } = await dispute(shop, paymentId)
    await loseByHand(shop, disputeId)
    shop.pass(2 * minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(value(await orderPage(shop, by('ann'), { orderId })).state).toBe('awaitingPayment')
    shop.pass(hoursMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(value(await orderPage(shop, by('ann'), { orderId })).state).toBe('closed')
    expect(await freeOf(shop, 'lamp')).toBe(100)
    const ledger = await ledgerOf(shop)
    for (const account of ['chargebackLoss', 'gatewayClearing:sandbox', `escrow:${orderId}`] as const) {
      expect([account, balanceOf(ledger, account)]).toEqual([account, 0])
    }
    await expectBooksToAgree(shop)
  })

  it.each([true, false])(
    'is none of its merchants’ once it is paid on delivery instead: decided %s',
    async (decided) => {
      const { shop, orderId, paymentId } = await openCheckout(unheard)
      const { disputeId } = await dispute(shop, paymentId)
      if (decided) await loseByHand(shop, disputeId)
      expect(value(await choose(shop, 'ann', orderId)).orderStatus).toBe('divided')
      await expectNobodysDispute(shop, orderId, disputeId)
      if (!decided) await loseByHand(shop, disputeId)
      await expectNobodysDispute(shop, orderId, disputeId)
    },
  )

  it('is none of its merchants’ where it came after they were paid otherwise', async () => {
    const { shop, orderId, paymentId } = await openCheckout({ kind: 'pending' })
    expect(value(await choose(shop, 'ann', orderId)).orderStatus).toBe('divided')
    expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
    const { disputeId, disputeRef } = await dispute(shop, paymentId)
    await expectNobodysDispute(shop, orderId, disputeId)
    await decideAt(shop, disputeRef, 'lost')
    await expectNobodysDispute(shop, orderId, disputeId)
  })
})
