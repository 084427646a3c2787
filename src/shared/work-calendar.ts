import { err, ok, type Result } from 'neverthrow'
import { type LocalDay, localDayName } from './local-day.js'

/** Which days are worked, as a government announces them; days by their ISO 8601 names (`2026-10-01`). */
export type WorkCalendar = {
  /** The first and the last day that it speaks of; of every other day it says nothing. */
  readonly coveredFrom: string
  readonly coveredTo: string
  /** Days from Monday to Friday on which nobody works. */
  readonly holidays: readonly string[]
  /** Saturdays and Sundays that are worked in their place. */
  readonly makeUpDays: readonly string[]
}

/** The calendar does not speak of a day that is needed; whether it is worked is not guessed. */
export type CalendarNotCovered = {
  readonly type: 'CalendarNotCovered'
  readonly day: string
  /** What it speaks of; null where there is no calendar. */
  readonly coveredFrom: string | null
  readonly coveredTo: string | null
}

/**
 * Whether a day is worked.
 *
 * @param calendar - null where there is none: nothing is covered then
 * @errors CalendarNotCovered
 */
export const isWorkingDay = (day: LocalDay, calendar: WorkCalendar | null): Result<boolean, CalendarNotCovered> => {
  const name = localDayName(day)
  if (calendar === null || name < calendar.coveredFrom || name > calendar.coveredTo) {
    const { coveredFrom = null, coveredTo = null } = calendar ?? {}
    return err({ type: 'CalendarNotCovered', day: name, coveredFrom, coveredTo })
  }
  if (calendar.makeUpDays.includes(name)) return ok(true)
  const weekday = new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay()
  return ok(weekday !== 0 && weekday !== 6 && !calendar.holidays.includes(name))
}

/**
 * The working day so many working days after a day; 0 is the day itself.
 *
 * @param days - whole, not below 0
 * @errors CalendarNotCovered when any day on the way is not covered
 */
export const addWorkingDays = (
  day: LocalDay,
  days: number,
  calendar: WorkCalendar | null,
): Result<LocalDay, CalendarNotCovered> => {
  let current = day
  for (let left = days; left > 0; ) {
    current = dayAfter(current)
    const worked = isWorkingDay(current, calendar)
    if (worked.isErr()) return err(worked.error)
    if (worked.value) left -= 1
  }
  return ok(current)
}

const dayAfter = ({ year, month, day }: LocalDay): LocalDay => {
  const next = new Date(Date.UTC(year, month - 1, day + 1))
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() }
}
