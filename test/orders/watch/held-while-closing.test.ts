import { okAsync } from 'neverthrow'
import { expect, it } from 'vitest'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { endHolds } from '../../../src/orders/watch/end-holds.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

it('an order whose hold ran out while it closed, and that was paid all the same, is held anew and its end named', async () => {
  const shop = await openShop()
  const { policyId: _, ...policy } = defaultShopPolicy
  const rules = [{ kind: 'velocity', attempts: 1, withinMs: hoursMs, response: 'hold' }] as const
  const watch = { rules, holdMs: 2 * daysMs, atDeadline: 'reject' } as const
  value(await savePolicy(shop, byStaff(), { ...policy, watch }))
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
