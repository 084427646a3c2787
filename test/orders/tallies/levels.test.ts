import { describe, expect, it } from 'vitest'
import { addLine } from '../../../src/cart/add-line.js'
import { claimBenefit } from '../../../src/membership/claim-benefit.js'
import { guideMembership } from '../../../src/membership/guide-membership.js'
import { joinMembership } from '../../../src/membership/join-membership.js'
import { leaveMembership } from '../../../src/membership/leave-membership.js'
import { type MembershipTerms, membershipBookId } from '../../../src/membership/membership-terms.js'
import { membershipBooks } from '../../../src/membership/membership-terms.schema.js'
import { sweepMembers } from '../../../src/membership/sweep-members.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { countForLevel } from '../../../src/orders/tallies/count-for-level.js'
import { taxBookId } from '../../../src/pricing/books.schema.js'
import type { TaxBook } from '../../../src/pricing/tax-book.js'
import type { Offer } from '../../../src/promotions/offer.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs } from '../../../src/shared/instant.js'
import { runRelay } from '../../../src/shared/relay.js'
import { memberCentre } from '../../../src/storefront/member-centre.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  openShop,
  pay,
  place,
  recipient,
  type Sku,
  type TestShop,
  value,
} from '../open-shop.js'

const audience = (given: Offer['audience']): Offer => ({
  ...couponOffer,
  offerId: 'for-some',
  form: { kind: 'promotion' },
  stage: 'platform',
  audience: given ?? {},
  benefit: { kind: 'amountOff', offMinor: 1_000 },
})

const openWithTerms = async (
  terms: Partial<MembershipTerms> = {},
  offers: readonly Offer[] = [],
  tax?: TaxBook,
): Promise<TestShop> => {
  const shop = await openShop({ offers, ...(tax === undefined ? {} : { tax }) })
  const state = { ...guideMembership, ...terms }
  await commit(shop, [put(membershipBooks, { id: membershipBookId, version: 0, state })])
  return shop
}

const enter = async (shop: TestShop, accountId: string, birthday?: { month: number; day: number }) =>
  value(
    await joinMembership(shop, by(accountId), { termsRevision: 1, ...(birthday === undefined ? {} : { birthday }) }),
  )

const buyAndPay = async (shop: TestShop, accountId: string, sku: Sku, quantity: number): Promise<string> => {
  await fillCart(shop, accountId, [[sku, quantity]])
  const { orderId } = await place(shop, accountId)
  await pay(shop, accountId, orderId)
  return orderId
}

const buyAgain = async (shop: TestShop, accountId: string, quantity: number): Promise<string> => {
  value(await addLine(shop, by(accountId), { productId: 'p-kettle', sku: 'kettle', quantity }))
  const { orderId } = await place(shop, accountId)
  await pay(shop, accountId, orderId)
  return orderId
}

