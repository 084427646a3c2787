import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localDayName } from '../../src/shared/local-day.js'
import { addWorkingDays, isWorkingDay, type WorkCalendar } from '../../src/shared/work-calendar.js'

/** Mainland China, part of 2026: the spring festival and the national day, with the weekends that are worked for them. */
const calendar: WorkCalendar = {
  coveredFrom: '2026-02-01',
  coveredTo: '2026-12-31',
  holidays: [
    ...['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20', '2026-02-23'],
    ...['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
  ],
  makeUpDays: ['2026-02-14', '2026-02-28', '2026-09-20', '2026-10-10'],
}

const dayOf = (name: string) => {
  const [year = 0, month = 0, day = 0] = name.split('-').map(Number)
  return { year, month, day }
}
const daysAfter = (name: string, days: number) => addWorkingDays(dayOf(name), days, calendar).map(localDayName)

describe('working days', () => {
  it('leave out weekends and holidays, and count the weekends that are worked', () => {
    expect(daysAfter('2026-02-14', 3)._unsafeUnwrap()).toBe('2026-02-26')
    expect(daysAfter('2026-03-02', 3)._unsafeUnwrap()).toBe('2026-03-05')
    // Thursday and Friday, and a Saturday that is worked.
    expect(daysAfter('2026-09-30', 3)._unsafeUnwrap()).toBe('2026-10-10')
    expect(daysAfter('2026-03-06', 1)._unsafeUnwrap()).toBe('2026-03-09')
    expect(daysAfter('2026-03-07', 0)._unsafeUnwrap()).toBe('2026-03-07')
  })

  it('are not guessed where the calendar says nothing', () => {
    const beyond = { type: 'CalendarNotCovered', day: '2027-01-01', coveredFrom: '2026-02-01', coveredTo: '2026-12-31' }
    expect(daysAfter('2026-12-31', 1)._unsafeUnwrapErr()).toEqual(beyond)
    expect(isWorkingDay(dayOf('2026-01-31'), calendar).isErr()).toBe(true)
    expect(isWorkingDay(dayOf('2026-03-02'), null)._unsafeUnwrapErr()).toEqual({
      type: 'CalendarNotCovered',
      day: '2026-03-02',
      coveredFrom: null,
      coveredTo: null,
    })
  })

  it('end on a day that is worked, with as many worked days on the way as asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 250 }), fc.integer({ min: 1, max: 20 }), (start, days) => {
        const from = new Date(Date.UTC(2026, 1, 1 + start))
        const day = { year: from.getUTCFullYear(), month: from.getUTCMonth() + 1, day: from.getUTCDate() }
        const end = addWorkingDays(day, days, calendar)._unsafeUnwrap()
        let worked = 0
        for (let at = from.getTime() + 86_400_000; at <= Date.UTC(end.year, end.month - 1, end.day); at += 86_400_000) {
          const each = new Date(at)
          const local = { year: each.getUTCFullYear(), month: each.getUTCMonth() + 1, day: each.getUTCDate() }
          if (isWorkingDay(local, calendar)._unsafeUnwrap()) worked += 1
        }
        expect(worked).toBe(days)
        expect(isWorkingDay(end, calendar)._unsafeUnwrap()).toBe(true)
      }),
    )
  })
})
