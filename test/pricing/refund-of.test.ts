import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RefundSplit, refundOf } from '../../src/pricing/refund-of.js'
import { type UnitTable, unitTableOf } from '../../src/pricing/unit-table.js'
import { couponOffer, offer } from '../promotions/offers.js'
import { cart, carts, coupon, line, pointsOf, priced } from './carts.js'

/** Returns pieces one after the other. */
const giveBack = (
  table: UnitTable,
  ...returns: readonly (readonly [lineId: string, quantity: number])[]
): readonly RefundSplit[] => {
  const returned: Record<string, number> = {}
  return returns.map(([lineId, quantity]) => {
    const split = refundOf(table, returned, [{ lineId, quantity }])._unsafeUnwrap()
    returned[lineId] = (returned[lineId] ?? 0) + quantity
    return split
  })
}

describe('a refund', () => {
  it('gives back what was paid for the pieces', () => {
    const price = priced(
      cart([line('a', 20000), line('b', 15000)], {
        offers: [
          offer('p', {
            benefit: { kind: 'amountOff', offMinor: 5000 },
            threshold: { amountMinor: 30000, basis: 'activity' },
          }),
        ],
      }),
    )
    expect(giveBack(unitTableOf(price), ['b', 1], ['a', 1]).map((each) => each.payMinor)).toEqual([12857, 17143])
  })

  it('gives a coupon back with the last piece that it touched', () => {
    const price = priced(
      cart([line('a', 3330, { quantity: 3 })], {
        offers: [couponOffer('c', { benefit: { kind: 'amountOff', offMinor: 1000 } })],
        coupons: [coupon('c')],
      }),
    )
    const refunds = giveBack(unitTableOf(price), ['a', 1], ['a', 1], ['a', 1])
    expect(refunds.map((each) => each.cashMinor)).toEqual([2996, 2997, 2997])
    expect(refunds.map((each) => each.couponsToReturn)).toEqual([[], [], ['c']])
    expect(refunds.map((each) => each.everythingReturned)).toEqual([false, false, true])
  })

  it('gives a coupon that brought a gift back when nothing of the order is kept', () => {
    const price = priced(
      cart([line('a', 3330), line('b', 100)], {
        offers: [couponOffer('c', { benefit: { kind: 'gift', sku: 'MUG', pieces: 1, unitValueMinor: 900 } })],
        coupons: [coupon('c')],
      }),
    )
    expect(giveBack(unitTableOf(price), ['a', 1], ['b', 1]).map((each) => each.couponsToReturn)).toEqual([[], ['c']])
  })

  it('gives points back as points and takes earned ones back', () => {
    const price = priced(
      cart([line('a', 10000), line('b', 5000)], {
        offers: [couponOffer('c', { benefit: { kind: 'amountOff', offMinor: 3000 } })],
        coupons: [coupon('c')],
        points: pointsOf(2000, 2000),
      }),
    )
    expect(giveBack(unitTableOf(price), ['b', 1], ['a', 1])).toMatchObject([
      { cashMinor: 3333, points: 667, earnedPoints: 33 },
      { cashMinor: 6667, points: 1333, earnedPoints: 67 },
    ])
  })

  // A point is worth 1.00 and pays half at most; 2.00 in money earn a point.
  const dearPoints = (spend: number) =>
    pointsOf(spend, spend, {
      spendRule: { blockPoints: 1, blockMinor: 100, minimumPoints: 0, capBasisPoints: 5000 },
      earnRule: { points: 1, perMinor: 200 },
    })

  it('gives half of the pieces half of the points, be they one line or many', () => {
    const many = Array.from({ length: 100 }, (_, place) => line(`s${String(place).padStart(2, '0')}`, 100))
    for (const lines of [[line('s', 100, { quantity: 100 })], many]) {
      const price = priced(cart(lines, { points: dearPoints(50) }))
      expect(price).toMatchObject({ pointsSpent: 50, pointsEarned: 25, totals: { payableMinor: 5000 } })
      const table = unitTableOf(price)
      const first = lines.map(({ lineId, quantity }) => ({ lineId, quantity: quantity === 1 ? 1 : 50 })).slice(0, 50)
      const returned = Object.fromEntries(first.map(({ lineId, quantity }) => [lineId, quantity]))
      const second = table.lines
        .map(({ lineId, quantity }) => ({ lineId, quantity: quantity - (returned[lineId] ?? 0) }))
        .filter(({ quantity }) => quantity > 0)
      const halves = [refundOf(table, {}, first), refundOf(table, returned, second)].map((each) => each._unsafeUnwrap())
      expect(halves).toMatchObject([
        { cashMinor: 2500, pointsMinor: 2500, points: 25, earnedPoints: 12 },
        { cashMinor: 2500, pointsMinor: 2500, points: 25, earnedPoints: 13 },
      ])
      for (const { lines: parts, points, earnedPoints } of halves) {
        expect(parts.reduce((sum, each) => sum + each.points, 0)).toBe(points)
        expect(parts.reduce((sum, each) => sum + each.earnedPoints, 0)).toBe(earnedPoints)
      }
    }
  })

  it('never gives more points than the worth paid with them, nor takes back more than was earned, so far', () => {
    const goods = fc.record({
      minor: fc.integer({ min: 1, max: 900 }),
      quantity: fc.integer({ min: 1, max: 6 }),
      earnsPoints: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.array(goods, { minLength: 1, maxLength: 5 }),
        fc.nat({ max: 60 }),
        fc.infiniteStream(fc.nat()),
        (chosen, spend, stream) => {
          const lines = chosen.map(({ minor, ...rest }, place) => line(`l${place}`, minor, rest))
          const price = priced(cart(lines, { points: dearPoints(spend) }))
          const table = unitTableOf(price)
          const pieces = price.lines
            .flatMap((each) => new Array<string>(each.quantity).fill(each.lineId))
            .map((lineId) => ({ lineId, key: stream.next().value }))
            .sort((a, b) => a.key - b.key)
          const earning = price.lines.reduce((sum, each) => sum + (each.earnsPoints === false ? 0 : each.cashMinor), 0)
          let [points, worth, earned, cash] = [0, 0, 0, 0]
          for (const refund of giveBack(table, ...pieces.map(({ lineId }) => [lineId, 1] as const))) {
            const [only] = refund.lines
            points += refund.points
            worth += refund.pointsMinor
            earned += refund.earnedPoints
            cash += lines.find(({ lineId }) => lineId === only?.lineId)?.earnsPoints === false ? 0 : refund.cashMinor
            expect(refund.points).toBeGreaterThanOrEqual(0)
            expect(points * 100).toBeLessThanOrEqual(worth)
            expect(earned * earning).toBeLessThanOrEqual(price.pointsEarned * cash)
          }
          expect([points, earned]).toEqual([price.pointsSpent, price.pointsEarned])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('reverses who paid for a discount', () => {
    const price = priced(
      cart([line('a', 10000), line('b', 10000, { merchantId: 'm2' })], {
        offers: [
          couponOffer('c', {
            stage: 'platformCoupon',
            benefit: { kind: 'amountOff', offMinor: 2100 },
            funding: { platformBasisPoints: 7000 },
          }),
        ],
        coupons: [coupon('c')],
      }),
    )
    expect(giveBack(unitTableOf(price), ['b', 1])[0]?.shares).toEqual([
      { offerId: 'c', couponId: 'c', amountMinor: 1050, platformMinor: 735 },
    ])
  })

  it('is refused for what was not bought, or not so often', () => {
    const table = unitTableOf(priced(cart([line('a', 100, { quantity: 2 })])))
    const refusal = (returned: Record<string, number>, ...pieces: { lineId: string; quantity: number }[]) =>
      refundOf(table, returned, pieces)._unsafeUnwrapErr()
    expect(refusal({}, { lineId: 'x', quantity: 1 })).toEqual({ type: 'LineUnknown', lineId: 'x' })
    expect(refusal({ a: 1 }, { lineId: 'a', quantity: 2 })).toEqual({
      type: 'PiecesExceeded',
      lineId: 'a',
      requested: 2,
      remaining: 1,
    })
    expect(refusal({}, { lineId: 'a', quantity: 0 })).toEqual({ type: 'PiecesInvalid', lineId: 'a', requested: 0 })
    expect(refusal({}, { lineId: 'a', quantity: 1 }, { lineId: 'a', quantity: 1 })).toMatchObject({
      type: 'PiecesInvalid',
    })
  })

  it('P14: gives back exactly what was paid, in any order and grouping of pieces', () => {
    fc.assert(
      fc.property(carts(), fc.infiniteStream(fc.nat()), (input, stream) => {
        const price = priced(input)
        const pieces = price.lines.flatMap((each) => new Array<string>(each.quantity).fill(each.lineId))
        const order = pieces.map((lineId) => ({ lineId, key: stream.next().value })).sort((a, b) => a.key - b.key)
        const returns: [string, number][] = []
        for (const { lineId, key } of order) {
          const before = returns.at(-1)
          if (before !== undefined && before[0] === lineId && key % 2 === 0) before[1] += 1
          else returns.push([lineId, 1])
        }
        const refunds = giveBack(unitTableOf(price), ...returns)
        const sum = (of: (refund: RefundSplit) => number): number =>
          refunds.reduce((total, each) => total + of(each), 0)
        const lineTax = price.lines.reduce((total, each) => total + each.taxMinor, 0)
        expect(sum((each) => each.cashMinor + each.pointsMinor)).toBe(price.totals.goodsMinor)
        expect(sum((each) => each.points)).toBe(price.pointsSpent)
        expect(sum((each) => each.earnedPoints)).toBe(price.pointsEarned)
        expect(sum((each) => each.taxMinor)).toBe(lineTax)
        expect(sum((each) => each.payMinor)).toBe(
          price.totals.goodsMinor - price.totals.pointsMinor + (price.taxInclusive ? 0 : lineTax),
        )
        for (const applied of price.applied) {
          const of = (refund: RefundSplit) =>
            refund.shares.filter((share) => share.offerId === applied.offerId && share.couponId === applied.couponId)
          expect(sum((each) => of(each).reduce((total, share) => total + share.amountMinor, 0))).toBe(
            applied.goodsMinor,
          )
          expect(sum((each) => of(each).reduce((total, share) => total + share.platformMinor, 0))).toBe(
            applied.platformGoodsMinor,
          )
        }
        expect(refunds.flatMap((each) => each.couponsToReturn).sort()).toEqual([...price.couponsUsed].sort())
        expect(refunds.at(-1)?.everythingReturned).toBe(true)
      }),
    )
  })
})
