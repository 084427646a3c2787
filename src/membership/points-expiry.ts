import { daysMs, type Instant } from '../shared/instant.js'

/**
 * When points end that are given now: so many calendar months later, on the same day or the last of a shorter month, at
 * the end of that day in the shop's time zone.
 *
 * @param offsetMinutes - of the shop's local time ahead of UTC: 480 in China
 */
export const pointsExpiry = (now: Instant, months: number, offsetMinutes: number): Instant => {
  const offsetMs = offsetMinutes * 60_000
  const local = new Date(now + offsetMs)
  const month = local.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(local.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const day = Math.min(local.getUTCDate(), lastDay)
  return Date.UTC(local.getUTCFullYear(), month, day) + daysMs - offsetMs
}
