import { okAsync } from 'neverthrow'
import { expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { endHolds } from '../../../src/orders/watch/end-holds.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const openWatched = async (): Promise<TestShop> => {
  const opened = await openShop()
  const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })
  const { policyId: _, ...policy } = defaultShopPolicy
  const rules = [{ kind: 'velocity', attempts: 1, withinMs: hoursMs, response: 'hold' }] as const
  const watch = { rules, holdMs: 2 * daysMs, atDeadline: 'reject' } as const
  value(await savePolicy(opened, byStaff(), { ...policy, watch }))
  return { ...opened, gateways: { ...opened.gateways, manual } }
}

it('an order that is held while it waits for a transfer is not turned down before that comes, and is looked at then', async () => {
  const shop = await openWatched()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
  await pay(shop, 'ann', orderId)
  const transfer = { orderId, gatewayId: 'manual', method: 'bankTransfer' } as const
  const { paymentId } = value(await payOrder(shop, by('ann'), transfer))
  const order = async () => (await booksOf(shop)).orders[0]?.state
  const turn = async () => {
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    return value(await endHolds(shop, { limit: 10 })).failed
  }
  expect(await order()).toMatchObject({ status: 'awaitingPayment', hold: { reasons: ['velocity'] } })
  for (let day = 0; day < 5; day += 1) {
    shop.pass(daysMs)
    expect(await turn()).toEqual([])
  }
  expect((await order())?.status).toBe('awaitingPayment')
  const paidAt = shop.clock.now()
  const receipt = { paymentId, amountMinor: 13_700, currency: 'CNY', reference: 'STMT.1' }
  value(await recordReceipt(shop, byStaff(), receipt))
  expect(await order()).toMatchObject({ status: 'paid', hold: { until: paidAt + 2 * daysMs } })
  expect(await turn()).toEqual([])
  shop.pass(daysMs)
  expect(await turn()).toEqual([{ id: orderId, reason: 'HoldEndsSoon' }])
  shop.pass(daysMs)
  expect(await turn()).toEqual([])
  expect((await order())?.status).toBe('cancelling')
  await expectBooksToAgree(shop)
})

it('an order whose hold ran out while it closed, and that was paid all the same, is held anew and its end named', async () => {
  const shop = await openWatched()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
  await pay(shop, 'ann', orderId)
  shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
  await pay(shop, 'ann', orderId)
  const lost = () => okAsync({ kind: 'unknown', cause: 'timeout' } as const)
  const silent: TestShop = { ...shop, gateways: { sandbox: { ...shop.gateway, query: lost, close: lost } } }
  const turn = async (world: TestShop) => {
    value(await closeUnpaidOrders(world, { limit: 10 }))
    value(await settlePayments(world, { limit: 10 }))
    return value(await endHolds(world, { limit: 10 })).failed
  }
  const order = async () => (await booksOf(shop)).orders[0]?.state
  for (let hour = 0; hour < 60; hour += 1) {
    shop.pass(hoursMs)
    await turn(silent)
  }
  expect((await order())?.status).toBe('closing')
  shop.pass(daysMs)
  expect(await turn(shop)).toEqual([])
  const paidAt = shop.clock.now()
  expect(await order()).toMatchObject({ status: 'paid', hold: { until: paidAt + 2 * daysMs } })
  shop.pass(daysMs)
  expect(await turn(shop)).toEqual([{ id: orderId, reason: 'HoldEndsSoon' }])
  expect((await order())?.status).toBe('paid')
  shop.pass(daysMs)
  expect(await turn(shop)).toEqual([])
  expect((await order())?.status).toBe('cancelling')
  await expectBooksToAgree(shop)
})
