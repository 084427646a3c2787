import { isDue } from '../shared/due.js'
import { hoursMs, type Instant, minutesMs, secondsMs } from '../shared/instant.js'
import type { Payment } from './payment.js'

const delaysMs = [5 * secondsMs, 15 * secondsMs, 60 * secondsMs, 5 * minutesMs, 30 * minutesMs, 2 * hoursMs]

/** The longest time between two questions of the sweep about something that is under way, milliseconds. */
export const longestPauseMs = 24 * hoursMs

/**
 * When a gateway is to be asked next about something that is under way: after 5 s, 15 s, 60 s, 5 min, 30 min and 2 h,
 * then once a day.
 *
 * @param askedAt - when it was asked last, or first sent the request
 * @param queries - how often it was asked, the questions of people left out
 * @param pollAfterMs - when it said that it wants to be asked first
 */
export const nextQueryAt = (askedAt: Instant, queries: number, pollAfterMs?: number): Instant =>
  queries === 0 && pollAfterMs !== undefined ? askedAt + pollAfterMs : askedAt + (delaysMs[queries] ?? longestPauseMs)

/**
 * How long one call to a gateway may be on its way: what is asked of it takes a few requests of 10 s each, with a
 * question before and after. Until then whoever has taken a request on may still be at work, and nobody sends it again: two
 * at once may be judged differently, and the no be heard last.
 */
export const longestCallMs = minutesMs

/** Whether a call that went out at a moment is on its way no more. */
export const isCallOver = (sentAt: Instant, now: Instant): boolean => isDue(sentAt + longestCallMs, now, longestCallMs)

const freshForMs = 3 * secondsMs

/**
 * Whether a gateway was asked about a payment so short a time ago that a person who asks is answered by what it said: a
 * page that asks again and again asks the gateway every 3 s.
 */
export const isJustAsked = ({ startedAt, askedAt }: Pick<Payment, 'startedAt' | 'askedAt'>, now: Instant): boolean =>
  askedAt > startedAt && now >= askedAt && now < askedAt + freshForMs
