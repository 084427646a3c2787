import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localDayName, localDayOf, offsetMinutesOf, startOfLocalDay } from '../../src/shared/local-day.js'

const minuteMs = 60_000
const dayMs = 86_400_000
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

describe('the first moment of a day', () => {
  it.each([
    ['America/Santiago', [2026, 9, 6], '2026-09-06T04:00:00.000Z'],
    ['America/Havana', [2026, 3, 8], '2026-03-08T05:00:00.000Z'],
    ['Atlantic/Azores', [2026, 3, 29], '2026-03-29T01:00:00.000Z'],
    // Back over midnight: the day begins twice, and the first time counts.
    ['America/Havana', [2026, 11, 1], '2026-11-01T04:00:00.000Z'],
    // Forward to midnight itself.
    ['America/Nuuk', [2026, 3, 29], '2026-03-29T01:00:00.000Z'],
    // A day that Samoa left out begins with the next.
    ['Pacific/Apia', [2011, 12, 30], '2011-12-30T10:00:00.000Z'],
  ] as const)('of %s on %j is %s', (timeZone, [year, month, day], instant) => {
    expect(new Date(startOfLocalDay({ year, month, day }, timeZone)).toISOString()).toBe(instant)
  })

  const isFirst = (midnight: number, timeZone: string): void => {
    const date = new Date(midnight)
    const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
    const start = startOfLocalDay(day, timeZone)
    const nameAt = (at: number): string => localDayName(localDayOf(at, timeZone))
    const name = localDayName(day)
    expect(`${timeZone} ${nameAt(start)}`).toBe(`${timeZone} ${name}`)
    for (const earlierMs of [1, 15, 30, 45, 60, 90, 120, 180, 240].map((minutes, n) =>
      n === 0 ? 1 : minutes * minuteMs,
    )) {
      if (nameAt(start - earlierMs) === name) expect.unreachable(`${timeZone} ${name} begins before ${start}`)
    }
  }

  it('is its first, in every zone, on every day of 2026 on which or before which a clock changes', () => {
    const [first, last] = [Date.UTC(2025, 11, 31), Date.UTC(2027, 0, 1)]
    let changes = 0
    for (const timeZone of Intl.supportedValuesOf('timeZone')) {
      let before = offsetMinutesOf(first, timeZone)
      for (let midnight = first + dayMs; midnight <= last; midnight += dayMs) {
        const offset = offsetMinutesOf(midnight, timeZone)
        if (offset === before) continue
        before = offset
        changes += 1
        for (const each of [midnight - dayMs, midnight, midnight + dayMs]) isFirst(each, timeZone)
      }
    }
    expect(changes).toBeGreaterThan(100)
  })

  it('is its first, in any zone on any day since 1990', () => {
    const zones = Intl.supportedValuesOf('timeZone')
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(1990, 0, 1) / dayMs, max: Date.UTC(2040, 0, 1) / dayMs }),
        (timeZone, days) => isFirst(days * dayMs, timeZone),
      ),
      { numRuns: 3000 },
    )
  })
})
