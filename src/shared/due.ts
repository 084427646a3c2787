import { daysMs, type Instant } from './instant.js'

/**
 * Until when it is believed that something waits for its next try, where no pause is longer than `pauseMs`. What waits for
 * longer was put off by a clock that was wrong: those of two machines are less than a day apart.
 *
 * @param pauseMs - the longest pause between two tries, milliseconds
 */
export const believedUntil = (now: Instant, pauseMs: number): Instant => now + pauseMs + daysMs

/**
 * Whether the moment of a next try has come, or is further ahead than any pause could put it. It is for moments that are
 * reckoned from the present (`now + pause`), and not for ends that follow from terms, such as the time to pay.
 *
 * @param pauseMs - the longest pause between two tries, milliseconds
 * @source docs/running.md#clocks-that-are-wrong
 */
export const isDue = (moment: Instant, now: Instant, pauseMs: number): boolean =>
  moment <= now || moment > believedUntil(now, pauseMs)
