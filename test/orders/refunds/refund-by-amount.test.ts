import fc from 'fast-check'
import { ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { liveRefunds } from '../../../src/orders/order-pieces.js'
import { unitsOf } from '../../../src/orders/order-units.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { defaultShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { splitOrder } from '../../../src/orders/settlement/order-split.js'
import { put } from '../../../src/shared/commit.js'
import { rows } from '../../../src/shared/read-plan.js'
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

/** Ann's order of a kettle and two mugs: 129.00, 2 x 19.00, carriage 8.00; 175.00 in all. */
const sell = async (shop: TestShop, choice: { readonly points?: number } = {}) => {
  await fillCart(shop, 'ann', [
    ['kettle', 1],
    ['mug', 2],
  ])
  const { orderId } = await place(shop, 'ann', choice)
  await pay(shop, 'ann', orderId)
  return orderId
}
const finish = async (shop: TestShop, orderId: string) => {
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
}
const give = (shop: TestShop, orderId: string, amountMinor: number, more: object = {}) =>
  refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor, ...more })
const orderOf = async (shop: TestShop, orderId: string) => {
  const [found] = await ask(shop, rows(orders, [orderId]))
  if (found === undefined) throw new Error('no order')
  return found.state
}
const mug = [{ lineId: 'mug-2', quantity: 1 }]

describe('a refund by amount', () => {
  it('gives five yuan of goodwill, and what comes back later gives so much less', async () => {
    const shop = await openShop()
    const orderId = await sell(shop)
    const given = value(await give(shop, orderId, 500))
    // 129.00, 38.00 and 8.00 of 175.00: 3.69, 1.08 and 0.23.
    expect(given).toMatchObject({ cashMinor: 500, shippingMinor: 23, points: 0, status: 'succeeded' })
    expect(given.amounts).toEqual([
      { lineId: 'kettle-1', amountMinor: 369 },
      { lineId: 'mug-2', amountMinor: 108 },
    ])
    // A mug of 19.00 was given 0.54 of before.
    const back = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: mug }))
    expect(back).toMatchObject({ cashMinor: 1_846, amounts: [{ lineId: 'mug-2', amountMinor: -54 }] })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    expect((await orderOf(shop, orderId)).refunds.reduce((sum, { cashMinor }) => sum + cashMinor, 0)).toBe(17_500)
    await expectBooksToAgree(shop)
  })

  it('gives half of the carriage, and not more than all of it', async () => {
    const shop = await openShop()
    const orderId = await sell(shop)
    expect(value(await give(shop, orderId, 400, { withShipping: true }))).toMatchObject({ shippingMinor: 400 })
    expect((await give(shop, orderId, 401, { withShipping: true }))._unsafeUnwrapErr()).toEqual({
      type: 'RefundExceedsCaptured',
      askedMinor: 401,
      refundableMinor: 400,
    })
    const rest = await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', withShipping: true })
    expect(value(rest)).toMatchObject({ shippingMinor: 400, cashMinor: 400 })
    await expectBooksToAgree(shop)
  })

  it('lowers the price of a line, and no lower than nothing', async () => {
    const shop = await openShop()
    const orderId = await sell(shop)
    const price = { reason: 'priceAdjusted', lineId: 'mug-2' } as const
    expect(value(await give(shop, orderId, 3_801, price).orElse((error) => ok(error)))).toMatchObject({
      type: 'RefundExceedsCaptured',
      refundableMinor: 3_800,
    })
    value(await give(shop, orderId, 3_001, price))
    expect((await booksOf(shop)).refunds.map(({ state }) => state.reason)).toEqual(['priceAdjusted'])
    const pieces = () => refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: mug })
    // 7.99 are left of the mugs: 3.99 of the first and 4.00 of the last.
    expect([value(await pieces()).cashMinor, value(await pieces()).cashMinor]).toEqual([399, 400])
    expect((await give(shop, orderId, 1, price))._unsafeUnwrapErr()).toMatchObject({ refundableMinor: 0 })
    expect((await give(shop, orderId, 1, { lineId: 'cup-9' }))._unsafeUnwrapErr()).toMatchObject({
      type: 'OrderLineUnknown',
    })
    await expectBooksToAgree(shop)
  })

  it('is asked for in one way only', async () => {
    const shop = await openShop()
    const orderId = await sell(shop)
    const asked = [
      { reason: 'priceAdjusted' },
      { reason: 'goodwill', amountMinor: 0 },
      { reason: 'goodwill', amountMinor: 1, lines: mug },
      { reason: 'goodwill', amountMinor: 1, lineId: 'mug-2', withShipping: true },
      { reason: 'goodwill', lineId: 'mug-2' },
      { reason: 'returned', amountMinor: 1 },
    ] as const
    for (const each of asked) {
      const refused = await refundOrder(shop, byStaff(), { orderId, ...each })
      expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    }
    expect((await booksOf(shop)).refunds).toEqual([])
  })

  it('takes points of an order for no money', async () => {
    const shop = await openShop()
    await givePoints(shop, 'ann', 20_000)
    const orderId = await sell(shop, { points: 8_000 })
    const { totals } = await orderOf(shop, orderId)
    expect(totals.pointsMinor).toBeGreaterThan(0)
    const refused = (await give(shop, orderId, totals.payableMinor + 1))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ type: 'RefundExceedsCaptured', refundableMinor: totals.payableMinor })
    expect(value(await give(shop, orderId, totals.payableMinor))).toMatchObject({ pointsMinor: 0 })
    await expectBooksToAgree(shop)
  })

  it('is borne by the merchant of its line, and never gives anybody more', async () => {
    const shop = await openShop()
    const orderId = await sell(shop)
    const before = await orderOf(shop, orderId)
    // As if the mugs were a potter's.
    const potters = (order: typeof before): typeof before => ({
      ...order,
      lines: order.lines.map((line) => (line.lineId === 'mug-2' ? { ...line, merchantId: 'potter' } : line)),
    })
    const shared = (order: typeof before) =>
      new Map(
        value(splitOrder(potters(order), { afterWorkingDays: 0, rates: [] })).payees.map((each) => [
          each.payee,
          each.amountMinor,
        ]),
      )
    const [self = '', potter = ''] = [...shared(before).keys()]
    value(await give(shop, orderId, 1_000, { lineId: 'mug-2' }))
    const after = shared(await orderOf(shop, orderId))
    expect(after.get(potter)).toBe((shared(before).get(potter) ?? 0) - 1_000)
    expect(after.get(self)).toBe(shared(before).get(self))
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: mug }))
    expect(shared(await orderOf(shop, orderId)).get(self)).toBe(shared(before).get(self))
  })
})

