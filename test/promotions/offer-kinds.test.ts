import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GoodsView } from '../../src/promotions/offer-kind.js'
import { type Benefit, effectOf } from '../../src/promotions/offer-kinds.js'

/** Goods of so many pieces at a price each, all of them meant, nothing taken off yet. */
const goods = (...lines: readonly (readonly [pieces: number, unitMinor: number])[]): GoodsView => {
  const list = lines.map(([pieces, unit]) => pieces * unit)
  const places = lines.map((_, place) => place)
  const pieces = lines.reduce((sum, [count]) => sum + count, 0)
  return {
    lines: places,
    counted: places,
    quantity: lines.map(([pieces]) => pieces),
    list,
    activity: list,
    running: list,
    basisMinor: list.reduce((sum, amount) => sum + amount, 0),
    basisPieces: pieces,
    pieces,
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

  it('rounds a half down when it is told to', () => {
    expect(off({ kind: 'percentOff', offBasisPoints: 5000, rounding: 'halfDown' }, goods([1, 8333]))).toBe(4166)
    expect(off({ kind: 'percentOff', offBasisPoints: 5000 }, goods([1, 8333]))).toBe(4167)
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

describe('buyXGetY of other goods', () => {
  /** The first lines are counted, the rest are meant, as far as they do not overlap. */
  const others = (
    counted: readonly number[],
    meant: readonly number[],
    ...drawn: readonly (readonly [pieces: number, unitMinor: number])[]
  ): GoodsView => {
    const view = goods(...drawn)
    const piecesOf = (lines: readonly number[]) => lines.reduce((sum, line) => sum + (view.quantity[line] ?? 0), 0)
    return { ...view, lines: meant, counted, basisPieces: piecesOf(counted), pieces: piecesOf(meant) }
  }
  const twoForOne = { kind: 'buyXGetY', buy: 2, get: 1 } as const

  it('gives one of the meant goods for every group of the counted', () => {
    expect(effectOf(twoForOne, others([0], [1], [5, 3000], [3, 1000]))).toEqual({ goodsMinor: 2000, weights: [2000] })
    expect(off({ ...twoForOne, maxTimes: 1 }, others([0], [1], [5, 3000], [3, 1000]))).toBe(1000)
    expect(off({ ...twoForOne, offBasisPoints: 5000 }, others([0], [1], [5, 3000], [3, 999]))).toBe(1000)
  })

  it('gives what is there of the last group', () => {
    expect(off({ ...twoForOne, get: 4 }, others([0], [1], [4, 3000], [5, 1000]))).toBe(5000)
  })

  it('says what is missing to be bought, or to be given', () => {
    expect(effectOf(twoForOne, others([0], [1], [1, 3000], [3, 1000]))).toMatchObject({ missingPieces: 1 })
    expect(effectOf(twoForOne, others([0, 1], [1], [1, 3000], [1, 1000]))).toMatchObject({ missingPieces: 1 })
  })

  it('counts no piece twice', () => {
    // Two of line 0 and two of line 1 may be bought; line 1 is given too: 2 + 1 of the 4, and no second group.
    expect(off(twoForOne, others([0, 1], [1], [2, 3000], [2, 1000]))).toBe(1000)
    expect(off({ kind: 'buyXGetY', buy: 1, get: 1 }, others([0, 1], [1], [1, 3000], [3, 1000]))).toBe(2000)
  })

  it('gives as many as a search over all ways to deal the pieces out', () => {
    fc.assert(
      fc.property(
        fc.record({ buy: fc.integer({ min: 1, max: 3 }), get: fc.integer({ min: 1, max: 3 }) }),
        fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 }), fc.nat({ max: 5 })),
        ({ buy, get }, [onlyBought, both, onlyMeant]) => {
          const lines = [onlyBought, both, onlyMeant].map((count) => [Math.max(1, count), 100] as const)
          const counted = [0, 1].filter((line) => [onlyBought, both, onlyMeant][line] !== 0)
          const meant = [1, 2].filter((line) => [onlyBought, both, onlyMeant][line] !== 0)
          if (meant.length === 0) return
          let best = 0
          for (let bought = 0; bought <= both; bought += 1) {
            const groups = Math.floor((onlyBought + bought) / buy)
            best = Math.max(best, Math.min(groups * get, onlyMeant + both - bought))
          }
          expect(off({ kind: 'buyXGetY', buy, get }, others(counted, meant, ...lines))).toBe(best * 100)
        },
      ),
    )
  })
})

describe('pieceOff', () => {
  it('takes an amount off each piece, and no more than it costs', () => {
    expect(off({ kind: 'pieceOff', offMinor: 500 }, goods([2, 2000], [1, 300]))).toBe(1300)
    expect(off({ kind: 'pieceOff', offMinor: 500, maxPieces: 1 }, goods([2, 2000], [2, 2000]))).toBe(1000)
  })

  it('takes a part off each piece, rounded piece by piece', () => {
    // 10 % of 0.15 is 0.015, rounded to 0.02 on each of two pieces; on both together it would be 0.03.
    expect(off({ kind: 'pieceOff', offBasisPoints: 1000 }, goods([2, 15]))).toBe(4)
  })

  it('is taken of the list price when it is told to', () => {
    const view = { ...goods([2, 1000]), running: [1600] }
    expect(off({ kind: 'pieceOff', offBasisPoints: 1000, of: 'list' }, view)).toBe(200)
    expect(off({ kind: 'pieceOff', offBasisPoints: 1000 }, view)).toBe(160)
    expect(off({ kind: 'pieceOff', offBasisPoints: 9000, of: 'list' }, view)).toBe(1600)
  })

  it('is had by the cheapest pieces of the order', () => {
    const benefit = { kind: 'pieceOff', offBasisPoints: 2000, maxPieces: 3, per: 'order' } as const
    expect(effectOf(benefit, goods([5, 10000], [2, 5000]))).toEqual({ goodsMinor: 4000, weights: [2000, 2000] })
  })

  it('is had by full groups only, line after line', () => {
    const benefit = { kind: 'pieceOff', offMinor: 500, groupOf: 3 } as const
    expect(effectOf(benefit, goods([2, 1000], [2, 1000]))).toEqual({ goodsMinor: 1500, weights: [1000, 500] })
    expect(effectOf(benefit, goods([2, 1000]))).toEqual({ goodsMinor: 0, missingPieces: 1 })
  })
})

it('setPrice brings all the goods down to its price', () => {
  expect(off({ kind: 'setPrice', priceMinor: 9900 }, goods([1, 8000], [1, 6000]))).toBe(4100)
  expect(off({ kind: 'setPrice', priceMinor: 20000 }, goods([1, 8000]))).toBe(0)
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
  const half = { kind: 'freeShipping', offBasisPoints: 5000 } as const
  expect(effectOf(half, goods([1, 100]))).toEqual({ goodsMinor: 0, shippingMinor: 500 })
  expect(effectOf({ ...half, upToMinor: 300 }, goods([1, 100]))).toEqual({ goodsMinor: 0, shippingMinor: 300 })
})

// Small amounts too, where pieces of different lines cost the same but for a minor unit.
const amount = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 30_000 }))
const pieces = fc.integer({ min: 1, max: 5 })

