import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketsOfDay, bucketsOfPeriod, dayAfter } from '../../src/shared/period.js'
import { periodSchema } from '../../src/shared/period.schema.js'

const dayOf = (at: Date) => ({ year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() })
const nameOf = (at: Date) => at.toISOString().slice(0, 10)
const day = fc.date({ min: new Date('2023-11-01'), max: new Date('2026-03-31'), noInvalidDate: true })

describe('a period', () => {
  it('is its whole months and the days before and after them', () => {
    expect(bucketsOfPeriod({ from: '2024-01-30', to: '2024-04-02' })).toEqual([
      '@2024-01-30',
      '@2024-01-31',
      '@2024-02',
      '@2024-03',
      '@2024-04-01',
      '@2024-04-02',
    ])
    expect(bucketsOfPeriod({ from: '2026-02-01', to: '2026-02-28' })).toEqual(['@2026-02'])
    expect(bucketsOfPeriod({ from: '2026-02-02', to: '2026-02-01' })).toEqual([])
    expect(dayAfter('2024-02-28')).toBe('2024-02-29')
  })

  it('ends with the last day that has four digits of a year, and goes on past it', () => {
    expect(bucketsOfPeriod({ from: '9999-12-01', to: '9999-12-31' })).toEqual(['@9999-12'])
    expect(bucketsOfPeriod({ from: '9999-12-30', to: '9999-12-31' })).toEqual(['@9999-12-30', '@9999-12-31'])
    expect(bucketsOfPeriod({ from: dayAfter('9999-12-31'), to: '2026-01-01' })).toEqual([])
    expect(dayAfter('9999-12-31')).toBe('+010000-01-01')
  })

  it('counts what happened on its days, once, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(day, { maxLength: 40 }), day, day, (events, a, b) => {
        const [from, to] = nameOf(a) <= nameOf(b) ? [nameOf(a), nameOf(b)] : [nameOf(b), nameOf(a)]
        const tallies = new Map<string, number>()
        for (const bucket of events.flatMap((at) => bucketsOfDay(dayOf(at)))) {
          tallies.set(bucket, (tallies.get(bucket) ?? 0) + 1)
        }
        const buckets = bucketsOfPeriod({ from, to })
        const counted = buckets.reduce((sum, bucket) => sum + (tallies.get(bucket) ?? 0), 0)
        expect(counted).toBe(events.filter((at) => nameOf(at) >= from && nameOf(at) <= to).length)
        // At most the days of two months, and the months between.
        expect(buckets.length).toBeLessThanOrEqual(60 + 29)
      }),
    )
  })

  it.each([
    { from: '2026-02-30', to: '2026-03-01' },
    { from: '2026-03-02', to: '2026-03-01' },
    { from: '2016-01-01', to: '2026-12-31' },
    { from: '2026-1-1', to: '2026-03-01' },
    { from: '9999-12-01', to: '9999-12-31' },
    { from: '0050-01-01', to: '0050-02-01' },
    { from: '1969-12-31', to: '1970-01-01' },
  ])('is of days in the calendar, in their order, and at most ten years: not $from to $to', (period) => {
    expect(periodSchema.safeParse(period).success).toBe(false)
  })
})
