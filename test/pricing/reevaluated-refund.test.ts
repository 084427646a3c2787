import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PriceCartInput } from '../../src/pricing/priced-cart.js'
import { giftHoldback, type KeptPrice, lostGifts, reevaluatedRefundOf } from '../../src/pricing/reevaluated-refund.js'
import { couponOffer, offer } from '../promotions/offers.js'
import { cart, carts, coupon, line, pointsOf, priced } from './carts.js'

const keep = (input: PriceCartInput): KeptPrice => ({ input, price: priced(input) })

type Return = readonly (readonly [lineId: string, quantity: number])[]

const giveBack = (kept: KeptPrice, ...returns: readonly Return[]) => {
  const asPieces = returns.map((each) => each.map(([lineId, quantity]) => ({ lineId, quantity })))
  return asPieces.map((pieces, place) => reevaluatedRefundOf(kept, asPieces.slice(0, place), pieces)._unsafeUnwrap())
}

const fiftyOff = offer('p', {
  benefit: { kind: 'amountOff', offMinor: 5000 },
  threshold: { amountMinor: 30000, basis: 'activity' },
})

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe('a refund by what is kept', () => {
  it('takes the discount back when what is left no longer reaches the threshold', () => {
    const kept = keep(cart([line('a', 20000), line('b', 15000)], { offers: [fiftyOff] }))
    const refunds = giveBack(kept, [['b', 1]], [['a', 1]])
    expect(refunds.map((each) => each.payMinor)).toEqual([10000, 20000])
    expect(refunds[0]?.shares).toEqual([{ offerId: 'p', couponId: null, amountMinor: 5000, platformMinor: 5000 }])
    expect(refunds[1]?.shares).toEqual([])
  })

  it('gives nothing back, and charges nothing, when what is left costs more than was paid', () => {
    const offers = [{ ...fiftyOff, benefit: { kind: 'amountOff' as const, offMinor: 20000 } }]
    const kept = keep(cart([line('a', 16000), line('b', 15000)], { offers }))
    expect(giveBack(kept, [['b', 1]], [['a', 1]]).map((each) => each.payMinor)).toEqual([0, 11000])
  })

  it('prices what is left with the coupons of the order and no other', () => {
    const offers = [
      couponOffer('used', {
        benefit: { kind: 'amountOff', offMinor: 3000 },
        threshold: { quantity: 2, basis: 'list' },
      }),
      couponOffer('other', { benefit: { kind: 'amountOff', offMinor: 2000 } }),
    ]
    const kept = keep(
      cart([line('a', 10000), line('b', 10000)], { offers, coupons: [coupon('used'), coupon('other')] }),
    )
    const [first] = giveBack(kept, [['b', 1]])
    expect(first?.payMinor).toBe(7000)
    expect(first?.couponsToReturn).toEqual([])
  })

  it('gives points back in step with the money', () => {
    const kept = keep(cart([line('a', 6000), line('b', 4000)], { points: pointsOf(5000, 2500) }))
    const refunds = giveBack(kept, [['b', 1]], [['a', 1]])
    expect(refunds.map((each) => [each.payMinor, each.points])).toEqual([
      [3000, 1000],
      [4500, 1500],
    ])
  })

  it('refuses what the unit table refuses', () => {
    const kept = keep(cart([line('a', 6000)]))
    expect(reevaluatedRefundOf(kept, [], [{ lineId: 'x', quantity: 1 }])._unsafeUnwrapErr()).toEqual({
      type: 'LineUnknown',
      lineId: 'x',
    })
    expect(
      reevaluatedRefundOf(kept, [[{ lineId: 'a', quantity: 1 }]], [{ lineId: 'a', quantity: 1 }])._unsafeUnwrapErr(),
    ).toMatchObject({ type: 'PiecesExceeded', remaining: 0 })
  })

  it('never charges, and gives everything back with the last piece, in any order and grouping', () => {
    fc.assert(
      fc.property(carts({ promotions: 3, coupons: 2 }), fc.infiniteStream(fc.nat()), (input, stream) => {
        const kept = keep(input)
        const pieces = input.lines
          .flatMap((each) => Array.from({ length: each.quantity }, () => each.lineId))
          .map((lineId) => ({ lineId, key: stream.next().value }))
          .sort((a, b) => a.key - b.key)
        const returns: Return[] = []
        for (let from = 0; from < pieces.length; ) {
          const count = 1 + (stream.next().value % 3)
          const group = new Map<string, number>()
          for (const { lineId } of pieces.slice(from, from + count)) group.set(lineId, (group.get(lineId) ?? 0) + 1)
          returns.push([...group])
          from += count
        }
        const refunds = giveBack(kept, ...returns)
        for (const refund of refunds) {
          for (const amount of [refund.cashMinor, refund.pointsMinor, refund.points, refund.taxMinor])
            expect(amount).toBeGreaterThanOrEqual(0)
          for (const name of ['cashMinor', 'pointsMinor', 'points', 'taxMinor', 'earnedPoints'] as const)
            expect(sum(refund.lines.map((each) => each[name]))).toBe(refund[name])
        }
        const { price } = kept
        const total = (name: 'cashMinor' | 'pointsMinor' | 'points' | 'taxMinor' | 'earnedPoints') =>
          sum(refunds.map((each) => each[name]))
        expect(total('cashMinor')).toBe(price.totals.goodsMinor - price.totals.pointsMinor)
        expect(total('pointsMinor')).toBe(price.totals.pointsMinor)
        expect(total('points')).toBe(price.pointsSpent)
        expect(total('taxMinor')).toBe(sum(price.lines.map((each) => each.taxMinor)))
        expect(total('earnedPoints')).toBe(price.pointsEarned)
        const shares = refunds.flatMap((each) => each.shares)
        expect(sum(shares.map((each) => each.amountMinor))).toBe(price.totals.discountMinor)
        expect(sum(shares.map((each) => each.platformMinor))).toBe(
          sum(price.applied.map((each) => each.platformGoodsMinor)),
        )
        expect(refunds.at(-1)?.everythingReturned).toBe(true)
      }),
    )
  })
})

describe('a gift that is kept', () => {
  const gift = offer('g', {
    benefit: { kind: 'gift', sku: 'MUG', pieces: 1, unitValueMinor: 2000 },
    threshold: { amountMinor: 20000, basis: 'activity' },
  })
  const kept = keep(cart([line('a', 15000), line('b', 6000)], { offers: [gift] }))

  it('is lost when what is left no longer brings it', () => {
    expect(lostGifts(kept, [])._unsafeUnwrap()).toEqual([])
    expect(
      lostGifts(kept, [[{ lineId: 'b', quantity: 1 }]])
        ._unsafeUnwrap()
        .map((each) => each.sku),
    ).toEqual(['MUG'])
  })

  it('is held back from the refund once, at most what is paid, the rest from the next', () => {
    const lost = lostGifts(kept, [[{ lineId: 'b', quantity: 1 }]])._unsafeUnwrap()
    expect(giftHoldback(6000, lost, 0)).toBe(2000)
    expect(giftHoldback(6000, lost, 2000)).toBe(0)
    expect(giftHoldback(500, lost, 0)).toBe(500)
    expect(giftHoldback(6000, lost, 500)).toBe(1500)
  })
})
