import type { Actor } from 'shopwright'
import { expect, it } from 'vitest'
import { buyKettles, deliverAll, openStall, type Stall } from '../support/open-stall.js'
import { call, must } from './open-shop.js'
import { by, clerk, join, password } from './world.js'

const day = 86_400_000

/** What the shop counts and sums of what people did. */
const figuresOf = async ({ shop }: Stall, orderIds: readonly string[], at: number) => {
  const period = { from: at - 60 * day, to: at + day }
  const months = { from: '2026-01', to: '2026-03' }
  const asked: readonly (readonly [string, object])[] = [
    ['accounts.surveyResults', months],
    ['accounts.signUpReport', months],
    ['orders.list', { limit: 50 }],
    ['orders.bills', { limit: 50 }],
    ['orders.statement', period],
    ['orders.paymentFailures', period],
    ['orders.payee', { payee: 'self', currency: 'CNY' }],
    ['payments.ledger', { limit: 50 }],
    ['inventory.levels', { skus: ['kettle'], warehouse: 'main' }],
    ['inventory.movements', { sku: 'kettle', limit: 50 }],
    ['membership.results', {}],
    ...orderIds.flatMap((orderId) => [
      ['orders.page', { orderId }] as const,
      ['orders.replayPrice', { orderId }] as const,
      ['payments.list', { orderId }] as const,
      ['payments.ledger', { orderId, limit: 50 }] as const,
    ]),
  ]
  const found = new Map<string, object>()
  for (const [name, input] of asked) {
    const answer = must(await call(shop, name, clerk, input))
    found.set(`${name} ${JSON.stringify(input)}`, Object(answer))
  }
  return found
}

/** Orders by two people, brought to their end; of the first a piece was refunded. */
const openTraded = async () => {
  const stall = await openStall([])
  const { shop, pass } = stall
  const ann = await join(stall, 'ann@example.com', 'Ann')
  const bob = await join(stall, 'bob@example.com', 'Bob')
  const buy = async (actor: Actor, quantity: number): Promise<string> => {
    const { orderId } = await buyKettles(stall, actor, quantity)
    const { parcelId } = must(await shop.orders.ship(by(clerk), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
    must(await shop.orders.recordDelivery(by(clerk), { parcelId }))
    return orderId
  }
  const annsOrder = await buy(ann.actor, 2)
  const bobsOrder = await buy(bob.actor, 1)
  const [line] = must(await shop.orders.page({ actor: ann.actor }, { orderId: annsOrder })).lines
  const lines = [{ lineId: line?.lineId ?? '', quantity: 1 }]
  must(await shop.orders.refund(by(clerk), { orderId: annsOrder, reason: 'goodwill', lines }))
  pass(30 * day)
  must(await shop.upkeep.advanceOrders({ limit: 10 }))
  await deliverAll(stall)
  return { stall, ann, annsOrder, bobsOrder }
}

it('an erasure changes no figure of the shop: totals, bills, ledger, stock and counts are what they were', async () => {
  const { stall, ann, annsOrder, bobsOrder } = await openTraded()
  const at = stall.now()
  const before = await figuresOf(stall, [annsOrder, bobsOrder], at)
  const sums = [{ currency: 'CNY', paidMinor: 40_300, refundedMinor: 12_900 }]
  const statement = [...before].find(([name]) => name.startsWith('orders.statement'))?.[1]
  expect(statement).toMatchObject({ sums })
  must(await stall.shop.accounts.erase(by(ann.actor), { password }))
  await deliverAll(stall)
  must(await stall.shop.upkeep.runAll({ worker: 'w' }))
  const after = await figuresOf(stall, [annsOrder, bobsOrder], at)
  const herPage = `orders.page ${JSON.stringify({ orderId: annsOrder })}`
  expect(after.get(herPage)).toMatchObject({ recipient: null })
  for (const [name, figure] of before) {
    // Where it was sent to is what was erased.
    const now = after.get(name)
    if (name === herPage) expect({ ...now, recipient: 'x' }, name).toEqual({ ...figure, recipient: 'x' })
    else expect(now, name).toEqual(figure)
  }
})
