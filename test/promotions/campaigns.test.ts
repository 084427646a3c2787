import { createShop } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { campaignResultsCsv } from '../../src/promotions/campaign-results.js'
import type { Offer } from '../../src/promotions/offer.js'
import { hoursMs } from '../../src/shared/instant.js'
import { must, openingTime } from '../shop/open-shop.js'
import { by, clerk, join } from '../shop/world.js'
import { buyKettles, deliverAll, openStall, type Stall } from '../support/open-stall.js'
import { couponOffer, offer } from './offers.js'

const campaign = { kind: 'campaign', campaignId: 'double-11' } as const
const offers: readonly Offer[] = [
  couponOffer('ten', { benefit: { kind: 'amountOff', offMinor: 1000 }, issuer: campaign, stage: 'platformCoupon' }),
  offer('two-off', { benefit: { kind: 'amountOff', offMinor: 200 }, issuer: campaign, stage: 'platform' }),
  couponOffer('other', { benefit: { kind: 'amountOff', offMinor: 100 } }),
]

const results = async ({ shop }: Stall) =>
  must(await shop.promotions.campaignResults(by(clerk), { campaignId: 'double-11', currency: 'CNY' }))

const none = {
  issued: 0,
  claimed: 0,
  used: 0,
  returned: 0,
  expired: 0,
  revoked: 0,
  orders: 0,
  revenueMinor: 0,
  discountMinor: 0,
  refundedMinor: 0,
  chargedBackMinor: 0,
}

