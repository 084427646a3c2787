import { describe, expect, it } from 'vitest'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { giveCoupons } from '../../../src/promotions/give-coupons.js'
import type { Offer } from '../../../src/promotions/offer.js'
import { publishOffers } from '../../../src/promotions/publish-offers.js'
import { find } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask } from '../books-of.js'
import { byStaff, offer, type Sku, type TestShop, value } from '../open-shop.js'
import { sellApart, settlement } from '../placing/open-mall.js'
import { deliver, openUnpaidShop, orderUnpaid, pageOf, send } from './on-delivery-shop.js'

/** Given for a first order of so much, and for any of 60.00. */
const given = (leastMinor: number): readonly Offer[] =>
  [
    ['welcome', { on: 'orderPaid', leastMinor, firstOrder: true }] as const,
    ['thanks', { on: 'orderPaid', leastMinor: 6_000 }] as const,
  ].map(([offerId, occasion]) =>
    offer({
      offerId,
      stage: 'platformCoupon',
      form: { kind: 'coupon', issues: 100, claimsPerCustomer: 10, claimable: false, givenOn: [occasion] },
      benefit: { kind: 'amountOff', offMinor: 1_000 },
    }),
  )

const openGiving = async (leastMinor: number, terms: Parameters<typeof openUnpaidShop>[1] = {}) => {
  const shop = await openUnpaidShop({}, terms)
  await sellApart(shop)
  value(await publishOffers(shop, byStaff(), { expectedRevision: 1, offers: given(leastMinor) }))
  return shop
}

const givenTo = async (shop: TestShop): Promise<readonly string[]> => {
  for (const worker of ['one', 'two']) value(await runRelay(shop, [giveCoupons], { worker, limit: 1_000 }))
  return (await ask(shop, find(coupons, { where: [], limit: 100 }))).map(({ state }) => state.offerId).sort()
}

const collect = async (shop: TestShop, orderId: string): Promise<void> => {
  const { parcelId, collectMinor } = await send(shop, orderId)
  value(await deliver(shop, parcelId, collectMinor))
}

const bought: readonly (readonly [Sku, number])[] = [
  ['kettle', 1],
  ['lamp', 1],
]

const divided = { severalMerchants: 'apart', settlement } as const

describe('a first order that is paid on delivery', () => {
  it('brings the coupon that a first order does, with the last of its money', async () => {
    const shop = await openGiving(1_000)
    const { orderId } = await orderUnpaid(shop, 'ann', bought)
    expect(await givenTo(shop)).toEqual([])
    await collect(shop, orderId)
    expect(await givenTo(shop)).toEqual(['thanks', 'welcome'])
  })

  it('brings it once where it is divided among merchants, with the first of its orders that is worth as much', async () => {
    const shop = await openGiving(1_000, divided)
    const { orderId } = await orderUnpaid(shop, 'ann', bought)
    const { orderIds } = await pageOf(shop, 'ann', orderId)
    expect(orderIds).toHaveLength(2)
    const counts: (readonly string[])[] = []
    for (const each of orderIds) {
      await collect(shop, each)
      counts.push(await givenTo(shop))
    }
    expect(counts.map((all) => all.filter((offerId) => offerId === 'welcome').length)).toEqual([1, 1])
    // The next one is no first order.
    const { orderId: next } = await orderUnpaid(shop, 'ann', bought)
    for (const each of (await pageOf(shop, 'ann', next)).orderIds) await collect(shop, each)
    expect((await givenTo(shop)).filter((offerId) => offerId === 'welcome')).toHaveLength(1)
  })

  it('brings it with the second where the first of its orders is worth too little', async () => {
    // The kettle is 129.00, the lamp 59.00.
    const shop = await openGiving(10_000, divided)
    const { orderId } = await orderUnpaid(shop, 'ann', bought)
    const { orderIds } = await pageOf(shop, 'ann', orderId)
    const worth = await Promise.all(
      orderIds.map(async (each) => ({ each, dueMinor: (await pageOf(shop, 'ann', each)).onDelivery?.dueMinor ?? 0 })),
    )
    const [little, much] = worth.sort((left, right) => left.dueMinor - right.dueMinor)
    await collect(shop, little?.each ?? '')
    expect(await givenTo(shop)).not.toContain('welcome')
    await collect(shop, much?.each ?? '')
    expect(await givenTo(shop)).toContain('welcome')
  })
})
