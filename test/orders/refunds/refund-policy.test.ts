import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { previewReturn } from '../../../src/aftersales/preview-return.js'
import { receiveReturn } from '../../../src/aftersales/receive-return.js'
import { refundReturn } from '../../../src/aftersales/refund-return.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type RefundPolicy } from '../../../src/orders/policy/shop-policy.js'
import { keptBooks } from '../../../src/orders/price-record/kept-book.schema.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { publishOffers } from '../../../src/promotions/publish-offers.js'
import { removeRow } from '../../../src/shared/commit.js'
import { daysMs } from '../../../src/shared/instant.js'
import { endOfLocalDay } from '../../../src/shared/local-day.js'
import { row } from '../../../src/shared/read-plan.js'
import { unchecked } from '../../support/unchecked.js'
import { ask, balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giftOffer,
  giveCoupon,
  givePoints,
  openShop,
  pay,
  place,
  type TestShop,
  value,
} from '../open-shop.js'

const { policyId: _, ...terms } = defaultShopPolicy

/** A shop that reckons returns by a policy. */
const openShopWith = async (refundPolicy: RefundPolicy): Promise<TestShop> => {
  const shop = await openShop({ offers: [couponOffer, giftOffer] })
  await setPolicy(shop, refundPolicy)
  return shop
}

const setPolicy = async (shop: TestShop, refundPolicy: RefundPolicy) => {
  value(await savePolicy(shop, byStaff(), { ...terms, returns: { ...terms.returns, refundPolicy } }))
  shop.books.drop({ collection: 'policyBook', id: 'shop' })
}

const buy = async (
  shop: TestShop,
  buyer: string,
  lines: Parameters<typeof fillCart>[2],
  { coupon = false, points = 0, shipped = true } = {},
): Promise<string> => {
  if (points > 0) await givePoints(shop, buyer, points)
  await fillCart(shop, buyer, lines, coupon ? [await giveCoupon(shop, buyer)] : [])
  const { orderId } = await place(shop, buyer, { points })
  await pay(shop, buyer, orderId)
  // What has not left cannot come back.
  if (shipped) value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  return orderId
}

const sign = async (shop: TestShop, buyer: string, orderId: string) => {
  value(await confirmReceipt(shop, by(buyer), { orderId }))
}

const pieces = (lines: Readonly<Record<string, number>>) =>
  Object.entries(lines).map(([lineId, quantity]) => ({ lineId, quantity }))

const refund = async (shop: TestShop, orderId: string, lines: Readonly<Record<string, number>>) =>
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: pieces(lines) }))

const kettleAndLamp = [
  ['kettle', 1],
  ['lamp', 1],
] as const

const orderOf = async (shop: TestShop, orderId: string) =>
  (await booksOf(shop)).orders.find(({ id }) => id === orderId)!.state

describe('a return under `reevaluate`', () => {
  it('gives what was paid less what the rest costs: 168.00 paid, the lamp alone is 59.00', async () => {
    const shop = await openShopWith('reevaluate')
    // 129.00 + 59.00, 20.00 off from 100.00, half of it the platform's.
    const orderId = await buy(shop, 'ann', kettleAndLamp, { coupon: true })
    // What the shop offers tomorrow is nothing to an order of today.
    value(await publishOffers(shop, byStaff(), { expectedRevision: 1, offers: [] }))
    expect(await refund(shop, orderId, { 'kettle-1': 1 })).toMatchObject({ cashMinor: 10_900, subsidyMinor: 1_000 })
    expect((await booksOf(shop)).orders[0]!.state.refunds).toHaveLength(1)
    expect(await refund(shop, orderId, { 'lamp-2': 1 })).toMatchObject({ cashMinor: 5_900, subsidyMinor: 0 })
    // Carriage of 8.00 is what the order still holds.
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-800)
    await expectBooksToAgree(shop)
  })

  it('takes no discount from who returns for a fault', async () => {
    const shop = await openShopWith('reevaluate')
    const orderId = await buy(shop, 'ann', kettleAndLamp, { coupon: true })
    // 12900 of 18800 of the 20.00 fall on the kettle: 13.72.
    const lost = { orderId, reason: 'lost', lines: pieces({ 'kettle-1': 1 }) } as const
    expect(value(await refundOrder(shop, byStaff(), lost))).toMatchObject({ cashMinor: 11_528, sellerAtFault: true })
    expect(await refund(shop, orderId, { 'lamp-2': 1 })).toMatchObject({ cashMinor: 5_272 })
    await expectBooksToAgree(shop)
  })

  it('is refused while a book that the price was made of is missing', async () => {
    const shop = await openShopWith('reevaluate')
    const orderId = await buy(shop, 'ann', [['kettle', 2]])
    await commit(shop, [removeRow(keptBooks, (await ask(shop, row(keptBooks, 'offers@1')))!)])
    const refused = await refundOrder(shop, byStaff(), {
      orderId,
      reason: 'returned',
      lines: pieces({ 'kettle-1': 1 }),
    })
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'PriceNotReplayable', bookId: 'offers@1' })
    expect((await orderOf(shop, orderId)).refunds).toEqual([])
  })

  it('is not asked of an order that was placed under other terms', async () => {
    const shop = await openShopWith('prorate')
    const lines = kettleAndLamp
    const orderId = await buy(shop, 'ann', lines, { coupon: true })
    await setPolicy(shop, 'reevaluate')
    expect(await refund(shop, orderId, { 'lamp-2': 1 })).toMatchObject({ cashMinor: 5_272 })
  })
})

