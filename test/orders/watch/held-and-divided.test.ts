import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { endHolds } from '../../../src/orders/watch/end-holds.js'
import type { PaymentWatchTerms } from '../../../src/orders/watch/payment-watch.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { fillCart, pay, place, type TestShop, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

const rules = [{ kind: 'velocity', attempts: 1, withinMs: hoursMs, response: 'hold' }] as const
const watchUntil = (atDeadline: PaymentWatchTerms['atDeadline']): PaymentWatchTerms => ({
  rules,
  holdMs: 2 * daysMs,
  atDeadline,
})

/** One turn of the sweeps. */
const turn = async (world: TestShop) => {
  value(await closeUnpaidOrders(world, { limit: 10 }))
  value(await settlePayments(world, { limit: 10 }))
  return value(await endHolds(world, { limit: 10 })).failed
}

/** Ann's order is held and paid, of which the gateway says nothing while it closes, for longer than it was to be held. */
const payWhileClosing = async (shop: TestShop) => {
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
  await pay(shop, 'ann', orderId)
  shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
  await pay(shop, 'ann', orderId)
  const lost = () => okAsync({ kind: 'unknown', cause: 'timeout' } as const)
  const silent: TestShop = { ...shop, gateways: { sandbox: { ...shop.gateway, query: lost, close: lost } } }
  for (let hour = 0; hour < 60; hour += 1) {
    shop.pass(hoursMs)
    await turn(silent)
  }
  expect((await booksOf(shop)).orders[0]?.state.status).toBe('closing')
  shop.pass(daysMs)
  expect(await turn(shop)).toEqual([])
  return orderId
}

describe('a checkout that is divided, whose hold ran out while it closed, and that was paid all the same', () => {
  for (const [atDeadline, end] of [
    ['reject', { status: 'cancelling' }],
    ['release', { status: 'paid' }],
  ] as const) {
    it(`has its orders held anew, and their ends named, before they ${atDeadline === 'reject' ? 'are turned down' : 'leave'}`, async () => {
      const shop = await openMall({}, { watch: watchUntil(atDeadline) })
      await fillCart(shop, 'ann', [
        ['kettle', 1],
        ['lamp', 1],
      ])
      const checkoutId = await payWhileClosing(shop)
      const own = async () => (await booksOf(shop)).orders.filter(({ id }) => id !== checkoutId)
      const until = shop.clock.now() + 2 * daysMs
      expect((await own()).map(({ state }) => [state.status, state.hold?.until])).toEqual([
        ['paid', until],
        ['paid', until],
      ])
      shop.pass(daysMs)
      const ids = (await own()).map(({ id }) => id)
      expect(await turn(shop)).toEqual(ids.map((id) => ({ id, reason: 'HoldEndsSoon' })))
      shop.pass(daysMs)
      expect(await turn(shop)).toEqual([])
      const [one, other] = (await own()).map(({ state }) => state)
      expect([one, other]).toMatchObject([end, end])
      expect([one?.hold, other?.hold]).toEqual([undefined, undefined])
      await expectBooksToAgree(shop)
    })
  }
})
