import type { Instant } from '../shared/instant.js'

/** That a person has looked at something, and what they say of it. */
export type Resolution = {
  readonly note: string
  /** Who it was, as the audit log names them. */
  readonly by: string
  readonly at: Instant
}