const end = async (shop: TestShop, accountId: string, orderId: string): Promise<void> => {
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf', trackingNumber: orderId }))
  value(await confirmReceipt(shop, by(accountId), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
}

const finish = async (shop: TestShop, accountId: string, orderId: string): Promise<void> => {
  await end(shop, accountId, orderId)
  await relay(shop)
}

const relay = async (shop: TestShop): Promise<void> => {
  value(await runRelay(shop, [countForLevel], { worker: 'test', limit: 500 }))
}

const centre = async (shop: TestShop, accountId: string) => value(await memberCentre(shop, by(accountId)))

const preview = async (shop: TestShop, accountId: string) =>
  value(await previewOrder(shop, by(accountId), { shippingMethodId: 'standard', region: recipient.region }))

describe('a level by what was bought', () => {
  it('comes once the order is complete, and is told with its reason', async () => {
    const shop = await openWithTerms()
    await enter(shop, 'ann')
    // Nine kettles at 129.00 are 1161.00, which is silver.
    const orderId = await buyAndPay(shop, 'ann', 'kettle', 9)
    await relay(shop)
    expect((await centre(shop, 'ann')).membership).toMatchObject({
      level: { levelId: 'ordinary' },
      next: { level: { levelId: 'silver' }, missing: 100_000 },
    })
    expect((await centre(shop, 'ann')).pointsToCome).toBe(1161)
    await finish(shop, 'ann', orderId)
    expect(await centre(shop, 'ann')).toMatchObject({
      points: 1161,
      pointsToCome: 0,
      membership: {
        level: { levelId: 'silver' },
        counted: { spentMinor: 116_100, metric: 116_100 },
        next: { level: { levelId: 'gold' }, missing: 383_900 },
      },
    })
  })

  it('does not count what was given back by amount, whole or of pieces that come back later', async () => {
    const shop = await openWithTerms()
    await enter(shop, 'ann')
    const orderId = await buyAndPay(shop, 'ann', 'kettle', 9)
    await finish(shop, 'ann', orderId)
    const spentMinor = async () => {
      await relay(shop)
      return (await centre(shop, 'ann')).membership?.counted.spentMinor
    }
    // Of 1161.00 all but 12.90 is given back, a ninth of which is set off against each piece.
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 114_810, lineId: 'kettle-1' }))
    expect(await spentMinor()).toBe(1_290)
    const lines = (quantity: number) => [{ lineId: 'kettle-1', quantity }]
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: lines(3) }))
    expect(await spentMinor()).toBe(860)
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: lines(6) }))
    expect(await spentMinor()).toBe(0)
  })

  it('counts no tax on top, neither of what was paid nor of what is given back by amount', async () => {
    const full = { rateId: 'full', title: { en: 'VAT', 'zh-CN': '增值税' }, rateMillionths: 130_000 }
    const region = { region: '*', inclusive: false, classes: { goods: [full] }, shippingClass: null }
    const shop = await openWithTerms({}, [], {
      bookId: taxBookId,
      regions: [region],
      roundPer: 'line',
      rounding: 'halfUp',
    })
    await enter(shop, 'ann')
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    await finish(shop, 'ann', orderId)
    const spentMinor = async () => (await centre(shop, 'ann')).membership?.counted.spentMinor
    expect(await spentMinor()).toBe(12_900 + 5_900)
    // The lamp cost 59.00 and 7.67 tax, the kettle 129.00 and 16.77: all of the one is given, and a half of the other.
    const given = (lineId: string, amountMinor: number) =>
      refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor, lineId })
    value(await given('lamp-2', 6_667))
    await relay(shop)
    expect(await spentMinor()).toBe(12_900)
    value(await given('kettle-1', 7_288))
    await relay(shop)
    expect(await spentMinor()).toBe(12_900 - 6_449)
  })

  it('falls after its grace when pieces go back, counted at the day they were bought', async () => {
    const shop = await openWithTerms()
    await enter(shop, 'ann')
    const orderId = await buyAndPay(shop, 'ann', 'kettle', 9)
    await finish(shop, 'ann', orderId)
    shop.pass(10 * daysMs)
    value(
      await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: [{ lineId: 'kettle-1', quantity: 2 }] }),
    )
    await relay(shop)
    const after = (await centre(shop, 'ann')).membership
    expect(after).toMatchObject({ level: { levelId: 'silver' }, counted: { spentMinor: 90_300 } })
    expect(after?.falls).toMatchObject({ levelId: 'ordinary' })
    shop.pass(29 * daysMs)
    expect((await centre(shop, 'ann')).membership?.level?.levelId).toBe('silver')
    shop.pass(daysMs)
    // It holds from its moment, swept or not.
    expect((await centre(shop, 'ann')).membership?.level?.levelId).toBe('ordinary')
    expect(value(await sweepMembers(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    expect(value(await sweepMembers(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
  })

  it('is that of all orders together where several are counted at once', async () => {
    const shop = await openWithTerms()
    await enter(shop, 'ann')
    // Twice 645.00: each alone is ordinary, both are 1290.00, which is silver.
    const [first, second] = [await buyAndPay(shop, 'ann', 'kettle', 5), await buyAgain(shop, 'ann', 5)]
    await end(shop, 'ann', first)
    await end(shop, 'ann', second)
    await relay(shop)
    expect((await centre(shop, 'ann')).membership).toMatchObject({
      level: { levelId: 'silver' },
      counted: { spentMinor: 129_000 },
    })
  })

  it('is that of what is left where one order is counted while pieces of another go back', async () => {
    const shop = await openWithTerms()
    await enter(shop, 'ann')
    const first = await buyAndPay(shop, 'ann', 'kettle', 7)
    await finish(shop, 'ann', first)
    const second = await buyAgain(shop, 'ann', 1)
    await end(shop, 'ann', second)
    // 903.00 and 129.00 would be silver, and are not with 387.00 gone.
    const lines = [{ lineId: 'kettle-1', quantity: 3 }]
    value(await refundOrder(shop, byStaff(), { orderId: first, reason: 'returned', lines }))
    await relay(shop)
    expect((await centre(shop, 'ann')).membership).toMatchObject({
      level: { levelId: 'ordinary' },
      counted: { spentMinor: 64_500 },
    })
  })

  it('counts an order once, however often its events come, and none of who has not joined', async () => {
    const shop = await openWithTerms()
    await enter(shop, 'ann')
    const orderId = await buyAndPay(shop, 'ann', 'kettle', 1)
    await finish(shop, 'ann', orderId)
    const event = shop.told.find(({ type }) => type === 'OrderCompleted')
    if (event === undefined) throw new Error('not completed')
    for (let again = 0; again < 3; again += 1) value(await countForLevel.react(shop, event))
    expect((await centre(shop, 'ann')).membership?.counted.spentMinor).toBe(12_900)
    const others = await buyAndPay(shop, 'bob', 'kettle', 2)
    await finish(shop, 'bob', others)
    expect((await centre(shop, 'bob')).membership).toBeNull()
    shop.pass(1)
    await enter(shop, 'bob')
    value(
      await refundOrder(shop, byStaff(), {
        orderId: others,
        reason: 'goodwill',
        lines: [{ lineId: 'kettle-1', quantity: 1 }],
      }),
    )
    await relay(shop)
    expect((await centre(shop, 'bob')).membership?.counted.spentMinor).toBe(0)
  })

  it('counts nothing that was bought before its buyer joined, though it completes after', async () => {
    const shop = await openWithTerms()
    const before = await buyAndPay(shop, 'ann', 'kettle', 9)
    shop.pass(1)
    await enter(shop, 'ann')
    await finish(shop, 'ann', before)
    expect((await centre(shop, 'ann')).membership).toMatchObject({
      level: { levelId: 'ordinary' },
      counted: { spentMinor: 0 },
    })
  })

  it('multiplies what the next order earns, and ends with the membership', async () => {
    const shop = await openWithTerms()
    await enter(shop, 'ann')
    await finish(shop, 'ann', await buyAndPay(shop, 'ann', 'kettle', 9))
    value(await addLine(shop, by('ann'), { productId: 'p-lamp', sku: 'lamp', quantity: 1 }))
    expect((await preview(shop, 'ann')).price.pointsEarned).toBe(2 * 59)
    value(await leaveMembership(shop, by('ann')))
    expect((await preview(shop, 'ann')).price.pointsEarned).toBe(59)
  })
})

describe('an offer with an audience', () => {
  it('of a level is had by its members alone', async () => {
    const shop = await openWithTerms({}, [audience({ levels: ['ordinary'] })])
    await fillCart(shop, 'ann', [['kettle', 1]])
    expect((await preview(shop, 'ann')).totals.discountMinor).toBe(0)
    await enter(shop, 'ann')
    expect((await preview(shop, 'ann')).totals.discountMinor).toBe(1_000)
    const order = await place(shop, 'ann')
    expect(order.payableMinor).toBe(12_700)
  })

  it('of a birthday is had on the day alone', async () => {
    const shop = await openWithTerms({}, [audience({ birthday: true })])
    const today = new Date(shop.clock.now())
    await enter(shop, 'ann', { month: today.getUTCMonth() + 1, day: today.getUTCDate() })
    await fillCart(shop, 'ann', [['kettle', 1]])
    expect((await preview(shop, 'ann')).totals.discountMinor).toBe(1_000)
    shop.pass(daysMs)
    expect((await preview(shop, 'ann')).totals.discountMinor).toBe(0)
  })
})

describe('the member centre', () => {
  it('shows which benefits can be taken, which were, and which are for later', async () => {
    const benefit = (benefitId: string, days: readonly number[] | null): MembershipTerms['benefits'][number] => ({
      benefitId,
      title: { en: benefitId, 'zh-CN': benefitId },
      levels: ['ordinary'],
      period: 'month',
      occasion: days === null ? { kind: 'any' } : { kind: 'memberDay', daysOfMonth: days },
      points: 5,
      couponOfferIds: [],
    })
    const shop = await openWithTerms({
      benefits: [benefit('open', null), benefit('had', null), benefit('later', [28])],
    })
    await enter(shop, 'ann')
    expect(value(await claimBenefit(shop, by('ann'), { benefitId: 'had' })).points).toBe(5)
    const shown = (await centre(shop, 'ann')).membership?.benefits.map(({ benefitId, state }) => [benefitId, state])
    expect(shown).toEqual([
      ['open', 'open'],
      ['had', 'taken'],
      ['later', 'later'],
    ])
    expect((await centre(shop, 'ann')).pointsEnding).toHaveLength(1)
  })
})
