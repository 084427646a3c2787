import fc from 'fast-check'
import { err, ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { allocate } from '../../src/shared/allocate.js'
import { anyMinor, anyWeights, sumExactly } from './money.arbitraries.js'

const most = Number.MAX_SAFE_INTEGER

/** An amount, weights, and caps that leave room for it. */
const cappedSplit = fc
  .record({
    weights: fc
      .array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 8 })
      .filter((all) => all.some((each) => each > 0)),
    caps: fc.array(fc.nat({ max: 60 }), { minLength: 8, maxLength: 8 }),
    share: fc.nat({ max: 1_000 }),
    negative: fc.boolean(),
  })
  .map(({ weights, caps, share, negative }) => {
    const capacity = weights.reduce((sum, weight, index) => sum + (weight > 0 ? (caps[index] ?? 0) : 0), 0)
    const size = Math.floor((capacity * share) / 1_000)
    return { amountMinor: (negative ? -size : size) + 0, weights, caps: caps.slice(0, weights.length) }
  })

const partsOf = (amountMinor: number, weights: readonly number[], caps?: readonly number[]): readonly number[] =>
  allocate(amountMinor, weights, caps)._unsafeUnwrap()

/**
 * The definition, said another way and slowly: the level at which the exact shares min(cap, level x weight) sum to the
 * amount is searched among the parts that could stand at their cap.
 */
const allocateByLevel = (size: number, weights: readonly number[], caps: readonly number[]): readonly number[] => {
  const order = weights.map((_, index) => index).filter((index) => weights[index]! > 0)
  order.sort((a, b) => caps[a]! * weights[b]! - caps[b]! * weights[a]!)
  let left = size
  let total = order.reduce((sum, index) => sum + weights[index]!, 0)
  const parts = weights.map(() => 0)
  const open = [...order]
  while (open.length > 0 && caps[open[0]!]! * total < left * weights[open[0]!]!) {
    const full = open.shift()!
    parts[full] = caps[full]!
    left -= caps[full]!
    total -= weights[full]!
  }
  for (const index of open) parts[index] = Math.floor((left * weights[index]!) / total)
  const over = size - parts.reduce((sum, part) => sum + part, 0)
  const rest = (index: number) => (left * weights[index]!) % total
  for (const index of open.sort((a, b) => rest(b) - rest(a) || a - b).slice(0, over)) parts[index]! += 1
  return parts
}

