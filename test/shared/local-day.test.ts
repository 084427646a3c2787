import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localDayName, localDayOf, offsetMinutesOf, startOfLocalDay } from '../../src/shared/local-day.js'

const minuteMs = 60_000
// Whole hours, half hours, clocks that change, and Liberia, which was 44 minutes and 30 seconds off until 1972.
const timeZones = ['Asia/Shanghai', 'Asia/Kolkata', 'America/New_York', 'Africa/Monrovia', 'UTC'] as const

const dayByLanguage = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, calendar: 'gregory' }).format(at)

describe('the day of a moment', () => {
  it('turns at midnight of the place, to the millisecond', () => {
    const midnight = startOfLocalDay({ year: 2026, month: 11, day: 11 }, 'Asia/Shanghai')
    expect(new Date(midnight).toISOString()).toBe('2026-11-10T16:00:00.000Z')
    expect(localDayName(localDayOf(midnight - 1, 'Asia/Shanghai'))).toBe('2026-11-10')
    expect(localDayName(localDayOf(midnight, 'Asia/Shanghai'))).toBe('2026-11-11')
  })

  it('follows a clock that changes between two questions', () => {
    const change = Date.UTC(2026, 10, 1, 6)
    const asked = [change - 1, change, change - 1].map((at) => offsetMinutesOf(at, 'America/New_York'))
    expect(asked).toEqual([-240, -300, -240])
  })

  it('is the one the language names, also where a minute of the place begins within one of UTC', () => {
    const midnight = startOfLocalDay({ year: 1971, month: 1, day: 2 }, 'Africa/Monrovia')
    expect(new Date(midnight).toISOString()).toBe('1971-01-02T00:44:30.000Z')
    expect(localDayName(localDayOf(midnight - 1, 'Africa/Monrovia'))).toBe('1971-01-01')
    expect(localDayName(localDayOf(midnight, 'Africa/Monrovia'))).toBe('1971-01-02')
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1960, 0, 1), max: Date.UTC(2040, 0, 1) }),
        fc.array(fc.record({ by: fc.integer({ min: -2 * minuteMs, max: 2 * minuteMs }), zone: fc.nat(4) }), {
          minLength: 1,
          maxLength: 6,
        }),
        (start, steps) => {
          for (const { by, zone } of steps) {
            const timeZone = timeZones[zone] ?? 'UTC'
            const at = start + by
            expect(localDayName(localDayOf(at, timeZone))).toBe(dayByLanguage(at, timeZone))
          }
        },
      ),
    )
  })
})
