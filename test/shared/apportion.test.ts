import fc from 'fast-check'
import { err, ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { allocate } from '../../src/shared/allocate.js'
import { apportionByDivisor } from '../../src/shared/apportion.js'
import { anyMinor, anyWeights, sumExactly } from './money.arbitraries.js'

const most = Number.MAX_SAFE_INTEGER

const partsOf = (amountMinor: number, weights: readonly number[]): readonly number[] =>
  apportionByDivisor(amountMinor, weights)._unsafeUnwrap()

const smallWeights = fc
  .array(fc.nat({ max: 120 }), { minLength: 1, maxLength: 6 })
  .filter((weights) => weights.some((weight) => weight > 0))

/** The method as its inventors told it: unit by unit, each to the highest weight / (2 x units held + 1). */
const apportionByUnits = (size: number, weights: readonly number[]): readonly number[] => {
  const parts = weights.map(() => 0)
  for (let unit = 0; unit < size; unit += 1) {
    let best = weights.findIndex((weight) => weight > 0)
    for (const [index, weight] of weights.entries()) {
      if (weight * (2 * parts[best]! + 1) > weights[best]! * (2 * parts[index]! + 1)) best = index
    }
    parts[best]! += 1
  }
  return parts
}

describe('apportionByDivisor', () => {
  it('gives each unit to the highest weight by twice the units held and one', () => {
    expect(apportionByDivisor(3, [1, 1, 1])).toEqual(ok([1, 1, 1]))
    expect(apportionByDivisor(1, [1, 1, 1])).toEqual(ok([1, 0, 0]))
    // By 1, 3, 5 and 7: 53, 17.67, 10.6, 7.57; 24, 8, 4.8; 23, 7.67, 4.6.
    expect(apportionByDivisor(6, [53, 24, 23])).toEqual(ok([3, 2, 1]))
    expect(apportionByDivisor(7, [53, 24, 23])).toEqual(ok([3, 2, 2]))
    expect(apportionByDivisor(8, [53, 24, 23])).toEqual(ok([4, 2, 2]))
    expect(apportionByDivisor(-6, [53, 24, 23])).toEqual(ok([-3, -2, -1]))
  })

  it('claws nothing back below zero where the largest remainder would', () => {
    const weights = [59, 115, 78]
    const [before, after] = [allocate(198, weights), allocate(199, weights)].map((parts) => parts._unsafeUnwrap()[0])
    expect([before, after]).toEqual([47, 46])
    expect(partsOf(199, weights)[0]).toBeGreaterThanOrEqual(partsOf(198, weights)[0] ?? 0)
  })

  it('refuses what cannot be split, and says why', () => {
    expect(apportionByDivisor(5, [0, 0])).toEqual(err({ type: 'WeightsAllZero', amountMinor: 5 }))
    expect(apportionByDivisor(0, [0, 0])).toEqual(ok([0, 0]))
    expect(apportionByDivisor(5, [1, 0.5])).toEqual(
      err({ type: 'InvalidSplit', field: 'weights', index: 1, reason: 'notSafeInteger' }),
    )
    expect(apportionByDivisor(5, [-1])).toEqual(
      err({ type: 'InvalidSplit', field: 'weights', index: 0, reason: 'negative' }),
    )
  })

  it('is exact at the edge of the safe range', () => {
    expect(apportionByDivisor(most, [most, most])).toEqual(ok([4503599627370496, 4503599627370495]))
    expect(apportionByDivisor(most, [2, 1])).toEqual(ok([6004799503160661, 3002399751580330]))
    expect(apportionByDivisor(most, [0, 1])).toEqual(ok([0, most]))
    // Times three, the two weights are the same floating-point number.
    expect(apportionByDivisor(6, [most - 2, most - 1, most - 2, most - 2, most - 2])).toEqual(ok([1, 2, 1, 1, 1]))
  })

  it('gives what going unit by unit gives', () => {
    fc.assert(
      fc.property(fc.nat({ max: 400 }), smallWeights, (amountMinor, weights) => {
        expect(partsOf(amountMinor, weights)).toEqual(apportionByUnits(amountMinor, weights))
      }),
    )
  })

  it('never takes from a part when the amount grows, all the way from nothing', () => {
    fc.assert(
      fc.property(fc.nat({ max: 150 }), smallWeights, (amountMinor, weights) => {
        let before = weights.map(() => 0) as readonly number[]
        for (let amount = 1; amount <= amountMinor; amount += 1) {
          const now = partsOf(amount, weights)
          expect(now.every((part, index) => part >= (before[index] ?? 0))).toBe(true)
          before = now
        }
      }),
    )
  })

  it('never takes from a part when the amount grows, at any size and sign', () => {
    fc.assert(
      fc.property(anyMinor, anyMinor, anyWeights, (one, other, weights) => {
        const less = partsOf(Math.min(one, other), weights)
        expect(partsOf(Math.max(one, other), weights).every((part, index) => part >= (less[index] ?? 0))).toBe(true)
      }),
    )
    fc.assert(
      fc.property(
        fc.maxSafeNat().filter((amount) => amount < most),
        anyWeights,
        (amountMinor, weights) => {
          const less = partsOf(amountMinor, weights)
          const grown = partsOf(amountMinor + 1, weights).map((part, index) => part - (less[index] ?? 0))
          expect([...grown].sort((a, b) => b - a)).toEqual([1, ...Array(weights.length - 1).fill(0)])
        },
      ),
    )
  })

  it('gives parts that sum to the whole, have its sign, and are zero where the weight is', () => {
    fc.assert(
      fc.property(anyMinor, anyWeights, (amountMinor, weights) => {
        const parts = partsOf(amountMinor, weights)
        expect(sumExactly(parts)).toBe(BigInt(amountMinor))
        for (const [index, part] of parts.entries()) {
          expect(Object.is(part, -0)).toBe(false)
          expect(part * amountMinor).toBeGreaterThanOrEqual(0)
          if (weights[index] === 0) expect(part).toBe(0)
        }
      }),
    )
  })

  it('gives a larger weight no less', () => {
    fc.assert(
      fc.property(fc.nat(), anyWeights, (amountMinor, weights) => {
        const pairs = partsOf(amountMinor, weights).map((part, index) => ({ part, weight: weights[index] ?? 0 }))
        for (const one of pairs)
          for (const other of pairs) if (one.weight > other.weight) expect(one.part).toBeGreaterThanOrEqual(other.part)
      }),
    )
  })
})