describe('allocate', () => {
  it('gives the unit left over to the first of equals', () => {
    expect(allocate(1000, [1000, 1000, 1000])).toEqual(ok([334, 333, 333]))
    expect(allocate(1, [10, 10, 10])).toEqual(ok([1, 0, 0]))
    expect(allocate(-1000, [1, 1, 1])).toEqual(ok([-334, -333, -333]))
  })

  it('gives the units left over to the largest remainders', () => {
    // 74.49, 50.85 and 31.67.
    expect(allocate(157, [501, 342, 213])).toEqual(ok([74, 51, 32]))
    // 2272.67, 4545.67 and 8181.67.
    expect(allocate(15_000, [6818, 13_637, 24_545])).toEqual(ok([2273, 4546, 8181]))
  })

  it('sends what is above a cap to the others', () => {
    expect(allocate(3000, [5000, 5000], [500, 5000])).toEqual(ok([500, 2500]))
    // 40 each; the first stops at 10, then 55 each, and the second stops at 50.
    expect(allocate(120, [1, 1, 1], [10, 50, 100])).toEqual(ok([10, 50, 60]))
    expect(allocate(-3000, [5000, 5000], [500, 5000])).toEqual(ok([-500, -2500]))
    expect(allocate(1500, [5000, 5000], [500, 1000])).toEqual(ok([500, 1000]))
  })

  it('splits yen, yuan and fils alike, for they are all whole units', () => {
    expect(allocate(100, [300, 300, 300])).toEqual(ok([34, 33, 33]))
    expect(allocate(5000, [10_000, 20_000])).toEqual(ok([1667, 3333]))
    expect(allocate(1005, [2500, 2500])).toEqual(ok([503, 502]))
  })

  it('is exact where products leave the safe range', () => {
    expect(allocate(most, [most, most])).toEqual(ok([4503599627370496, 4503599627370495]))
    // Two thirds of 9007199254740991 are 6004799503160660.67, one third is 3002399751580330.33.
    expect(allocate(most, [2, 1])).toEqual(ok([6004799503160661, 3002399751580330]))
    expect(allocate(most, [most, most], [1, most])).toEqual(ok([1, most - 1]))
  })

  it('gives nothing to nobody when there is nothing', () => {
    expect(allocate(0, [0, 0])).toEqual(ok([0, 0]))
    expect(allocate(-0, [1, 2])).toEqual(ok([0, 0]))
    expect(allocate(0, [])).toEqual(ok([]))
    expect(allocate(0, [1, 1], [0, 0])).toEqual(ok([0, 0]))
  })

  it('refuses what cannot be split, and says why', () => {
    expect(allocate(5, [0, 0])).toEqual(err({ type: 'WeightsAllZero', amountMinor: 5 }))
    expect(allocate(5, [])).toEqual(err({ type: 'WeightsAllZero', amountMinor: 5 }))
    expect(allocate(3000, [5000, 5000], [500, 1000])).toEqual(
      err({ type: 'CapsTooSmall', amountMinor: 3000, capacityMinor: 1500 }),
    )
    // The cap of a part without weight is no room.
    expect(allocate(-10, [1, 0], [5, 100])).toEqual(err({ type: 'CapsTooSmall', amountMinor: -10, capacityMinor: 5 }))
  })

  it('refuses what is no split, and says where', () => {
    const invalid = (facts: object) => err({ type: 'InvalidSplit', ...facts })
    expect(allocate(0.5, [1])).toEqual(invalid({ field: 'amountMinor', reason: 'notSafeInteger' }))
    expect(allocate(1, [1, Number.NaN])).toEqual(invalid({ field: 'weights', index: 1, reason: 'notSafeInteger' }))
    expect(allocate(1, [1, -1])).toEqual(invalid({ field: 'weights', index: 1, reason: 'negative' }))
    expect(allocate(1, [1], [Number.POSITIVE_INFINITY])).toEqual(
      invalid({ field: 'caps', index: 0, reason: 'notSafeInteger' }),
    )
    expect(allocate(1, [1, 1], [1, -1])).toEqual(invalid({ field: 'caps', index: 1, reason: 'negative' }))
    expect(allocate(1, [1, 1], [1])).toEqual(invalid({ field: 'caps', reason: 'lengthDiffers' }))
  })

  it('gives parts that sum to the whole, have its sign, and are zero where the weight is', () => {
    fc.assert(
      fc.property(anyMinor, anyWeights, (amountMinor, weights) => {
        const parts = partsOf(amountMinor, weights)
        expect(parts).toHaveLength(weights.length)
        expect(sumExactly(parts)).toBe(BigInt(amountMinor))
        for (const [index, part] of parts.entries()) {
          expect(Object.is(part, -0)).toBe(false)
          expect(part * amountMinor).toBeGreaterThanOrEqual(0)
          if (weights[index] === 0) expect(part).toBe(0)
        }
      }),
    )
  })

  it('keeps each part within one unit of its exact share', () => {
    fc.assert(
      fc.property(anyMinor, anyWeights, (amountMinor, weights) => {
        const total = sumExactly(weights)
        for (const [index, part] of partsOf(amountMinor, weights).entries()) {
          const difference = BigInt(part) * total - BigInt(amountMinor) * BigInt(weights[index] ?? 0)
          expect(difference < total && difference > -total).toBe(true)
        }
      }),
    )
  })

  it('lets no part exceed its weight when the amount is within their sum', () => {
    const within = anyWeights.chain((weights) => {
      const total = sumExactly(weights)
      const limit = total < BigInt(most) ? Number(total) : most
      return fc.record({ weights: fc.constant(weights), amountMinor: fc.integer({ min: 0, max: limit }) })
    })
    fc.assert(
      fc.property(within, ({ amountMinor, weights }) => {
        expect(partsOf(amountMinor, weights).every((part, index) => part <= (weights[index] ?? 0))).toBe(true)
      }),
    )
  })

  it('lets no part exceed its cap, and still gives everything out', () => {
    fc.assert(
      fc.property(cappedSplit, ({ amountMinor, weights, caps }) => {
        const parts = partsOf(amountMinor, weights, caps)
        expect(sumExactly(parts)).toBe(BigInt(amountMinor))
        expect(parts.every((part, index) => Math.abs(part) <= (caps[index] ?? 0))).toBe(true)
        expect(parts.every((part, index) => part * amountMinor >= 0 && (weights[index] !== 0 || part === 0))).toBe(true)
      }),
    )
  })

  it('gives what the definition by a common level gives', () => {
    fc.assert(
      fc.property(cappedSplit, ({ amountMinor, weights, caps }) => {
        const size = Math.abs(amountMinor)
        expect(partsOf(size, weights, caps)).toEqual(allocateByLevel(size, weights, caps))
      }),
    )
  })

  it('gives the same parts by numbers and by big numbers', () => {
    const scale = 2 ** 30
    fc.assert(
      fc.property(cappedSplit, ({ amountMinor, weights, caps }) => {
        const size = amountMinor * 2 ** 15
        const wide = caps.map((cap) => cap * 2 ** 15)
        const scaled = weights.map((weight) => weight * scale)
        expect(partsOf(size, scaled, wide)).toEqual(partsOf(size, weights, wide))
      }),
    )
  })

  it('does not care about the order of parts that differ', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 8 }),
        fc.nat({ max: 5_000 }),
        fc.infiniteStream(fc.nat()),
        (weights, amountMinor, stream) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0)
          const rests = weights.map((weight) => (amountMinor * weight) % total)
          fc.pre(new Set(rests).size === rests.length)
          const byWeight = new Map(partsOf(amountMinor, weights).map((part, index) => [weights[index], part]))
          const keys = new Map(weights.map((weight) => [weight, stream.next().value]))
          const shuffled = [...weights].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0) || a - b)
          expect(partsOf(amountMinor, shuffled)).toEqual(shuffled.map((weight) => byWeight.get(weight)))
        },
      ),
    )
  })

  it('mirrors a negative amount', () => {
    fc.assert(
      fc.property(anyMinor, anyWeights, (amountMinor, weights) => {
        expect(partsOf(-amountMinor, weights)).toEqual(partsOf(amountMinor, weights).map((part) => 0 - part))
      }),
    )
  })
})
