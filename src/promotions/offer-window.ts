import type { Instant } from '../shared/instant.js'
import type { OfferWindow } from './offer.js'

/** Calendar fields of a moment in a time zone. */
export type LocalTime = {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly dayOfMonth: number
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number
  /** Minutes after midnight. */
  readonly minuteOfDay: number
}

/**
 * Whether a moment is on one of the days and within the hours of a window; its first and last moment are not looked at.
 */
export const isOnCalendar = (window: OfferWindow, now: Instant): boolean => {
  const { daysOfMonth, weekdays, minutesOfDay } = window
  if (daysOfMonth === undefined && weekdays === undefined && minutesOfDay === undefined) return true
  const local = localTimeAt(now, window.timeZone)
  if (daysOfMonth !== undefined && !daysOfMonth.includes(local.dayOfMonth)) return false
  if (weekdays !== undefined && !weekdays.includes(local.weekday)) return false
  return minutesOfDay === undefined || (local.minuteOfDay >= minutesOfDay.from && local.minuteOfDay < minutesOfDay.to)
}

/**
 * The calendar fields of a moment in a time zone.
 *
 * @param timeZone - an IANA name that `isTimeZone` accepts
 */
export const localTimeAt = (now: Instant, timeZone: string): LocalTime => {
  const fields: Record<string, number> = {}
  for (const part of formatOf(timeZone).formatToParts(now)) fields[part.type] = Number(part.value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = fields
  const sundayFirst = new Date(Date.UTC(year, month - 1, day)).getUTCDay()
  return {
    year,
    month,
    dayOfMonth: day,
    weekday: sundayFirst === 0 ? 7 : sundayFirst,
    minuteOfDay: (hour % 24) * 60 + minute,
  }
}

// Making a format costs a thousand times what using it does.
const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const made = formats.get(timeZone)
  if (made !== undefined) return made
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  formats.set(timeZone, format)
  return format
}
