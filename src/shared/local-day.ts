import { daysMs, hoursMs, type Instant, minutesMs } from './instant.js'

/** A day of the calendar. */
export type LocalDay = { readonly year: number; readonly month: number; readonly day: number }

/**
 * The day that a moment belongs to.
 *
 * @param timeZone - IANA name
 */
export const localDayOf = (at: Instant, timeZone: string): LocalDay => {
  const { year, month, day } = wallClock(at, timeZone)
  return { year, month, day }
}

/** The name of a day as ISO 8601 writes it (`2026-11-11`). */
export const localDayName = ({ year, month, day }: LocalDay): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`

/**
 * The first moment after the day so many days after the day of a moment.
 *
 * @param days - 0 is the end of the same day
 * @param timeZone - IANA name
 */
export const endOfLocalDay = (at: Instant, days: number, timeZone: string): Instant => {
  const { year, month, day } = localDayOf(at, timeZone)
  return startOfLocalDay({ year, month, day: day + days + 1 }, timeZone)
}

/**
 * The same day so many calendar months later, or the last day of a shorter month.
 *
 * @param months - whole, any sign
 */
export const addMonths = ({ year, month, day }: LocalDay, months: number): LocalDay => {
  const place = year * 12 + (month - 1) + months
  const later = { year: Math.floor(place / 12), month: (((place % 12) + 12) % 12) + 1 }
  const lastDay = new Date(Date.UTC(later.year, later.month, 0)).getUTCDate()
  return { ...later, day: Math.min(day, lastDay) }
}

/**
 * The first moment of a day: midnight, or the moment after it where the clock goes forward over it. Of a day that a place
 * left out it is the first moment of the next.
 *
 * @param localDay - a `day` beyond the month counts on into the next
 * @param timeZone - IANA name
 */
export const startOfLocalDay = ({ year, month, day }: LocalDay, timeZone: string): Instant => {
  const midnight = Date.UTC(year, month - 1, day)
  const guess = midnight - offsetMs(midnight, timeZone)
  const [before, after] = [offsetMs(guess - aroundMs, timeZone), offsetMs(guess + aroundMs, timeZone)]
  if (before === after) return midnight - before
  // The clock changes about midnight: the day begins by the old time or by the new one, or where the clock changes.
  const dayAt = (at: Instant): number => dayNumber(localDayOf(at, timeZone))
  const wanted = dayNumber({ year, month, day })
  const starts = [midnight - Math.max(before, after), midnight - Math.min(before, after)]
  return (
    starts.find((at) => dayAt(at) === wanted && dayAt(at - 1) < wanted) ??
    firstInstant(guess - 2 * daysMs, guess + 2 * daysMs, (at) => dayAt(at) >= wanted)
  )
}

const aroundMs = 4 * hoursMs

const dayNumber = ({ year, month, day }: LocalDay): number => Date.UTC(year, month - 1, day) / daysMs

// The clock went over midnight, or over the day, in a leap.
const firstInstant = (from: Instant, until: Instant, holds: (at: Instant) => boolean): Instant => {
  if (until - from <= 1) return until
  const middle = Math.floor((from + until) / 2)
  return holds(middle) ? firstInstant(from, middle, holds) : firstInstant(middle, until, holds)
}

/** Whether the runtime knows a time zone by this name. */
export const isTimeZone = (name: string): boolean => {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

/** How far local time is ahead of UTC at a moment, whole minutes. */
export const offsetMinutesOf = (at: Instant, timeZone: string): number => Math.round(offsetMs(at, timeZone) / minutesMs)

const offsetMs = (at: Instant, timeZone: string): number => {
  const { year, month, day, hour, minute, second } = wallClock(at, timeZone)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}

type WallClock = LocalDay & { readonly hour: number; readonly minute: number; readonly second: number }

// What is asked of one moment is asked several times, and of the next moment soon after. Clocks change on a whole
// minute, so the rest of a minute follows from its start wherever local time is whole minutes from UTC.
const wallClock = (at: Instant, timeZone: string): WallClock => {
  const start = Math.floor(at / minutesMs) * minutesMs
  const kept = lastMinutes.get(timeZone)
  const clock = kept?.start === start ? kept.clock : readClock(start, timeZone)
  if (clock.second !== 0) return readClock(at, timeZone)
  if (kept?.start !== start) lastMinutes.set(timeZone, { start, clock })
  return { ...clock, second: Math.floor((at - start) / 1000) }
}

const lastMinutes = /* @__PURE__ */ new Map<string, { readonly start: Instant; readonly clock: WallClock }>()

const readClock = (at: Instant, timeZone: string): WallClock => {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  }
}

const formats = /* @__PURE__ */ new Map<string, Intl.DateTimeFormat>()

// Making a format costs a hundred times what using it does.
const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const kept = formats.get(timeZone)
  if (kept !== undefined) return kept
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(timeZone, format)
  return format
}
