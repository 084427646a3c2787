import { okAsync } from 'neverthrow'
import { type Actor, type ContactBook, createShop, find, readFacts } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/notify/message.schema.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import type { CouponOccasion, Offer } from '../../src/promotions/offer.js'
import { must, openingTime } from '../shop/open-shop.js'
import { by, clerk, join, password } from '../shop/world.js'
import { buyKettles, deliverAll, openStall, type Stall } from '../support/open-stall.js'
import { couponOffer } from './offers.js'

const given = (offerId: string, occasion: CouponOccasion, form: { issues?: number; claims?: number } = {}): Offer =>
  couponOffer(offerId, {
    benefit: { kind: 'amountOff', offMinor: 1000 },
    title: { 'zh-CN': '十元券', en: 'Ten off' },
    form: {
      kind: 'coupon',
      issues: form.issues ?? 100,
      claimsPerCustomer: form.claims ?? 1,
      claimable: false,
      givenOn: [occasion],
    },
  })

const couponsOf = async ({ shop }: Stall, actor: Actor) =>
  must(await shop.promotions.listCoupons(by(actor), { limit: 20 })).coupons.map(({ offerId }) => offerId)

describe('coupons that are given by themselves', () => {
  it('come with joining, once, with a message to those who agreed to such', async () => {
    const opened = await openStall([given('welcome', { on: 'joined' })])
    const ann = await join(opened, 'ann@example.com', 'Ann')
    const consent = { purpose: 'marketing', decision: 'given', noticeVersion: 'v1' } as const
    must(await opened.shop.accounts.setConsent(by(ann.actor), consent))
    const bob = await join(opened, 'bob@example.com', 'Bob')
    await deliverAll(opened)
    await deliverAll(opened)
    expect(await couponsOf(opened, ann.actor)).toEqual(['welcome'])
    expect(await couponsOf(opened, bob.actor)).toEqual(['welcome'])
    must(await opened.shop.upkeep.sendMessages({ limit: 50 }))
    const mails = opened.mailbox.filter(({ subject }) => /十元券|Ten off/.test(subject))
    expect(mails.map(({ to }) => to)).toEqual(['ann@example.com'])
    expect(mails[0]?.text).toMatch(/减¥10\.00|CN¥10\.00 off/)
  })

  it('come with an order of at least so much, as often as one may have them', async () => {
    const opened = await openStall([given('thanks', { on: 'orderPaid', leastMinor: 20_000 }, { claims: 2 })])
    const ann = await join(opened, 'ann@example.com', 'Ann')
    const ordered: number[] = []
    for (const quantity of [1, 2, 3, 4]) {
      await buyKettles(opened, ann.actor, quantity)
      await deliverAll(opened)
      ordered.push((await couponsOf(opened, ann.actor)).length)
    }
    // 137.00 is too little; then two, and no third.
    expect(ordered).toEqual([0, 1, 2, 2])
  })

  it('come with points for an activity, and not with those for another', async () => {
    const opened = await openStall([
      given('staff-points', { on: 'pointsEarned', sources: ['staff'] }),
      given('review-points', { on: 'pointsEarned', sources: ['review'] }),
    ])
    const ann = await join(opened, 'ann@example.com', 'Ann')
    const expiresAt = openingTime + 86_400_000
    must(
      await opened.shop.membership.grantPoints(by(clerk), {
        accountId: ann.accountId,
        grantId: 'g1',
        points: 5,
        expiresAt,
      }),
    )
    await deliverAll(opened)
    expect(await couponsOf(opened, ann.actor)).toEqual(['staff-points'])
  })

  it('end with the number there is, which is no failure of what they were given for', async () => {
    const opened = await openStall([given('first-two', { on: 'joined' }, { issues: 2 })])
    const customers = []
    for (const name of ['ann', 'bob', 'cid']) customers.push(await join(opened, `${name}@example.com`, name))
    await deliverAll(opened)
    const held = await Promise.all(customers.map(({ actor }) => couponsOf(opened, actor)))
    expect(held.flat()).toEqual(['first-two', 'first-two'])
  })

  it('are no more than there are when many machines give them at once', async () => {
    const opened = await openStall([given('first-three', { on: 'joined' }, { issues: 3 })])
    const customers = []
    for (const name of ['ann', 'bob', 'cid', 'dan', 'eve', 'fay']) {
      customers.push(await join(opened, `${name}@example.com`, name))
    }
    const turn = (worker: string) => opened.shop.upkeep.relay({ worker, limit: 4 })
    for (let round = 0; round < 6; round += 1) await Promise.all(['a', 'b', 'c', 'd'].map(turn))
    await deliverAll(opened)
    const held = await Promise.all(customers.map(({ actor }) => couponsOf(opened, actor)))
    expect(held.flat()).toEqual(['first-three', 'first-three', 'first-three'])
  })

  it('are taken back when their account is erased', async () => {
    const opened = await openStall([given('welcome', { on: 'joined' })])
    const ann = await join(opened, 'ann@example.com', 'Ann')
    await deliverAll(opened)
    expect(await couponsOf(opened, ann.actor)).toEqual(['welcome'])
    must(await opened.shop.accounts.erase(by(ann.actor), { password }))
    await deliverAll(opened)
    const plan = { held: find(coupons, { where: [], limit: 9 }) }
    const { held } = must(
      await readFacts(opened.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: openingTime, plan }),
    )
    expect(held.map(({ state }) => state)).toMatchObject([{ status: 'revoked', reason: 'accountClosed' }])
  })

  it('come with the first order of a customer and with no later one', async () => {
    const opened = await openStall([
      given('first-order', { on: 'orderPaid', leastMinor: 1, firstOrder: true }, { claims: 5 }),
    ])
    const ann = await join(opened, 'ann@example.com', 'Ann')
    for (const _ of [1, 2]) await buyKettles(opened, ann.actor, 1)
    await deliverAll(opened)
    expect(await couponsOf(opened, ann.actor)).toEqual(['first-order'])
    // The first is given up; the second is kept, so a third is none.
    const { orders } = must(await opened.shop.orders.list(by(ann.actor), { limit: 9 }))
    must(await opened.shop.orders.cancel(by(ann.actor), { orderId: orders.at(-1)?.orderId ?? '' }))
    await buyKettles(opened, ann.actor, 1)
    await deliverAll(opened)
    expect(await couponsOf(opened, ann.actor)).toEqual(['first-order'])
  })

  it('come with a day signed in, a review that was counted, and a birthday, of members', async () => {
    const opened = await openStall([
      given('streak', { on: 'signInStreak', everyDays: 1 }),
      given('reviewer', { on: 'activity', activities: ['review'] }),
      given('birthday', { on: 'birthday' }, { claims: 9 }),
    ])
    const { shop } = opened
    const ann = await join(opened, 'ann@example.com', 'Ann')
    // The shop's clock stands on 10 March.
    must(await shop.membership.join(by(ann.actor), { termsRevision: 0, birthday: { month: 3, day: 10 } }))
    must(await shop.membership.checkIn(by(ann.actor)))
    const review = { accountId: ann.accountId, activity: 'review', reference: 'r1' } as const
    must(await shop.membership.recordActivity(by(clerk), review))
    expect(must(await shop.upkeep.sweepBirthdays({ limit: 10 }))).toEqual({ done: 1, failed: [] })
    await deliverAll(opened)
    expect(must(await shop.upkeep.sweepBirthdays({ limit: 10 }))).toEqual({ done: 0, failed: [] })
    await deliverAll(opened)
    expect([...(await couponsOf(opened, ann.actor))].sort()).toEqual(['birthday', 'reviewer', 'streak'])
  })

  it('are told of on every channel that was agreed to, and stand in the account', async () => {
    const opened = await openStall([given('welcome', { on: 'joined' })])
    const phones: ContactBook = { find: (_, channel) => okAsync(channel === 'sms' ? { to: '+861390000' } : undefined) }
    const shop = createShop({ ...opened.ports, contacts: phones })
    const ann = await join({ ...opened, shop }, 'ann@example.com', 'Ann')
    const channels = ['inApp', 'sms', 'push'] as const
    const consent = { purpose: 'marketing', decision: 'given', noticeVersion: 'v1', channels } as const
    must(await shop.accounts.setConsent(by(ann.actor), consent))
    await deliverAll({ shop })
    const sent = must(await shop.upkeep.sendMessages({ limit: 50 }))
    // The device is not known to the host.
    expect(sent.suppressed).toBe(1)
    const mine = opened.mailbox.filter(({ subject }) => /十元券|Ten off/.test(subject))
    expect(mine.map(({ channel, to }) => [channel, to])).toEqual([['sms', '+861390000']])
    const { messages: read } = must(await shop.notify.myMessages(by(ann.actor), { limit: 10 }))
    expect(read.map(({ template, subject }) => [template, subject])).toEqual([['couponGiven', mine[0]?.subject]])
  })

  it('are told of once when staff gives one', async () => {
    const opened = await openStall([given('sorry', { on: 'levelReached', levels: ['gold'] })])
    const ann = await join(opened, 'ann@example.com', 'Ann')
    const consent = { purpose: 'marketing', decision: 'given', noticeVersion: 'v1', channels: ['email'] } as const
    must(await opened.shop.accounts.setConsent(by(ann.actor), consent))
    const grant = by(clerk)
    const asked = { offerId: 'sorry', accountId: ann.accountId }
    must(await opened.shop.promotions.grantCoupon(grant, asked))
    must(await opened.shop.promotions.grantCoupon(grant, asked))
    const plan = { all: find(messages, { where: [], limit: 50 }) }
    const { all } = must(
      await readFacts(opened.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: openingTime, plan }),
    )
    expect(all.filter(({ state }) => state.template === 'couponGiven')).toHaveLength(1)
  })
})
