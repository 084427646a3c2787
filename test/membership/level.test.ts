import fc from 'fast-check'
import { expect, it } from 'vitest'
import { guideLadder } from '../../src/membership/guide-membership.js'
import { levelOf, metricOf } from '../../src/membership/level.js'

it('reaches a level at its first unit, and says what the next one lacks', () => {
  const standing = (metric: number) => {
    const { level, next, missing } = levelOf(metric, guideLadder)
    return [level?.levelId, next?.levelId, missing]
  }
  expect(standing(0)).toEqual(['ordinary', 'silver', 100_000])
  expect(standing(99_999)).toEqual(['ordinary', 'silver', 1])
  expect(standing(100_000)).toEqual(['silver', 'gold', 400_000])
  expect(standing(2_000_000)).toEqual(['diamond', undefined, 0])
})

it('never falls when more is done', () => {
  fc.assert(
    fc.property(fc.nat({ max: 3_000_000 }), fc.nat({ max: 3_000_000 }), (a, b) => {
      const place = (metric: number) =>
        guideLadder.findIndex((level) => level.levelId === levelOf(metric, guideLadder).level?.levelId)
      expect(place(Math.max(a, b))).toBeGreaterThanOrEqual(place(Math.min(a, b)))
    }),
  )
})

it('weighs what a member did', () => {
  const weights = { perSpentMinor: 1, perSignIn: 100, perContribution: 500 }
  expect(metricOf({ spentMinor: 12_345, signIns: 3, contributions: 2 }, weights)).toBe(13_645)
  const decimal = { perSpentMinor: 0.29, perSignIn: 0.1, perContribution: 0.2 }
  expect(metricOf({ spentMinor: 100, signIns: 0, contributions: 0 }, decimal)).toBe(29)
  expect(metricOf({ spentMinor: 0, signIns: 6, contributions: 2 }, decimal)).toBe(1)
  expect(metricOf({ spentMinor: -5, signIns: 0, contributions: 0 }, weights)).toBe(0)
})
