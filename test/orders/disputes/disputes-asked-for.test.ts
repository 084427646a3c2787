import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { settleDisputes } from '../../../src/orders/disputes/settle-disputes.js'
import { sparing } from '../../../src/orders/spare-gateways.js'
import { disputes } from '../../../src/payments/dispute.schema.js'
import type { DisputePort } from '../../../src/payments/ports.js'
import { put } from '../../../src/shared/commit.js'
import { hoursMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { unchecked } from '../../support/unchecked.js'
import { ask } from '../books-of.js'
import { commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import { dispute } from './disputed.js'

/** Four buyers have paid, and three or four of their payments were disputed while nobody told the shop. */
const openUntold = async (told = 0) => {
  const opened = await openShop()
  const paymentIds: string[] = []
  for (const buyer of ['ann', 'bob', 'cat', 'dan']) {
    await fillCart(opened, buyer, [['kettle', 1]])
    const { orderId } = await place(opened, buyer)
    paymentIds.push((await pay(opened, buyer, orderId)).paymentId)
  }
  for (const paymentId of paymentIds.slice(0, told)) await dispute(opened, paymentId)
  for (const paymentId of paymentIds.slice(told)) opened.gateway.dispute(paymentId, {})
  await opened.gateway.takeNotifications()
  return { opened, paymentIds }
}

describe('disputes that a gateway is asked for', () => {
  it('are each heard of, though three are never answered for, and those are named', async () => {
    const { opened, paymentIds } = await openUntold()
    const poison = paymentIds.slice(0, 3)
    const { disputes: port } = opened.gateway
    if (port === undefined) return expect.unreachable('it tells of disputes')
    const query: DisputePort['query'] = (request) =>
      poison.includes(request.attemptRef) ? okAsync({ kind: 'unknown', cause: 'timeout' }) : port.query(request)
    const shop: TestShop = { ...opened, gateways: { sandbox: { ...opened.gateway, disputes: { ...port, query } } } }
    const reports = []
    for (let hour = 0; hour < 4; hour += 1) {
      reports.push(value(await sparing(settleDisputes)(shop, { limit: 100 })))
      shop.pass(hoursMs)
    }
    const heard = (await ask(shop, find(disputes, { where: [], limit: 10 }))).map(({ state }) => state.paymentId)
    expect(heard).toEqual(paymentIds.slice(3))
    const named = new Set(reports.flatMap(({ failed }) => failed.map(({ reason }) => reason)))
    expect([...named]).toEqual(['GatewayNotAnswering'])
    expect(new Set(reports.flatMap(({ failed }) => failed.map(({ id }) => id))).size).toBe(4)
  })

  it('are heard of beside one that cannot be read any more', async () => {
    const { opened: shop } = await openUntold(1)
    const [told] = await ask(shop, find(disputes, { where: [], limit: 10 }))
    if (told === undefined) return expect.unreachable('one is known')
    const { known: _, ...spoiled } = told.state
    await commit(shop, [put(disputes, { id: told.id, version: told.version, state: unchecked(spoiled) })])
    const { done } = value(await settleDisputes(shop, { limit: 100 }))
    expect(done).toBe(3)
  })
})
