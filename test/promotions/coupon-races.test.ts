import { describe, expect, it } from 'vitest'
import { promotionsAccess } from '../../src/promotions/access.js'
import { claimCoupon } from '../../src/promotions/claim-coupon.js'
import { couponIssues } from '../../src/promotions/limits.js'
import { publishOffers } from '../../src/promotions/publish-offers.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { counters } from '../../src/shared/read-plan.js'
import { must } from '../shop/open-shop.js'
import { by, join, recipient } from '../shop/world.js'
import { createTestPorts } from '../support/core-ports.js'
import { buyKettles, openStall, type Stall } from '../support/open-stall.js'
import { openStorage } from '../support/storages.js'
import { couponOffer } from './offers.js'

const benefit = { kind: 'amountOff', offMinor: 1000 } as const
const ten = couponOffer('ten', {
  benefit,
  threshold: { amountMinor: 10_000, basis: 'activity' },
  form: { kind: 'coupon', issues: 100, claimsPerCustomer: 3, claimable: true },
})

describe('64 claims at once', () => {
  it('by one customer give as many as one may have', async () => {
    const ports = { ...createTestPorts(await openStorage(), promotionsAccess), attempts: 100 }
    const staff = { actor: { kind: 'staff', staffId: 's', roles: [] } as const, key: 'p' }
    expect((await publishOffers(ports, staff, { expectedRevision: 0, offers: [ten] })).isOk()).toBe(true)
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, place) =>
        claimCoupon(
          ports,
          { actor: { kind: 'customer', accountId: 'ann' }, key: `k${place}` },
          { by: 'click', offerId: 'ten' },
        ),
      ),
    )
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(3)
    for (const answer of answers) {
      if (answer.isErr()) expect(answer.error).toEqual({ type: 'ClaimLimitReached', offerId: 'ten', limit: 3 })
    }
    // What was refused took nothing from what is left for others.
    const plan = { made: counters(couponIssues, ['ten', 'ten@ann']) }
    const { made } = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan }))
    expect(Object.fromEntries(made)).toEqual({ ten: -3, 'ten@ann': -3 })
  })
})

const claimTen = async ({ shop }: Stall, actor: Parameters<typeof by>[0]) =>
  must(await shop.promotions.claimCoupon(by(actor), { by: 'click', offerId: 'ten' })).couponId

describe('a coupon and its orders', () => {
  const statusOf = async ({ shop }: Stall, actor: Parameters<typeof by>[0]) =>
    must(await shop.promotions.listCoupons(by(actor), { limit: 9 })).coupons.map(({ status }) => status)

  it('goes into one of two orders that are placed at once', async () => {
    const stall = await openStall([ten])
    const { shop, productId } = stall
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const couponId = await claimTen(stall, ann.actor)
    must(await shop.cart.addLine(by(ann.actor), { productId, sku: 'kettle', quantity: 1 }))
    must(await shop.cart.attachCoupon(by(ann.actor), { couponId }))
    const order = { shippingMethodId: 'standard', recipient, expectedTotalMinor: 12_700 }
    const answers = await Promise.all([1, 2, 3, 4].map(() => shop.orders.place(by(ann.actor), order)))
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
    expect(await statusOf(stall, ann.actor)).toEqual(['locked'])
  })

  it('placed again under its key is the order it was', async () => {
    const stall = await openStall([ten])
    const { shop, productId } = stall
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const couponId = await claimTen(stall, ann.actor)
    must(await shop.cart.addLine(by(ann.actor), { productId, sku: 'kettle', quantity: 1 }))
    must(await shop.cart.attachCoupon(by(ann.actor), { couponId }))
    const order = { shippingMethodId: 'standard', recipient, expectedTotalMinor: 12_700 }
    const context = by(ann.actor)
    const first = must(await shop.orders.place(context, order))
    expect(must(await shop.orders.place(context, order))).toEqual(first)
    expect(await statusOf(stall, ann.actor)).toEqual(['locked'])
  })

  it('is not used up by an order that it takes nothing off', async () => {
    const dear = couponOffer('ten', { benefit, threshold: { amountMinor: 100_000, basis: 'activity' } })
    const stall = await openStall([dear])
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const couponId = await claimTen(stall, ann.actor)
    expect((await buyKettles(stall, ann.actor, 1, [couponId])).payableMinor).toBe(13_700)
    expect(await statusOf(stall, ann.actor)).toEqual(['claimed'])
  })

  it('comes back when the order is given up, before payment and after', async () => {
    const stall = await openStall([ten])
    const { shop, productId } = stall
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const couponId = await claimTen(stall, ann.actor)
    must(await shop.cart.addLine(by(ann.actor), { productId, sku: 'kettle', quantity: 1 }))
    must(await shop.cart.attachCoupon(by(ann.actor), { couponId }))
    const order = { shippingMethodId: 'standard', recipient, expectedTotalMinor: 12_700 }
    const { orderId } = must(await shop.orders.place(by(ann.actor), order))
    must(await shop.orders.cancel(by(ann.actor), { orderId }))
    expect(await statusOf(stall, ann.actor)).toEqual(['claimed'])
    const paid = await buyKettles(stall, ann.actor, 1, [couponId])
    expect(await statusOf(stall, ann.actor)).toEqual(['used'])
    must(await shop.orders.cancel(by(ann.actor), { orderId: paid.orderId }))
    expect(await statusOf(stall, ann.actor)).toEqual(['claimed'])
  })

  it('that staff takes back while an order holds it is gone when the order is', async () => {
    const stall = await openStall([ten])
    const { shop, productId } = stall
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const couponId = await claimTen(stall, ann.actor)
    must(await shop.cart.addLine(by(ann.actor), { productId, sku: 'kettle', quantity: 1 }))
    must(await shop.cart.attachCoupon(by(ann.actor), { couponId }))
    const order = { shippingMethodId: 'standard', recipient, expectedTotalMinor: 12_700 }
    const { orderId } = must(await shop.orders.place(by(ann.actor), order))
    const clerk = { kind: 'staff', staffId: 'clerk', roles: [] } as const
    const taken = await shop.promotions.revokeCoupon(by(clerk), { couponId, reason: 'abuse' })
    expect(must(taken)).toEqual({ couponId, status: 'locked' })
    must(await shop.orders.cancel(by(ann.actor), { orderId }))
    expect(await statusOf(stall, ann.actor)).toEqual(['revoked'])
  })
})
