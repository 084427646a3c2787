import fc from 'fast-check'
import type { ResultAsync } from 'neverthrow'
import {
  cancelOrder,
  type EarlierAttempt,
  endHolds,
  orderPage,
  type PaymentWatchTerms,
  paymentWatchOfOurs,
  payOrder,
  rejectHold,
  releaseHold,
  reportPayment,
  savePolicy,
  settleRefunds,
  shipOrder,
  type WatchFacts,
  type WatchRule,
  watchPayment,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { by, byStaff, fillCart, openShop, pay, place, type Sku, type TestShop, value } from '../open-shop.js'

const minute = 60_000
const hour = 60 * minute
const now = 1_000 * hour

const earlier = (minutesAgo: number, amountMinor: number, more: Partial<EarlierAttempt> = {}): EarlierAttempt => ({
  at: now - minutesAgo * minute,
  amountMinor,
  currency: 'CNY',
  outcome: 'paid',
  ...more,
})
const facts = (given: Partial<WatchFacts>): WatchFacts => ({
  at: now,
  amountMinor: 10_000,
  currency: 'CNY',
  earlier: [],
  inCurrencyOfTerms: true,
  ...given,
})
const judge = (rule: WatchRule, given: Partial<WatchFacts>) => watchPayment([rule], facts(given)).response

describe('what a payment stands out by', () => {
  it('velocity: the fourth attempt within ten minutes, whatever became of the others', () => {
    const rule: WatchRule = { kind: 'velocity', attempts: 3, withinMs: 10 * minute, response: 'challenge' }
    const before = [earlier(1, 1, { outcome: 'failed' }), earlier(2, 1, { outcome: 'open' }), earlier(9, 1)]
    expect(judge(rule, { earlier: before })).toBe('challenge')
    expect(judge(rule, { earlier: [...before.slice(0, 2), earlier(10, 1)] })).toBe('allow')
  })

  it('spending: more than 500.00 in a day together; 400.00 and 100.00 are not more, and failed attempts are nothing', () => {
    const rule: WatchRule = { kind: 'spending', aboveMinor: 50_000, withinMs: 24 * hour, response: 'hold' }
    expect(judge(rule, { earlier: [earlier(60, 40_000)] })).toBe('allow')
    expect(judge(rule, { earlier: [earlier(60, 40_001)] })).toBe('hold')
    expect(judge(rule, { earlier: [earlier(60, 40_001, { outcome: 'failed' })] })).toBe('allow')
    expect(judge(rule, { earlier: [earlier(60, 40_001, { currency: 'USD' })] })).toBe('allow')
    expect(judge(rule, { earlier: [earlier(60, 40_001, { outcome: 'open' })] })).toBe('hold')
  })

  it('unusual amount: more than ten times the usual 20.00, once there are three payments to know it by', () => {
    const rule: WatchRule = { kind: 'unusualAmount', times: 10, aboveMinor: 1_000, afterPayments: 3, response: 'hold' }
    const before = [earlier(60, 1_000), earlier(50, 2_000), earlier(40, 900_000)]
    expect(judge(rule, { amountMinor: 20_001, earlier: before })).toBe('hold')
    expect(judge(rule, { amountMinor: 20_000, earlier: before })).toBe('allow')
    expect(judge(rule, { amountMinor: 20_001, earlier: before.slice(1) })).toBe('allow')
    expect(judge({ ...rule, aboveMinor: 20_001 }, { amountMinor: 20_001, earlier: before })).toBe('allow')
  })

  it('new device: one that paid nothing yet, where others did; a host that names none is not asked', () => {
    const rule: WatchRule = { kind: 'newDevice', aboveMinor: 5_000, afterPayments: 1, response: 'notify' }
    const before = [earlier(60, 1_000, { device: 'a' }), earlier(50, 1_000, { device: 'b', outcome: 'failed' })]
    expect(judge(rule, { device: 'b', earlier: before })).toBe('notify')
    expect(judge(rule, { device: 'a', earlier: before })).toBe('allow')
    expect(judge(rule, { earlier: before })).toBe('allow')
    expect(judge(rule, { device: 'b', amountMinor: 5_000, earlier: before })).toBe('allow')
    // An amount of another currency is no bound: who pays in it does not get by.
    expect(judge(rule, { device: 'b', amountMinor: 5_000, earlier: before, inCurrencyOfTerms: false })).toBe('notify')
  })

  it('answers with the strongest of all rules that are met, in whatever order, and a further rule never weakens it', () => {
    const rank = { allow: 0, notify: 1, challenge: 2, hold: 3 }
    const rule = fc.record({
      kind: fc.constant('velocity' as const),
      attempts: fc.integer({ min: 1, max: 6 }),
      withinMs: fc.integer({ min: 1, max: hour }),
      response: fc.constantFrom('notify' as const, 'challenge' as const, 'hold' as const),
    })
    const past = fc.array(
      fc.nat(70).map((minutes) => earlier(minutes, 1)),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), rule, past, (rules, further, before) => {
        const given = facts({ earlier: before })
        const verdict = watchPayment(rules, given)
        const alone = rules.map((each) => rank[watchPayment([each], given).response])
        expect(rank[verdict.response]).toBe(Math.max(0, ...alone))
        expect(watchPayment([...rules].reverse(), given).response).toBe(verdict.response)
        expect(rank[watchPayment([...rules, further], given).response]).toBeGreaterThanOrEqual(rank[verdict.response])
        expect(verdict.reasons.length > 0).toBe(verdict.response !== 'allow')
      }),
    )
  })
})