/** A step of any height: one further up may give less. */
const tier = fc
  .tuple(amount, amount, fc.boolean())
  .map(([from, off, part]) => (part ? { from, offBasisPoints: (off % 10_000) + 1 } : { from, offMinor: off }))

/** Benefits of every kind. */
const benefits: { readonly [Kind in Benefit['kind']]: fc.Arbitrary<Extract<Benefit, { kind: Kind }>> } = {
  amountOff: fc.record(
    { kind: fc.constant('amountOff'), offMinor: amount, perFullMinor: amount },
    { requiredKeys: ['kind', 'offMinor'] },
  ),
  percentOff: fc.record(
    {
      kind: fc.constant('percentOff'),
      offBasisPoints: fc.integer({ min: 1, max: 10_000 }),
      capMinor: amount,
      rounding: fc.constantFrom('halfUp', 'halfDown'),
    },
    { requiredKeys: ['kind', 'offBasisPoints'] },
  ),
  fixedPrice: fc.record({ kind: fc.constant('fixedPrice'), unitMinor: amount, maxPieces: pieces }),
  nthItem: fc.record({
    kind: fc.constant('nthItem'),
    nth: fc.integer({ min: 2, max: 4 }),
    offBasisPoints: fc.integer({ min: 1, max: 10_000 }),
  }),
  buyXGetY: fc.record(
    { kind: fc.constant('buyXGetY'), buy: pieces, get: pieces, offBasisPoints: fc.integer({ min: 1, max: 10_000 }) },
    { requiredKeys: ['kind', 'buy', 'get'] },
  ),
  bundlePrice: fc.record({
    kind: fc.constant('bundlePrice'),
    pieces: fc.integer({ min: 2, max: 4 }),
    priceMinor: amount,
  }),
  tiered: fc.record({
    kind: fc.constant('tiered'),
    measure: fc.constantFrom('amount', 'pieces'),
    tiers: fc
      .uniqueArray(tier, { minLength: 1, maxLength: 4, selector: ({ from }) => from })
      .map((tiers) => [...tiers].sort((a, b) => a.from - b.from)),
  }),
  gift: fc.record({ kind: fc.constant('gift'), sku: fc.constant('G'), pieces, unitValueMinor: amount }),
  freeShipping: fc.record({ kind: fc.constant('freeShipping'), upToMinor: amount }),
  pieceOff: fc.oneof(
    fc.record(
      { kind: fc.constant('pieceOff' as const), offMinor: amount, maxPieces: pieces, groupOf: fc.constant(2) },
      { requiredKeys: ['kind', 'offMinor'] },
    ),
    fc.record(
      {
        kind: fc.constant('pieceOff' as const),
        offBasisPoints: fc.integer({ min: 1, max: 10_000 }),
        of: fc.constantFrom('list' as const, 'running' as const),
        maxPieces: pieces,
        per: fc.constantFrom('line' as const, 'order' as const),
        groupOf: fc.constantFrom(2, 3),
      },
      { requiredKeys: ['kind', 'offBasisPoints', 'maxPieces'] },
    ),
  ),
  setPrice: fc.record({ kind: fc.constant('setPrice'), priceMinor: amount }),
}

describe('every kind', () => {
  const lines = fc.array(fc.tuple(pieces, amount, fc.nat({ max: 100 }), fc.nat({ max: 100 })), {
    minLength: 1,
    maxLength: 4,
  })

  it('gives no more when less is left of the goods than it said it might', () => {
    fc.assert(
      fc.property(fc.oneof(...Object.values<fc.Arbitrary<Benefit>>(benefits)), lines, (benefit, drawn) => {
        const view = goods(...drawn.map(([count, unit]) => [count, unit] as const))
        const leave = (line: number, percent: number) => Math.floor(((view.list[line] ?? 0) * percent) / 100)
        const more = drawn.map(([, , a, b], line) => leave(line, Math.max(a, b)))
        const less = drawn.map(([, , a, b], line) => leave(line, Math.min(a, b)))
        const effectOn = (running: readonly number[]) =>
          effectOf(benefit, { ...view, running, basisMinor: running.reduce((sum, each) => sum + each, 0) })
        const { goodsMinor, mostMinor = goodsMinor } = effectOn(more)
        expect(effectOn(less).goodsMinor).toBeLessThanOrEqual(mostMinor)
        expect(goodsMinor).toBeLessThanOrEqual(mostMinor)
      }),
      { numRuns: 500 },
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
