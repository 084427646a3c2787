import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GoodsView } from '../../src/promotions/offer-kind.js'
import { type Benefit, effectOf } from '../../src/promotions/offer-kinds.js'

/** Goods of so many pieces at a price each, all of them meant, nothing taken off yet. */
const goods = (...lines: readonly (readonly [pieces: number, unitMinor: number])[]): GoodsView => {
  const list = lines.map(([pieces, unit]) => pieces * unit)
  return {
    lines: lines.map((_, place) => place),
    quantity: lines.map(([pieces]) => pieces),
    list,
    activity: list,
    running: list,
    basisMinor: list.reduce((sum, amount) => sum + amount, 0),
    pieces: lines.reduce((sum, [pieces]) => sum + pieces, 0),
    shippingMinor: 1000,
  }
}

const off = (benefit: Benefit, view: GoodsView): number => effectOf(benefit, view).goodsMinor

describe('amountOff', () => {
  it('gives its amount once', () => {
    expect(effectOf({ kind: 'amountOff', offMinor: 3000 }, goods([1, 20000]))).toEqual({ goodsMinor: 3000 })
  })

  it('repeats for every full amount, up to its times', () => {
    const each = { kind: 'amountOff', offMinor: 5000, perFullMinor: 30000 } as const
    expect(off(each, goods([1, 95000]))).toBe(15000)
    expect(off({ ...each, maxTimes: 2 }, goods([1, 95000]))).toBe(10000)
  })

  it('says what is missing for the first full amount', () => {
    expect(effectOf({ kind: 'amountOff', offMinor: 5000, perFullMinor: 30000 }, goods([1, 29999]))).toEqual({
      goodsMinor: 0,
      missingMinor: 1,
    })
  })
})

describe('percentOff', () => {
  it('rounds once over all lines, a half in favour of the customer', () => {
    // 0.99 in three lines: half is 0.495, so 0.50 off; rounded line by line it would be 0.51.
    expect(off({ kind: 'percentOff', offBasisPoints: 5000 }, goods([1, 33], [1, 33], [1, 33]))).toBe(50)
  })

  it('stops at its cap', () => {
    expect(off({ kind: 'percentOff', offBasisPoints: 2000, capMinor: 1500 }, goods([1, 10000]))).toBe(1500)
  })

  it('is taken of what earlier offers left, unless told otherwise', () => {
    const view = { ...goods([1, 10000]), activity: [9000], running: [8000] }
    expect(off({ kind: 'percentOff', offBasisPoints: 1000 }, view)).toBe(800)
    expect(off({ kind: 'percentOff', offBasisPoints: 1000, of: 'activity' }, view)).toBe(900)
    expect(off({ kind: 'percentOff', offBasisPoints: 1000, of: 'list' }, view)).toBe(1000)
  })
})

describe('fixedPrice', () => {
  it('brings so many pieces down to its price', () => {
    expect(off({ kind: 'fixedPrice', unitMinor: 1900, maxPieces: 1 }, goods([3, 9900]))).toBe(8000)
    expect(off({ kind: 'fixedPrice', unitMinor: 1900 }, goods([3, 9900]))).toBe(24000)
  })

  it('never makes anything dearer', () => {
    expect(off({ kind: 'fixedPrice', unitMinor: 12000 }, goods([3, 9900]))).toBe(0)
  })
})

