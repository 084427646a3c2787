import type { Instant } from './instant.js'
import type { JsonObject } from './json.js'

/**
 * The record of a command key: one for each shop, actor, command and key. It stands in the command's first commit and
 * is completed in its last, so that a command sent again is answered and not done again, also after a crash.
 */
export type Operation =
  /** Some of the command is committed; `step` says what, so that it can go on from there. */
  | {
      readonly status: 'started'
      readonly command: string
      readonly actor: string
      readonly fingerprint: string
      readonly step: JsonObject
      readonly at: Instant
    }
  /** The command is done; `answer` holds ids, amounts and states, or null where the answer held a secret. */
  | {
      readonly status: 'answered'
      readonly command: string
      readonly actor: string
      readonly fingerprint: string
      readonly answer: JsonObject | null
      readonly at: Instant
    }
