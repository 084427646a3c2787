import { hoursMs, type Instant, minutesMs, secondsMs } from '../shared/instant.js'

const delaysMs = [5 * secondsMs, 15 * secondsMs, 60 * secondsMs, 5 * minutesMs, 30 * minutesMs, 2 * hoursMs]

/**
 * When a gateway is to be asked next about something that is under way: after 5 s, 15 s, 60 s, 5 min, 30 min and 2 h,
 * then once a day.
 *
 * @param askedAt - when it was asked last, or first sent the request
 * @param queries - how often it was asked
 */
export const nextQueryAt = (askedAt: Instant, queries: number): Instant => askedAt + (delaysMs[queries] ?? 24 * hoursMs)