describe('nthItem', () => {
  it('takes off every second piece of a line', () => {
    // Half of 19.99 is 9.995, a half goes up: 10.00 on one of three pieces, and on two of four.
    expect(off({ kind: 'nthItem', nth: 2, offBasisPoints: 5000 }, goods([3, 1999]))).toBe(1000)
    expect(off({ kind: 'nthItem', nth: 2, offBasisPoints: 5000 }, goods([4, 1999]))).toBe(2000)
  })

  it('counts from the dearest piece over several lines', () => {
    // 50, 40 | 30, 20 | 10: the second is 40, the fourth 20; half of each.
    const view = goods([1, 1000], [1, 5000], [1, 4000], [1, 2000], [1, 3000])
    expect(effectOf({ kind: 'nthItem', nth: 2, offBasisPoints: 5000 }, view)).toEqual({
      goodsMinor: 3000,
      weights: [0, 0, 2000, 1000, 0],
    })
  })

  it('says how many pieces are missing', () => {
    expect(effectOf({ kind: 'nthItem', nth: 3, offBasisPoints: 5000 }, goods([1, 1999]))).toMatchObject({
      missingPieces: 2,
    })
  })
})

describe('buyXGetY', () => {
  it('gives the cheapest of all pieces', () => {
    expect(effectOf({ kind: 'buyXGetY', buy: 2, get: 1 }, goods([2, 3000], [1, 1000]))).toEqual({
      goodsMinor: 1000,
      weights: [0, 1000],
    })
  })

  it('gives as many as there are full groups, and no more than its times', () => {
    expect(off({ kind: 'buyXGetY', buy: 1, get: 1 }, goods([5, 700]))).toBe(1400)
    expect(off({ kind: 'buyXGetY', buy: 1, get: 1, maxTimes: 1 }, goods([5, 700]))).toBe(700)
    expect(effectOf({ kind: 'buyXGetY', buy: 3, get: 1 }, goods([3, 700]))).toMatchObject({
      goodsMinor: 0,
      missingPieces: 1,
    })
  })
})

describe('bundlePrice', () => {
  it('bundles the dearest pieces', () => {
    expect(
      effectOf({ kind: 'bundlePrice', pieces: 2, priceMinor: 9900 }, goods([1, 8000], [1, 6000], [1, 2000])),
    ).toEqual({
      goodsMinor: 4100,
      weights: [8000, 6000, 0],
    })
  })

  it('makes a further bundle only while it pays', () => {
    // 100 + 100 for 150 saves 50; 100 + 10 for 150 would cost 40 more.
    expect(off({ kind: 'bundlePrice', pieces: 2, priceMinor: 15000 }, goods([3, 10000], [1, 1000]))).toBe(5000)
    expect(off({ kind: 'bundlePrice', pieces: 2, priceMinor: 15000 }, goods([4, 10000]))).toBe(10000)
    expect(off({ kind: 'bundlePrice', pieces: 2, priceMinor: 15000, maxTimes: 1 }, goods([4, 10000]))).toBe(5000)
  })
})

describe('tiered', () => {
  const tiers: Benefit = {
    kind: 'tiered',
    measure: 'amount',
    tiers: [
      { from: 10000, offMinor: 1000 },
      { from: 20000, offMinor: 3000 },
      { from: 50000, offBasisPoints: 2000 },
    ],
  }

  it('gives the highest step that is reached, alone', () => {
    expect(off(tiers, goods([1, 49999]))).toBe(3000)
    expect(off(tiers, goods([1, 50000]))).toBe(10000)
  })

  it('says what is missing for the first step', () => {
    expect(effectOf(tiers, goods([1, 9000]))).toEqual({ goodsMinor: 0, missingMinor: 1000 })
  })

  it('counts pieces when it is told to', () => {
    const pieces: Benefit = { kind: 'tiered', measure: 'pieces', tiers: [{ from: 3, offBasisPoints: 1000 }] }
    expect(off(pieces, goods([3, 1000]))).toBe(300)
    expect(effectOf(pieces, goods([2, 1000]))).toEqual({ goodsMinor: 0, missingPieces: 1 })
  })
})

it('a gift costs nothing and has a worth', () => {
  expect(effectOf({ kind: 'gift', sku: 'MUG', pieces: 2, unitValueMinor: 2900 }, goods([1, 100]))).toEqual({
    goodsMinor: 0,
    gift: { sku: 'MUG', quantity: 2, valueMinor: 5800 },
  })
})

