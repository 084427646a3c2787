import type { Instant } from '../../shared/instant.js'
import type { RetentionLaw } from '../../shared/personal-record.js'

/**
 * The key of a person who has erased their account, set aside for what a law makes the shop keep. Nothing but a legal
 * claim opens anything with it, and it is destroyed when the time is over.
 */
export type HeldKey = {
  readonly subjectId: string
  /** The wrapped key, base64url. */
  readonly wrapped: string
  readonly law: RetentionLaw
  readonly heldFrom: Instant
  readonly until: Instant
}
