import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { decideDispute } from '../../../src/orders/disputes/decide-dispute.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payOut } from '../../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { settlePayments } from '../../../src/orders/sweep-orders.js'
import { listDisputes } from '../../../src/payments/list-disputes.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, pay, place, type TestShop, value } from '../open-shop.js'
import { openMall, settlement } from '../placing/open-mall.js'
import { decideAt, dispute, ledgerOf } from './disputed.js'

const lights = { actor: { kind: 'merchant', merchantId: 'lights' } } as const

/** What happens before it is heard that the payment was made; the gateway cannot be asked about disputes. */
type Before = (unasked: TestShop, disputeId: string) => Promise<unknown>

/** A kettle of the shop's and a lamp of `lights`, whose payment is complained of before anybody has heard that it was paid. */
const openEarly = async (status: 'inquiry' | 'evidenceDue' = 'inquiry', before?: Before) => {
  const shop = {
    ...(await openMall({}, { settlement: { ...settlement, afterWorkingDays: 0 } })),
    payouts: { send: () => okAsync({ kind: 'ok' as const, value: { payoutRef: null } }) },
  }
  await fillCart(shop, 'ann', [
    ['kettle', 1],
    ['lamp', 1],
  ])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
  const { paymentId } = await pay(shop, 'ann', orderId)
  const { disputeRef, disputeId } = await dispute(shop, paymentId, { status })
  const { disputes: _, ...mute } = shop.gateway
  const unasked: TestShop = { ...shop, gateways: { sandbox: mute } }
  await before?.(unasked, disputeId)
  shop.pass(2 * minutesMs)
  value(await settlePayments(shop, { limit: 10 }))
  const { orderIds } = value(await orderPage(shop, byStaff(), { orderId }))
  const complete = async () => {
    for (const each of orderIds) {
      value(await shipOrder(shop, byStaff(), { orderId: each, carrier: 'sf', trackingNumber: each }))
      value(await confirmReceipt(shop, by('ann'), { orderId: each }))
      value(await completeOrder(shop, byStaff(), { orderId: each }))
    }
  }
  const disputedOnes = async () =>
    value(await listOrders(shop, byStaff(), {})).orders.filter(({ disputed }) => disputed).length
  return { shop, unasked, orderIds, disputeRef, disputeId, complete, disputedOnes }
}

describe('a dispute that is heard of before the payment of a divided checkout', () => {
  it('keeps payees waiting until it is over', async () => {
    const { shop, orderIds, disputeRef, complete, disputedOnes } = await openEarly()
    expect(orderIds).toHaveLength(2)
    expect(await disputedOnes()).toBe(2)
    await complete()
    value(await releaseShares(shop, { limit: 10 }))
    for (const payee of ['self', 'lights']) {
      expect((await payOut(shop, byStaff(), { payee, currency: 'CNY' }))._unsafeUnwrapErr()).toMatchObject({
        type: 'NothingToPayOut',
      })
    }
    await expectBooksToAgree(shop)
    await decideAt(shop, disputeRef, 'won')
    expect(await disputedOnes()).toBe(0)
    value(await releaseShares(shop, { limit: 10 }))
    const { availableMinor } = value(await showPayee(shop, byStaff(), { payee: 'lights', currency: 'CNY' }))
    expect(availableMinor).toBeGreaterThan(0)
    await expectBooksToAgree(shop)
  })

  it('is told of as disputed on no checkout, whose orders have it', async () => {
    const { shop } = await openEarly()
    const divided = value(await listOrders(shop, byStaff(), { state: 'divided' })).orders
    expect(divided.map(({ disputed }) => disputed)).toEqual([false])
  })

  it('is shown to its merchants as soon as they have their orders, each of which says since when it is disputed', async () => {
    const { shop, orderIds, disputeRef } = await openEarly()
    const [early] = value(await listDisputes(shop, lights, {})).disputes
    expect(early).toMatchObject({ status: 'inquiry', amount: { minor: 6_151 }, heldMinor: 0 })
    expect(orderIds).toContain(early?.orderId)
    for (const orderId of orderIds) {
      const { history, disputes } = value(await orderPage(shop, byStaff(), { orderId }))
      expect(disputes.map(({ status }) => status)).toEqual(['inquiry'])
      expect(history.filter(({ happened }) => happened === 'disputeOpened')).toHaveLength(1)
    }
    const own = value(await orderPage(shop, lights, { orderId: early?.orderId ?? '' }))
    expect(own.disputes).toMatchObject([{ amount: { minor: 6_151 } }])
    await decideAt(shop, disputeRef, 'lost')
    const [seen] = value(await listDisputes(shop, lights, {})).disputes
    // 61.51 of 196.00 are of the lamp.
    expect(seen).toMatchObject({ status: 'lost', amount: { minor: 6_151 }, heldMinor: 6_151 })
    await expectBooksToAgree(shop)
  })

  it('stays as staff decided it when the checkout is divided, and its money is booked once', async () => {
    const decide: Before = async (unasked, disputeId) =>
      value(await decideDispute(unasked, byStaff(), { disputeId, won: true, note: 'They told us by telephone.' }))
    const { shop, unasked, orderIds, disputeRef, disputeId, disputedOnes } = await openEarly('evidenceDue', decide)
    const expectWon = async () => {
      const [whole] = value(await listDisputes(shop, byStaff(), {})).disputes
      expect(whole).toMatchObject({ disputeId, status: 'won', heldMinor: 0 })
      const [part] = value(await listDisputes(shop, lights, {})).disputes
      expect(part).toMatchObject({ status: 'won', amount: { minor: 6_151 }, heldMinor: 0 })
      expect(orderIds).toContain(part?.orderId)
      expect(await disputedOnes()).toBe(0)
      const ledger = await ledgerOf(shop)
      expect(balanceOf(ledger, 'disputeHold')).toBe(0)
      expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(19_600)
      await expectBooksToAgree(shop)
    }
    await expectWon()
    const again = await decideDispute(unasked, byStaff(), { disputeId, won: true, note: 'Once more.' })
    expect(again._unsafeUnwrapErr().type).toBe('DisputeNotInDoubt')
    await decideAt(unasked, disputeRef, 'won')
    await expectWon()
  })
})
