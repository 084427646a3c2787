import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pointsExpiry, restoredExpiry } from '../../src/membership/points-expiry.js'

it("ends points at the end of the same day a year later, in the shop's time", () => {
  // 23:30 on 11 November in China is 15:30 UTC; the day ends there at 16:00 UTC.
  expect(pointsExpiry(Date.UTC(2026, 10, 11, 15, 30), 12, 'Asia/Shanghai')).toBe(Date.UTC(2027, 10, 11, 16))
  expect(pointsExpiry(Date.UTC(2026, 10, 11, 16, 30), 12, 'Asia/Shanghai')).toBe(Date.UTC(2027, 10, 12, 16))
})

it('ends on the last day of a shorter month', () => {
  expect(pointsExpiry(Date.UTC(2028, 1, 29), 12, 'UTC')).toBe(Date.UTC(2029, 2, 1))
  expect(pointsExpiry(Date.UTC(2026, 0, 31), 1, 'UTC')).toBe(Date.UTC(2026, 2, 1))
})

it('never ends before so many months less a day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.integer({ min: 1, max: 36 }), (now, months) => {
      const end = pointsExpiry(now, months, 'Asia/Shanghai')
      expect(end - now).toBeGreaterThan((28 * months - 1) * 86_400_000)
      expect(end - now).toBeLessThanOrEqual((31 * months + 1) * 86_400_000)
    }),
  )
})

it('keeps its hour where the clock changes in between', () => {
  // In New York the day of 1 March ends at 05:00 UTC, that of 1 June at 04:00 UTC.
  expect(pointsExpiry(Date.UTC(2026, 2, 1, 12), 3, 'America/New_York')).toBe(Date.UTC(2026, 5, 2, 4))
})

it('gives points that come back after their end thirty days more, to the end of the day', () => {
  expect(restoredExpiry(Date.UTC(2027, 0, 15, 8), 30, 'UTC')).toBe(Date.UTC(2027, 1, 15))
})