it('free shipping takes what carriage costs, or a part of it', () => {
  expect(effectOf({ kind: 'freeShipping' }, goods([1, 100]))).toEqual({ goodsMinor: 0, shippingMinor: 1000 })
  expect(effectOf({ kind: 'freeShipping', upToMinor: 600 }, goods([1, 100]))).toEqual({
    goodsMinor: 0,
    shippingMinor: 600,
  })
})

const amount = fc.integer({ min: 1, max: 30_000 })
const pieces = fc.integer({ min: 1, max: 5 })

/** Benefits of every kind. */
const benefits: { readonly [Kind in Benefit['kind']]: fc.Arbitrary<Extract<Benefit, { kind: Kind }>> } = {
  amountOff: fc.record(
    { kind: fc.constant('amountOff'), offMinor: amount, perFullMinor: amount },
    { requiredKeys: ['kind', 'offMinor'] },
  ),
  percentOff: fc.record(
    { kind: fc.constant('percentOff'), offBasisPoints: fc.integer({ min: 1, max: 10_000 }), capMinor: amount },
    { requiredKeys: ['kind', 'offBasisPoints'] },
  ),
  fixedPrice: fc.record({ kind: fc.constant('fixedPrice'), unitMinor: amount, maxPieces: pieces }),
  nthItem: fc.record({
    kind: fc.constant('nthItem'),
    nth: fc.integer({ min: 2, max: 4 }),
    offBasisPoints: fc.integer({ min: 1, max: 10_000 }),
  }),
  buyXGetY: fc.record({ kind: fc.constant('buyXGetY'), buy: pieces, get: pieces }),
  bundlePrice: fc.record({
    kind: fc.constant('bundlePrice'),
    pieces: fc.integer({ min: 2, max: 4 }),
    priceMinor: amount,
  }),
  tiered: fc.record({
    kind: fc.constant('tiered'),
    measure: fc.constantFrom('amount', 'pieces'),
    tiers: fc.tuple(amount, amount).map(([from, offMinor]) => [{ from, offMinor }]),
  }),
  gift: fc.record({ kind: fc.constant('gift'), sku: fc.constant('G'), pieces, unitValueMinor: amount }),
  freeShipping: fc.record({ kind: fc.constant('freeShipping'), upToMinor: amount }),
}

describe('every kind', () => {
  const lines = fc.array(fc.tuple(pieces, amount, fc.nat({ max: 100 }), fc.nat({ max: 100 })), {
    minLength: 1,
    maxLength: 4,
  })

  it('gives no more when less is left of the goods', () => {
    fc.assert(
      fc.property(fc.oneof(...Object.values<fc.Arbitrary<Benefit>>(benefits)), lines, (benefit, drawn) => {
        const view = goods(...drawn.map(([count, unit]) => [count, unit] as const))
        const leave = (line: number, percent: number) => Math.floor(((view.list[line] ?? 0) * percent) / 100)
        const more = drawn.map(([, , a, b], line) => leave(line, Math.max(a, b)))
        const less = drawn.map(([, , a, b], line) => leave(line, Math.min(a, b)))
        expect(off(benefit, { ...view, running: less })).toBeLessThanOrEqual(off(benefit, { ...view, running: more }))
      }),
    )
  })

  it('gives whole amounts of at least zero, with a weight for each line', () => {
    fc.assert(
      fc.property(fc.oneof(...Object.values<fc.Arbitrary<Benefit>>(benefits)), lines, (benefit, drawn) => {
        const view = goods(...drawn.map(([count, unit]) => [count, unit] as const))
        const effect = effectOf(benefit, view)
        expect(Number.isSafeInteger(effect.goodsMinor) && effect.goodsMinor >= 0).toBe(true)
        expect(effect.weights?.length ?? view.lines.length).toBe(view.lines.length)
        expect((effect.weights ?? []).every((weight) => Number.isSafeInteger(weight) && weight >= 0)).toBe(true)
      }),
    )
  })
})