describe('the results of a campaign', () => {
  it('count its coupons, its orders, what they came to and what it took off, once each', async () => {
    const stall = await openStall(offers)
    const { shop } = stall
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const bob = await join(stall, 'bob@example.com', 'Bob')
    must(await shop.promotions.issueCoupons(by(clerk), { offerId: 'ten', count: 2 }))
    const click = { by: 'click', offerId: 'ten' } as const
    const { couponId } = must(await shop.promotions.claimCoupon(by(ann.actor), click))
    must(await shop.promotions.claimCoupon(by(bob.actor), click))
    must(await shop.promotions.claimCoupon(by(bob.actor), { by: 'click', offerId: 'other' }))
    // 129.00 less 2.00 and 10.00, and 8.00 carriage: 125.00; and without the coupon 135.00.
    const used = await buyKettles(stall, ann.actor, 1, [couponId])
    expect(used.payableMinor).toBe(12_500)
    const plain = await buyKettles(stall, bob.actor, 1)
    expect(plain.payableMinor).toBe(13_500)
    await deliverAll(stall)
    await deliverAll(stall)
    const found = await results(stall)
    expect(found.total).toEqual({
      ...none,
      issued: 4,
      claimed: 2,
      used: 1,
      orders: 2,
      revenueMinor: 26_000,
      discountMinor: 1_400,
    })
    expect(found.offers.map(({ offerId, counts }) => [offerId, counts])).toEqual([
      ['ten', { ...none, issued: 4, claimed: 2, used: 1, orders: 1, revenueMinor: 12_500, discountMinor: 1_000 }],
      ['two-off', { ...none, orders: 2, revenueMinor: 26_000, discountMinor: 400 }],
    ])

    must(await shop.orders.cancel(by(ann.actor), { orderId: used.orderId }))
    must(await shop.upkeep.settleRefunds({ limit: 10 }))
    await deliverAll(stall)
    expect((await results(stall)).total).toMatchObject({ used: 1, returned: 1, refundedMinor: 12_500 })

    // What the payer's bank sends back is not with them, and once it is sent again it is, once.
    stall.pass(hoursMs)
    const refundId = stall.gateway.books().refunds[0]?.refundRef ?? ''
    expect(stall.gateway.failRefund(refundId, 'InstrumentInvalid')).toBe(true)
    for (const signed of await stall.gateway.takeNotifications()) {
      must(await shop.orders.receiveNotification({ gatewayId: 'sandbox', ...signed }))
    }
    await deliverAll(stall)
    expect((await results(stall)).total.refundedMinor).toBe(0)
    must(await shop.orders.retryRefund(by(clerk), { refundId }))
    await deliverAll(stall)
    expect((await results(stall)).total.refundedMinor).toBe(12_500)

    // One kettle more, 129.00.
    const { orderId } = plain
    const [line] = must(await shop.orders.page(by(bob.actor), { orderId })).lines
    const change = { orderId, lines: [{ lineId: line?.lineId ?? '', quantity: 2 }] }
    const { hash } = must(await shop.orders.previewEdit(by(bob.actor), change))
    must(await shop.orders.applyEdit(by(bob.actor), { ...change, hash }))
    must(await shop.orders.pay(by(bob.actor), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
    await deliverAll(stall)
    expect((await results(stall)).total).toMatchObject({ orders: 2, revenueMinor: 26_000 + 12_900 })
  })

  it('are those of the days asked for, as the shop counts days', async () => {
    const stall = await openStall(offers)
    const ann = await join(stall, 'ann@example.com', 'Ann')
    await buyKettles(stall, ann.actor, 1)
    // Past midnight in Shanghai, where it is still the same day of UTC.
    const now = openingTime + 14.5 * hoursMs
    const later = { ...stall, shop: createShop({ ...stall.ports, clock: { now: () => now } }) }
    await buyKettles(later, ann.actor, 2)
    await deliverAll(later)
    const of = async (from: string, to: string) => {
      const asked = { campaignId: 'double-11', currency: 'CNY', period: { from, to } }
      const { total, offers: each } = must(await later.shop.promotions.campaignResults(by(clerk), asked))
      expect(each.find(({ offerId }) => offerId === 'two-off')?.counts).toEqual(total)
      return [total.orders, total.revenueMinor, total.discountMinor]
    }
    // 129.00 less 2.00 and 8.00 carriage; the next day two of them: 258.00 less 2.00 and 8.00 carriage.
    expect(await of('2026-03-10', '2026-03-10')).toEqual([1, 13_500, 200])
    expect(await of('2026-03-11', '2026-03-11')).toEqual([1, 26_400, 200])
    expect(await of('2026-03-01', '2026-04-30')).toEqual([2, 39_900, 400])
    expect(await of('2026-03-12', '2026-12-31')).toEqual([0, 0, 0])
  })

  it('are the same whatever order and number of machines deliver the events', async () => {
    const stall = await openStall(offers)
    const { shop } = stall
    must(await shop.promotions.issueCoupons(by(clerk), { offerId: 'ten', count: 30 }))
    const turn = (worker: string) => shop.upkeep.relay({ worker, limit: 10 })
    for (let round = 0; round < 12; round += 1) {
      await Promise.all(['a', 'b', 'c'].map(turn))
    }
    await deliverAll(stall)
    expect((await results(stall)).total.issued).toBe(30)
  })

  it('are for staff alone', async () => {
    const stall = await openStall(offers)
    const asked = { campaignId: 'double-11', currency: 'CNY' }
    const answer = await stall.shop.promotions.campaignResults(by({ kind: 'guest', guestId: 'g' }), asked)
    expect(answer._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'promotions.campaignResults' })
  })
})

describe('the results as comma-separated values', () => {
  it('have a row for each offer and one in all, and let no text become a formula', () => {
    const counts = { ...none, issued: 3 }
    const csv = campaignResultsCsv({
      campaignId: '=cmd',
      period: null,
      currency: 'CNY',
      total: counts,
      offers: [{ offerId: 'ten', title: { 'zh-CN': '满"百"减十,限时', en: 'x' }, counts }],
    })
    expect(csv.split('\r\n')).toEqual([
      'campaignId,offerId,title,currency,issued,claimed,used,returned,expired,revoked,orders,revenueMinor,discountMinor,refundedMinor,chargedBackMinor',
      '\'=cmd,ten,"满""百""减十,限时",CNY,3,0,0,0,0,0,0,0,0,0,0',
      "'=cmd,,,CNY,3,0,0,0,0,0,0,0,0,0,0",
      '',
    ])
  })

  it('let no text become a formula by full-width signs, or by a line that begins it', () => {
    const cell = (campaignId: string) =>
      campaignResultsCsv({ campaignId, period: null, currency: 'CNY', total: none, offers: [] }).split('\r\n')[1]
    for (const sign of ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t'])
      expect(cell(`${sign}cmd`)).toMatch(`'${sign}cmd,`)
    expect(cell('\n=cmd')).toMatch('"\'\n=cmd",')
    expect(cell('满＝减')).toMatch(/^满＝减,/)
  })
})
