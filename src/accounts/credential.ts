import type { Instant } from '../shared/instant.js'

/** The password of an account; the id of the row is the account's. */
export type Credential = {
  readonly accountId: string
  /** Hash with its parameters, a PHC string. */
  readonly phc: string
  readonly setAt: Instant
}

/** What happened to a password. */
export type CredentialEvent =
  | { readonly type: 'PasswordReset'; readonly accountId: string }
  /** Hashed anew with the parameters of today; the password is the same. */
  | { readonly type: 'PasswordRehashed'; readonly accountId: string }
