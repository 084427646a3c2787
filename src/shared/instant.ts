/** A moment: whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

/** Tells the time; the only source of it in the whole core. */
export type Clock = {
  /** The present moment. */
  readonly now: () => Instant
}

export const secondsMs = 1_000
export const minutesMs = 60 * secondsMs
export const hoursMs = 60 * minutesMs
export const daysMs = 24 * hoursMs