const watching = async (terms: Partial<PaymentWatchTerms>): Promise<TestShop> => {
  const shop = await openShop()
  const { policyId: _, ...policy } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), { ...policy, watch: { ...paymentWatchOfOurs, ...terms } }))
  return shop
}
const order = async (shop: TestShop, lines: readonly (readonly [Sku, number])[] = [['kettle', 1]]) => {
  await fillCart(shop, 'ann', lines)
  return (await place(shop, 'ann')).orderId
}
/** So many orders, each of one piece. */
const ordersOf = async (shop: TestShop, count: number, sku: Sku = 'kettle'): Promise<readonly string[]> => {
  const lines = await fillCart(
    shop,
    'ann',
    Array.from({ length: count }, () => [sku, 1] as const),
  )
  const orderIds: string[] = []
  for (const { lineId } of lines) orderIds.push((await place(shop, 'ann', { lineIds: [lineId] })).orderId)
  return orderIds
}
const holdAbove = (aboveMinor: number): Partial<PaymentWatchTerms> => ({
  rules: [{ kind: 'spending', aboveMinor, withinMs: hour, response: 'hold' }],
})
const shipment = (orderId: string) => ({ orderId, carrier: 'sf-express', trackingNumber: `SF-${orderId}` })
const refusalOf = <Failure extends { readonly type: string }>(sent: ResultAsync<unknown, Failure>): Promise<string> =>
  sent.match(
    () => 'ok',
    ({ type }) => type,
  )
const viewOf = async (shop: TestShop, orderId: string, context = byStaff()) =>
  value(await orderPage(shop, context, { orderId }))