const step = fc.oneof(
  fc.record({ does: fc.constant('amount' as const), basis: fc.integer({ min: 1, max: 12_000 }), of: fc.nat(3) }),
  fc.record({ does: fc.constant('pieces' as const), of: fc.nat(1), quantity: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ does: fc.constant('returned' as const), of: fc.nat(1), quantity: fc.integer({ min: 1, max: 2 }) }),
)
const lineIds = ['kettle-1', 'mug-2']

describe('refunds by amount, by piece and of returns, in whatever order', () => {
  it('never give more than was paid, of the order, of a line, of a tender or of a payee, and in the end all of it', async () => {
    const history = fc.record({
      steps: fc.array(step, { minLength: 1, maxLength: 7 }),
      coupon: fc.boolean(),
      points: fc.constantFrom(0, 0, 3_000),
      refundPolicy: fc.constantFrom('prorate' as const, 'reevaluate' as const),
      shared: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(history, async ({ steps, coupon, points, refundPolicy, shared }) => {
        const shop = await openShop({ offers: coupon ? [couponOffer, giftOffer] : [] })
        const settlement = { afterWorkingDays: 0, rates: [] }
        const returns = { ...defaultShopPolicy.returns, refundPolicy }
        const state = { ...defaultShopPolicy, returns, ...(shared ? { settlement } : {}) }
        await commit(shop, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
        if (coupon) await giveCoupon(shop, 'ann')
        if (points > 0) await givePoints(shop, 'ann', points)
        const orderId = await sell(shop, points > 0 ? { points } : {})
        await finish(shop, orderId)
        const { totals, details } = await orderOf(shop, orderId)
        let paidOut = 0
        let held = Number.MAX_SAFE_INTEGER
        const ends = lineIds.map((lineId) => ({ reason: 'goodwill', lines: [{ lineId, quantity: 1 }] }) as const)
        const asked = [
          ...steps.map((each) => {
            const lineId = lineIds[each.of]
            if (each.does !== 'amount') {
              const reason = each.does === 'pieces' ? ('goodwill' as const) : ('returned' as const)
              return { reason, lines: [{ lineId: lineId ?? '', quantity: each.quantity }] }
            }
            const amount = { reason: 'goodwill' as const, amountMinor: each.basis }
            if (lineId !== undefined) return { ...amount, lineId }
            return each.of === 2 ? { ...amount, withShipping: true } : amount
          }),
          // Whatever is left.
          ...ends,
          ...ends,
          { reason: 'goodwill', withShipping: true } as const,
        ]
        for (const each of asked) {
          const answer = await refundOrder(shop, byStaff(), { orderId, ...each })
          if (answer.isErr()) {
            // Pieces that are left always have their money left.
            const mayExceed = 'amountMinor' in each ? ['RefundExceedsCaptured'] : []
            expect([...mayExceed, 'QuantityExceedsOrder', 'PiecesExceeded', 'NothingToDo']).toContain(answer.error.type)
            continue
          }
          expect(answer.value.cashMinor).toBeGreaterThanOrEqual(0)
          paidOut += answer.value.cashMinor
          expect(paidOut).toBeLessThanOrEqual(totals.payableMinor)
          const order = await orderOf(shop, orderId)
          const { payees, commissionMinor } = value(splitOrder(order, settlement))
          const left = payees.reduce((sum, { amountMinor }) => sum + amountMinor, commissionMinor)
          expect(Math.min(...payees.map(({ amountMinor }) => amountMinor))).toBeGreaterThanOrEqual(0)
          expect(left).toBeLessThanOrEqual(held)
          held = left
          for (const { lineId, paidMinor } of order.lines) {
            const givenOf = liveRefunds(order)
              .flatMap(({ amounts = [] }) => amounts)
              .reduce((sum, amount) => (amount.lineId === lineId ? sum + amount.amountMinor : sum), 0)
            expect(givenOf).toBeGreaterThanOrEqual(0)
            expect(givenOf).toBeLessThanOrEqual(paidMinor)
          }
        }
        const order = await orderOf(shop, orderId)
        if (order.lines.every((line) => line.gift || line.refundedQuantity === line.quantity)) {
          const kept = liveRefunds(order).reduce(
            (sum, refund) => sum + (refund.heldForGiftsMinor ?? 0) + (refund.shortfall?.deductedMinor ?? 0),
            0,
          )
          if (refundPolicy === 'prorate') expect(paidOut + kept).toBe(totals.payableMinor)
        }
        expect(unitsOf(details).lines).toHaveLength(2)
        const { ledger } = await booksOf(shop)
        expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
        await expectBooksToAgree(shop)
      }),
      { numRuns: 25 },
    )
  })
})