describe('a gift that stays when its order no longer brings it', () => {
  it('is kept from the money at its worth, and given back for when it comes after', async () => {
    const shop = await openShopWith('prorate')
    // 258.00, and a bag worth 9.00 from 250.00.
    const orderId = await buy(shop, 'ann', [['kettle', 2]])
    await sign(shop, 'ann', orderId)
    const asked = { orderId, kind: 'returnAndRefund', reason: 'noReason', lines: pieces({ 'kettle-1': 1 }) }
    const withBag = { ...asked, lines: pieces({ 'kettle-1': 1, 'gift-1': 1 }) }
    const faulty = { ...asked, reason: 'quality' }
    const told = async (input: object) => value(await previewReturn(shop, by('ann'), unchecked(input)))
    expect(await told(asked)).toMatchObject({ cashMinor: 12_000, heldForGiftsMinor: 900, freightPayer: 'buyer' })
    expect((await told(withBag)).cashMinor).toBe(12_900)
    expect(await told(faulty)).toMatchObject({ cashMinor: 12_900, freightPayer: 'merchant' })

    expect(await refund(shop, orderId, { 'kettle-1': 1 })).toMatchObject({ cashMinor: 12_000, heldForGiftsMinor: 900 })
    expect(await refund(shop, orderId, { 'gift-1': 1 })).toMatchObject({ cashMinor: 900, heldForGiftsMinor: -900 })
    expect((await refund(shop, orderId, { 'kettle-1': 1 })).cashMinor).toBe(12_900)
    await expectBooksToAgree(shop)
  })

  it('is not kept from the money where what comes back does so by the seller’s doing', async () => {
    const shop = await openShopWith('prorate')
    const orderId = await buy(shop, 'ann', [['kettle', 2]])
    const back = { orderId, reason: 'returned', lines: pieces({ 'kettle-1': 1 }), sellerAtFault: true } as const
    expect(value(await refundOrder(shop, byStaff(), back))).toMatchObject({ cashMinor: 12_900, sellerAtFault: true })
    const nobody = { ...back, reason: 'lost', sellerAtFault: false } as const
    expect((await refundOrder(shop, byStaff(), nobody))._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    await expectBooksToAgree(shop)
  })
})

describe('a coupon that comes back', () => {
  const comeBack = async (give: (shop: TestShop, orderId: string) => Promise<unknown>, shipped = false) => {
    const shop = await openShopWith('prorate')
    const orderId = await buy(shop, 'ann', [['kettle', 1]], { coupon: true, shipped })
    // Its ninety days are over.
    shop.pass(91 * daysMs)
    await give(shop, orderId)
    await expectBooksToAgree(shop)
    return { coupon: (await ask(shop, row(coupons, 'c-ann')))!.state, now: shop.clock.now() }
  }

  it('after its end by the seller’s doing holds for seven days more, to the end of the day', async () => {
    const asked = { reason: 'lost', lines: pieces({ 'kettle-1': 1 }) } as const
    const lost = await comeBack(
      async (shop, orderId) => value(await refundOrder(shop, byStaff(), { orderId, ...asked })),
      true,
    )
    expect(lost.coupon).toMatchObject({ status: 'claimed', validTo: endOfLocalDay(lost.now, 7, terms.timeZone) })
    const given = await comeBack(async (shop, orderId) => value(await cancelOrder(shop, byStaff(), { orderId })))
    expect(given.coupon).toMatchObject({ status: 'claimed', validTo: endOfLocalDay(given.now, 7, terms.timeZone) })
  })

  it('after its end by the buyer’s is over', async () => {
    const { coupon } = await comeBack(async (shop, orderId) => value(await cancelOrder(shop, by('ann'), { orderId })))
    expect(coupon).toMatchObject({ status: 'expired' })
  })
})

describe('what a return would give', () => {
  it('is what it gives once it is asked for, looked at and refunded', async () => {
    const shop = await openShopWith('reevaluate')
    const orderId = await buy(
      shop,
      'ann',
      [
        ['kettle', 2],
        ['mug', 1],
      ],
      { coupon: true, points: 500 },
    )
    await sign(shop, 'ann', orderId)
    const asked = { orderId, kind: 'returnAndRefund', reason: 'size', lines: pieces({ 'kettle-1': 1 }) } as const
    const told = value(await previewReturn(shop, by('ann'), asked))
    expect(told).toMatchObject({ couponIds: [], refundPolicy: 'reevaluate', currency: 'CNY', lines: asked.lines })
    const { cashMinor, points, pointsMinor, earnedPoints, subsidyMinor, heldForGiftsMinor } = told
    const requested = value(await requestReturn(shop, by('ann'), asked))
    expect(requested).toMatchObject({ status: 'approved', cashMinor, points })
    const { returnId } = requested
    const inspected = [{ lineId: 'kettle-1', receivedQuantity: 1, acceptedQuantity: 1, restockQuantity: 1 }]
    value(await receiveReturn(shop, byStaff(), { returnId, lines: inspected }))
    const refunded = value(await refundReturn(shop, byStaff(), { returnId }))
    expect(refunded).toMatchObject({ cashMinor, points, pointsMinor, earnedPoints, subsidyMinor, heldForGiftsMinor })
    await expectBooksToAgree(shop)

    // One more kettle than is left is refused as the return would be.
    const more = { ...asked, lines: pieces({ 'kettle-1': 2 }) } as const
    expect((await previewReturn(shop, by('ann'), more))._unsafeUnwrapErr()).toMatchObject({
      type: 'ReturnTooLarge',
      left: 1,
    })
    // The last pieces bring the coupon back.
    const rest = { ...asked, lines: pieces({ 'kettle-1': 1, 'mug-2': 1, 'gift-1': 1 }) } as const
    expect(value(await previewReturn(shop, by('ann'), rest)).couponIds).toEqual(['c-ann'])
  })
})

describe('refunds of an order in any order and grouping', () => {
  const scenario = fc.record({
    policy: fc.constantFrom<RefundPolicy>('prorate', 'reevaluate'),
    order: fc.shuffledSubarray(['kettle-1', 'kettle-1', 'lamp-2', 'lamp-2', 'mug-3', 'gift-1'], { minLength: 6 }),
    cuts: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  })

  it('total what was paid, in money and points, whichever policy, and the books agree', async () => {
    const shop = await openShopWith('prorate')
    let buyers = 0
    await fc.assert(
      fc.asyncProperty(scenario, async ({ policy, order, cuts }) => {
        await setPolicy(shop, policy)
        buyers += 1
        const lines = [
          ['kettle', 2],
          ['lamp', 2],
          ['mug', 1],
        ] as const
        const orderId = await buy(shop, `buyer-${buyers}`, lines, { coupon: true, points: 700 })
        for (const group of groupsOf(order, cuts)) {
          expect((await refund(shop, orderId, group)).cashMinor).toBeGreaterThanOrEqual(0)
        }
        const { refunds, totals, pointsSpent, pointsEarned } = await orderOf(shop, orderId)
        const total = (name: 'cashMinor' | 'points' | 'earnedPoints' | 'subsidyMinor') =>
          refunds.reduce((sum, each) => sum + each[name], 0)
        expect(total('cashMinor')).toBe(totals.payableMinor - totals.shippingPaidMinor)
        expect(total('points')).toBe(pointsSpent)
        expect(total('earnedPoints')).toBe(pointsEarned)
        expect(total('subsidyMinor')).toBe(totals.subsidyMinor)
        const more = await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines: pieces({ 'lamp-2': 1 }) })
        expect(more._unsafeUnwrapErr()).toMatchObject({ type: 'PiecesExceeded', remaining: 0 })
      }),
      { numRuns: 3 },
    )
    await expectBooksToAgree(shop)
  })
})

const groupsOf = (order: readonly string[], cuts: readonly boolean[]): readonly Record<string, number>[] => {
  const groups: Record<string, number>[] = []
  let group: Record<string, number> = {}
  for (const [place, lineId] of order.entries()) {
    group[lineId] = (group[lineId] ?? 0) + 1
    if (cuts[place] === false && place < order.length - 1) continue
    groups.push(group)
    group = {}
  }
  return groups
}
