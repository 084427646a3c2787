import type { Pace } from './measure.js'

/** A contender with its connections open. */
export type OpenContender = {
  /** Places orders on every connection, one after another on each, for so long. */
  readonly measure: (seconds: number) => Promise<Pace>
  readonly close: () => Promise<void>
}

/** What a finished run must show. */
export type Check = { readonly what: string; readonly found: number; readonly wanted: number }

/** A way to place orders. */
export type Contender = {
  readonly name: string
  /** The least it should come to, as a share of the baseline's pace at 16 connections. */
  readonly leastRatio: number | null
  readonly open: (connections: number) => Promise<OpenContender>
  /** Round trips of one order; `wanted` is what it must be. Null where it cannot be counted. */
  readonly countRoundTrips: (() => Promise<{ readonly found: number; readonly wanted: number | null }>) | null
  /** Compares what the database holds with what was answered as done, over the whole run. */
  readonly check: () => Promise<readonly Check[]>
}