describe('a payment that is held', () => {
  it('is taken, and nothing leaves until staff release it; why, only staff are told', async () => {
    const shop = await watching(holdAbove(10_000))
    const orderId = await order(shop)
    expect((await pay(shop, 'ann', orderId)).orderStatus).toBe('paid')
    const until = shop.clock.now() + paymentWatchOfOurs.holdMs
    const refused = await shipOrder(shop, byStaff(), shipment(orderId))
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'OrderOnHold', orderId, until })
    const view = await viewOf(shop, orderId)
    expect(view.hold).toEqual({ since: shop.clock.now(), until, by: 'watch', reasons: ['spending'] })
    expect(view.nextActions).toEqual(['releaseHold', 'rejectHold', 'edit', 'cancel', 'refund'])
    expect((await viewOf(shop, orderId, by('ann'))).hold).toEqual({ since: shop.clock.now(), until })
    expect(await refusalOf(releaseHold(shop, by('ann'), { orderId }))).toBe('Denied')
    value(await releaseHold(shop, byStaff(), { orderId }))
    value(await shipOrder(shop, byStaff(), shipment(orderId)))
    expect(await refusalOf(releaseHold(shop, byStaff(), { orderId }))).toBe('OrderStateForbids')
  })

  it('that is rejected and comes all the same goes back', async () => {
    const shop = await watching(holdAbove(10_000))
    const orderId = await order(shop)
    shop.gateway.script({ kind: 'pending' })
    await pay(shop, 'ann', orderId)
    expect((await viewOf(shop, orderId)).hold?.reasons).toEqual(['spending'])
    shop.gateway.scriptClose({ kind: 'paidFirst' })
    expect(value(await rejectHold(shop, byStaff(), { orderId })).status).toBe('cancelled')
    expect(await refusalOf(shipOrder(shop, byStaff(), shipment(orderId)))).toBe('OrderStateForbids')
    value(await settleRefunds(shop, { limit: 10 }))
    expect(shop.gateway.books().totals).toMatchObject([{ netMinor: 0 }])
    expect(await viewOf(shop, orderId)).toMatchObject({ state: 'cancelled', hold: null })
  })

  it('goes back whole when staff reject it, and by itself when nobody looks in time', async () => {
    const shop = await watching(holdAbove(10_000))
    const [first = '', second = ''] = await ordersOf(shop, 2)
    await pay(shop, 'ann', first)
    await pay(shop, 'ann', second)
    expect(value(await rejectHold(shop, byStaff(), { orderId: first })).status).toBe('cancelled')
    shop.pass(paymentWatchOfOurs.holdMs - 1)
    const soon = [{ id: second, reason: 'HoldEndsSoon' }]
    expect(value(await endHolds(shop, { limit: 10 }))).toEqual({ done: 0, failed: soon })
    shop.pass(1)
    expect(value(await endHolds(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await viewOf(shop, second)).toMatchObject({ state: 'cancelled', refund: 'whole', hold: null })
    expect(value(await endHolds(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
  })

  it('is released in time where the terms say so', async () => {
    const shop = await watching({ ...holdAbove(10_000), atDeadline: 'release' })
    const orderId = await order(shop)
    await pay(shop, 'ann', orderId)
    shop.pass(paymentWatchOfOurs.holdMs)
    value(await endHolds(shop, { limit: 10 }))
    value(await shipOrder(shop, byStaff(), shipment(orderId)))
  })

  it('asks its buyer for a proof where the rule challenges, and begins nothing before', async () => {
    const challenge: WatchRule = { kind: 'velocity', attempts: 1, withinMs: hour, response: 'challenge' }
    const shop = await watching({ rules: [challenge] })
    const [first = '', second = ''] = await ordersOf(shop, 2)
    await pay(shop, 'ann', first)
    const method = { orderId: second, gatewayId: 'sandbox', method: 'wechatPay' } as const
    const refused = await payOrder(shop, by('ann'), method)
    expect(refused._unsafeUnwrapErr()).toEqual({
      type: 'StepUpRequired',
      action: 'orders.pay',
      ...{ proofs: shop.paymentProof.proofs, freshMs: shop.paymentProof.freshMs },
    })
    const actor = {
      kind: 'customer',
      accountId: 'ann',
      session: { sessionId: 's', provenAt: 0, paymentProof: { by: 'stepUp', at: shop.clock.now() } },
    } as const
    expect(value(await payOrder(shop, { ...by('ann'), actor }, method)).orderStatus).toBe('paid')
    expect((await viewOf(shop, second)).hold).toBeNull()
  })

  it('is not got round by paying many orders at once: of six, three are held', async () => {
    const rules: readonly WatchRule[] = [{ kind: 'velocity', attempts: 3, withinMs: hour, response: 'hold' }]
    const shop = await watching({ rules })
    const orderIds = await ordersOf(shop, 6, 'mug')
    await Promise.all(orderIds.map((orderId) => pay(shop, 'ann', orderId)))
    const views = await Promise.all(orderIds.map((orderId) => viewOf(shop, orderId)))
    expect(views.filter(({ hold }) => hold !== null)).toHaveLength(3)
  })
})

describe('a payment that its owner reports', () => {
  it('holds what has not left; rejecting gives that back and lets the rest go its way', async () => {
    const shop = await openShop()
    const orderId = await order(shop, [
      ['kettle', 1],
      ['mug', 1],
    ])
    expect(await refusalOf(reportPayment(shop, by('ann'), { orderId }))).toBe('OrderStateForbids')
    await pay(shop, 'ann', orderId)
    expect(await refusalOf(reportPayment(shop, by('bob'), { orderId }))).toBe('NotFound')
    const lines = [{ lineId: 'mug-2', quantity: 1 }]
    value(await shipOrder(shop, byStaff(), { ...shipment(orderId), lines }))
    expect(value(await reportPayment(shop, by('ann'), { orderId }))).toEqual({ orderId, held: true })
    expect(await refusalOf(shipOrder(shop, byStaff(), shipment(orderId)))).toBe('OrderOnHold')
    const { refundIds } = value(await rejectHold(shop, byStaff(), { orderId }))
    expect(refundIds).toHaveLength(1)
    const view = await viewOf(shop, orderId)
    expect(view).toMatchObject({ state: 'shipped', refund: 'partly', hold: null })
    expect(view.refunds[0]).toMatchObject({ cashMinor: 12_900, status: 'succeeded' })
    expect(value(await reportPayment(shop, by('ann'), { orderId }))).toEqual({ orderId, held: false })
  })

  it('may be given up by its owner all the same', async () => {
    const shop = await openShop()
    const orderId = await order(shop)
    await pay(shop, 'ann', orderId)
    value(await reportPayment(shop, by('ann'), { orderId }))
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelled')
  })
})
