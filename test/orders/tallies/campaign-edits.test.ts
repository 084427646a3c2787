import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { campaignReactions } from '../../../src/orders/tallies/count-sales.js'
import { disputes } from '../../../src/payments/dispute.schema.js'
import { disputeMachine } from '../../../src/payments/dispute-machine.js'
import { payments } from '../../../src/payments/payment.schema.js'
import type { DisputeSnapshot } from '../../../src/payments/snapshot.js'
import {
  campaignTallies,
  type SaleCount,
  saleCounts,
  tallyOf,
  tallyPrefix,
} from '../../../src/promotions/campaign-tally.js'
import type { Offer } from '../../../src/promotions/offer.js'
import { put } from '../../../src/shared/commit.js'
import { decideNext } from '../../../src/shared/decider.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { counters, row } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask, expectBooksToAgree } from '../books-of.js'
import { decideAt, dispute } from '../disputes/disputed.js'
import { buy, edit, openEditShop } from '../editing/open-edit-shop.js'
import { by, commit, fillCart, offer, pay, place, type TestShop, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

const spring = { kind: 'campaign', campaignId: 'spring' } as const
const promotion = (given: Pick<Offer, 'offerId' | 'benefit'> & Partial<Offer>): Offer =>
  offer({ stage: 'platform', form: { kind: 'promotion' }, issuer: spring, ...given })

/** 20.00 off from 100.00 on, however many. */
const twentyOff = promotion({
  offerId: 'twenty',
  threshold: { amountMinor: 10_000, basis: 'running' },
  benefit: { kind: 'amountOff', offMinor: 2_000 },
})
/** A tenth off. */
const tenth = promotion({ offerId: 'tenth', benefit: { kind: 'percentOff', offBasisPoints: 1_000 } })
/** 30.00 off from 250.00 on. */
const thirtyOff = promotion({
  offerId: 'thirty',
  threshold: { amountMinor: 25_000, basis: 'running' },
  benefit: { kind: 'amountOff', offMinor: 3_000 },
})

const deliverEvents = async (shop: TestShop) => {
  for (const worker of ['one', 'two', 'three']) {
    value(await runRelay(shop, campaignReactions, { worker, limit: 1_000 }))
    shop.pass(2 * minutesMs)
  }
}

/** What was counted, of an offer or, without one, of the campaign; what is nought is left out. */
const countedOf = async (shop: TestShop, offerId?: string): Promise<Partial<Record<SaleCount, number>>> => {
  const prefix = tallyPrefix(offerId === undefined ? { campaignId: 'spring' } : { offerId })
  const names = saleCounts.map((name) => `${prefix}${tallyOf(name, 'CNY')}`)
  const found = await ask(shop, counters(campaignTallies, names))
  return Object.fromEntries(
    saleCounts.flatMap((name, place) => {
      const count = found.get(names[place] ?? '') ?? 0
      return count === 0 ? [] : [[name, count]]
    }),
  )
}

// Events are delivered as they happen, or all of them once everything has.
describe.each(['at once', 'afterwards'] as const)('the results of a campaign, events delivered %s', (when) => {
  const meanwhile = async (shop: TestShop) => {
    if (when === 'at once') await deliverEvents(shop)
  }

  it.each(['prorate', 'reevaluate'] as const)(
    'lose what was taken off pieces that are taken out of an order, and count its money as gone back: %s',
    async (refundPolicy) => {
      const shop = await openEditShop(
        { offers: [twentyOff] },
        { returns: { ...defaultShopPolicy.returns, refundPolicy } },
      )
      // 258.00 less 20.00, and 8.00 carriage.
      const orderId = await buy(shop, 'ann', [['kettle', 2]])
      await meanwhile(shop)
      const taken = await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
      await deliverEvents(shop)
      // By their share half of it goes with the piece; made anew the price of the rest is less 20.00 still.
      const [givenUp, back] = refundPolicy === 'prorate' ? [1_000, 11_900] : [0, 12_900]
      expect(taken.refund?.cashMinor).toBe(back)
      expect(await countedOf(shop)).toEqual({
        ...{ orders: 1, revenueMinor: 24_600, refundedMinor: back },
        discountMinor: 2_000 - givenUp,
      })
      await expectBooksToAgree(shop)
    },
  )

  it('lose all of an offer that the order loses by it', async () => {
    const shop = await openEditShop(
      { offers: [thirtyOff] },
      { returns: { ...defaultShopPolicy.returns, refundPolicy: 'reevaluate' } },
    )
    // 258.00 less 30.00, and 8.00 carriage.
    const orderId = await buy(shop, 'ann', [['kettle', 2]])
    await meanwhile(shop)
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    await deliverEvents(shop)
    expect(await countedOf(shop)).toEqual({ orders: 1, revenueMinor: 23_600, refundedMinor: 9_900 })
  })

  it('have what is taken off pieces that are added, and of an offer that takes effect by them all that the order comes to', async () => {
    const shop = await openEditShop({ offers: [tenth, thirtyOff] })
    // 129.00 less 12.90, and 8.00 carriage.
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    await meanwhile(shop)
    const asked = await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 3 }] })
    await pay(shop, 'ann', orderId)
    await deliverEvents(shop)
    const { price } = (await ask(shop, row(orders, orderId)))!.state.details
    const offOf = (offerId: string) =>
      price.applied.filter((each) => each.offerId === offerId).reduce((sum, each) => sum + each.goodsMinor, 0)
    const payableMinor = price.totals.payableMinor
    expect(payableMinor).toBe(12_410 + asked.toPayMinor)
    expect([offOf('thirty'), payableMinor]).toEqual([3_000, 3 * 12_900 - offOf('tenth') - 3_000 + 800])
    expect(await countedOf(shop, 'tenth')).toEqual({
      ...{ orders: 1, revenueMinor: payableMinor },
      discountMinor: offOf('tenth'),
    })
    expect(await countedOf(shop, 'thirty')).toEqual({ orders: 1, revenueMinor: payableMinor, discountMinor: 3_000 })
    expect(await countedOf(shop)).toEqual({
      ...{ orders: 1, revenueMinor: payableMinor },
      discountMinor: offOf('tenth') + 3_000,
    })
  })

  it('come right where pieces are taken out and others added afterwards', async () => {
    const shop = await openEditShop({ offers: [tenth] })
    const orderId = await buy(shop, 'ann', [['kettle', 2]])
    await meanwhile(shop)
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    await meanwhile(shop)
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 3 }] })
    await pay(shop, 'ann', orderId)
    await meanwhile(shop)
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 2 }] })
    await deliverEvents(shop)
    // A kettle is 116.10: four were paid for, and two of them given back.
    expect(await countedOf(shop)).toEqual({
      ...{ orders: 1, revenueMinor: 4 * 11_610 + 800, refundedMinor: 2 * 11_610 },
      discountMinor: 2 * 1_290,
    })
    await expectBooksToAgree(shop)
  })

  it('count what payers have by disputes that were lost, until the bank comes back on it', async () => {
    const shop = await openEditShop({ offers: [tenth] })
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    const paymentId = (await ask(shop, row(orders, orderId)))!.state.paymentIds[0] ?? ''
    const { disputeRef } = await dispute(shop, paymentId)
    await meanwhile(shop)
    await decideAt(shop, disputeRef, 'lost', 5_000)
    await meanwhile(shop)
    await decideAt(shop, disputeRef, 'lost', 7_000)
    await deliverEvents(shop)
    const sold = { orders: 1, revenueMinor: 12_410, discountMinor: 1_290 }
    expect(await countedOf(shop)).toEqual({ ...sold, chargedBackMinor: 7_000 })
    expect(await countedOf(shop, 'tenth')).toEqual({ ...sold, chargedBackMinor: 7_000 })
    await decideAt(shop, disputeRef, 'won')
    await deliverEvents(shop)
    expect(await countedOf(shop)).toEqual(sold)
  })

  it.each(['apart', 'together'] as const)('count a lost dispute of a whole checkout once: %s', async (mode) => {
    const shop = await openMall({ offers: [tenth] }, { severalMerchants: mode })
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    const { orderId, payableMinor } = await place(shop, 'ann')
    const { paymentId } = await pay(shop, 'ann', orderId)
    const { disputeRef } = await dispute(shop, paymentId)
    await meanwhile(shop)
    await decideAt(shop, disputeRef, 'lost')
    await deliverEvents(shop)
    expect(await countedOf(shop)).toMatchObject({
      ...{ orders: 1, revenueMinor: payableMinor },
      chargedBackMinor: payableMinor,
    })
  })

  it('count a lost dispute of an order that was given up and paid back before', async () => {
    const shop = await openEditShop({ offers: [tenth] })
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    const paymentId = (await ask(shop, row(orders, orderId)))!.state.paymentIds[0] ?? ''
    value(await cancelOrder(shop, by('ann'), { orderId }))
    const { disputeRef } = await dispute(shop, paymentId)
    await meanwhile(shop)
    await decideAt(shop, disputeRef, 'lost')
    await deliverEvents(shop)
    expect(await countedOf(shop)).toMatchObject({ refundedMinor: 12_410, chargedBackMinor: 12_410 })
  })

  it('count no dispute of money that never paid an order', async () => {
    const shop = await openEditShop({ offers: [tenth] })
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    await meanwhile(shop)
    const [paid = ''] = (await ask(shop, row(orders, orderId)))!.state.paymentIds
    const stored = (await ask(shop, row(payments, paid)))!
    // Another attempt at the same order that was paid too, and goes back.
    const { disputes: _, ...twice } = { ...stored.state, paymentId: 'pay_twice', disputes: [] }
    await commit(shop, [put(payments, { id: 'pay_twice', version: 0, state: twice })])
    const about = { disputeId: 'd-1', paymentId: 'pay_twice', orderId, accountId: 'ann', merchantId: 'self' }
    const amount = { minor: 12_410, currency: 'CNY' }
    const snapshot: DisputeSnapshot = {
      ...{ kind: 'dispute', disputeRef: 'd-1', attemptRef: 'pay_twice', status: 'lost', reason: 'other', amount },
      ...{ lostMinor: null, feeMinor: null, evidenceDueAt: null, at: shop.clock.now() },
    }
    const { state, events } = value(
      decideNext(disputeMachine, disputeMachine.initial, {
        ...{ type: 'RecordDispute', snapshot, at: shop.clock.now() },
        about: { ...about, gatewayId: 'sandbox', queryable: true },
      }),
    )
    if (state.status === 'absent') throw new Error('no dispute')
    await commit(shop, [put(disputes, { id: 'd-1', version: 0, state, events })])
    await deliverEvents(shop)
    expect(await countedOf(shop)).toEqual({ orders: 1, revenueMinor: 12_410, discountMinor: 1_290 })
  })
})
