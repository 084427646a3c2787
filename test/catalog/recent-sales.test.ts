import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { launchOf } from '../../src/catalog/launch-of.js'
import { type RecentSales, sellMore, soldLately, trendFloor } from '../../src/catalog/recent-sales.js'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)

describe('what was sold lately', () => {
  it('counts half as much with every week', () => {
    const sold = sellMore(undefined, 100, start)
    expect(soldLately(sold, start)).toBe(100_000)
    expect(soldLately(sold, start + 7 * day)).toBe(50_000)
    expect(soldLately(sold, start + 21 * day)).toBe(12_500)
    // 100 × 2^(-1/7) is 90.572.
    expect(soldLately(sold, start + day)).toBe(90_572)
    expect(soldLately(sellMore(sold, 10, start + 7 * day), start + 14 * day)).toBe(30_000)
    expect(soldLately(sold, start + 2_000 * day)).toBe(0)
  })

  it('loses what is given back, and is never less than nothing', () => {
    const sold = sellMore(sellMore(undefined, 5, start), -2, start)
    expect(soldLately(sold, start)).toBe(3_000)
    expect(sellMore(sold, -9, start + day)).toMatchObject({ thousandths: 0, trend: 0 })
  })

  it('is told of a clock that goes back as of the day before', () => {
    const sold = sellMore(sellMore(undefined, 4, start), 4, start - 3 * day)
    expect(soldLately(sold, start)).toBe(8_000)
  })

  const steps = fc.array(fc.record({ pieces: fc.integer({ min: -20, max: 200 }), days: fc.nat(30) }), { maxLength: 12 })
  const live = (of: readonly { readonly pieces: number; readonly days: number }[]) => {
    let recent: RecentSales | undefined
    let now = start
    let sold = 0
    for (const { pieces, days } of of) {
      now += days * day
      recent = sellMore(recent, pieces, now)
      sold += Math.max(0, pieces)
    }
    return { recent, now, sold }
  }

  it('is no more than was ever sold, fades with every day, and half of it is left in a week', () => {
    fc.assert(
      fc.property(steps, fc.nat(60), (sales, days) => {
        const { recent, now, sold } = live(sales)
        const later = now + days * day
        const left = soldLately(recent, later)
        expect(left).toBeLessThanOrEqual(1_000 * sold)
        expect(soldLately(recent, later + day)).toBeLessThanOrEqual(left)
        expect(Math.abs(2 * soldLately(recent, later + 7 * day) - left)).toBeLessThanOrEqual(2)
      }),
    )
  })

  it('has a trend by which products stand in the same order on every later day', () => {
    fc.assert(
      fc.property(steps, steps, fc.nat(20), (left, right, days) => {
        const [a, b] = [live(left), live(right)]
        const at = Math.max(a.now, b.now) + days * day
        const [more, less] = [soldLately(a.recent, at), soldLately(b.recent, at)]
        // What is within a step of a trend of each other, or too little to be told apart in whole numbers, counts as alike.
        if (less < 20_000 || more < 1.003 * less) return
        expect(a.recent?.trend).toBeGreaterThan(b.recent?.trend ?? 0)
      }),
      { numRuns: 500 },
    )
  })

  it('has a floor that says from which trend on so many pieces were sold lately', () => {
    const sold = sellMore(undefined, 12, start)
    expect(sold.trend).toBeGreaterThanOrEqual(trendFloor(3, start + 13 * day))
    expect(sold.trend).toBeGreaterThanOrEqual(trendFloor(3, start + 14 * day))
    expect(sold.trend).toBeLessThan(trendFloor(3, start + 15 * day))
  })
})

describe('when a product was launched', () => {
  const listed = { createdAt: start, launchedAt: start + 40 * day, attributes: {} }

  it.each([
    ['when it was first put on sale', listed, start + 40 * day],
    ['when it was made, where no more is known', { createdAt: start, attributes: {} }, start],
    [
      'the day it states, where that was before',
      { ...listed, attributes: { launchDate: '2025-03-01' } },
      Date.UTC(2025, 2, 1),
    ],
    ['no day that it states for later', { ...listed, attributes: { launchDate: '2027-01-01' } }, start + 40 * day],
    ['no text that is no day', { ...listed, attributes: { launchDate: 'spring' } }, start + 40 * day],
  ])('is %s', (_, product, expected) => {
    expect(launchOf(product)).toBe(expected)
  })
})
