import type { Instant } from '../shared/instant.js'
import { addMonths, endOfLocalDay, localDayOf, startOfLocalDay } from '../shared/local-day.js'

/** Calendar months after which points end, unless the shop says otherwise. */
export const pointsMonths = 12

/** Days that points hold which come back after their own end, unless the shop says otherwise. */
export const restoreGraceDays = 30

/**
 * When points end that are given now: so many calendar months later, on the same day or the last of a shorter month, at
 * the end of that day.
 *
 * @param timeZone - IANA name; whose days
 * @returns the first moment at which they are no more
 */
export const pointsExpiry = (now: Instant, months: number, timeZone: string): Instant => {
  const { year, month, day } = addMonths(localDayOf(now, timeZone), months)
  return startOfLocalDay({ year, month, day: day + 1 }, timeZone)
}

/**
 * When points end that come back now after their own end: at the end of the day so many days later.
 *
 * @param timeZone - IANA name; whose days
 * @returns the first moment at which they are no more
 */
export const restoredExpiry = (now: Instant, graceDays: number, timeZone: string): Instant =>
  endOfLocalDay(now, graceDays, timeZone)
