import type { Instant } from '../shared/instant.js'

/** The password of an account; the id of the row is the account's. */
export type Credential = {
  readonly accountId: string
  /** Hash with its parameters, a PHC string. */
  readonly phc: string
  readonly setAt: Instant
}
