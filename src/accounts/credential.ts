import type { Instant } from '../shared/instant.js'
import type { ContactKind } from './identifier.js'

/** The password of an account; the id of the row is the account's. */
export type Credential = {
  readonly accountId: string
  /** Hash with its parameters, a PHC string. */
  readonly phc: string
  readonly setAt: Instant
  /** The hashes before it, the last first, as many as the shop's policy remembers. */
  readonly former?: readonly string[]
  /** When it was last held against the list of leaked ones. */
  readonly checkedAt?: Instant
  /** It signs nobody in any more, until it is reset. */
  readonly mustChange?: PasswordRisk
  /**
   * The kind of contact by which it was reset while a second factor stood. A code that goes there is no second proof beside
   * it, until one was given in another way beside this password.
   */
  readonly resetBy?: ContactKind
}

/** Why a password is known to others: it is in a list of leaked ones, or the shop has found it out. */
export type PasswordRisk = 'breached' | 'compromised'

/** What happened to a password. */
export type CredentialEvent =
  | { readonly type: 'PasswordReset'; readonly accountId: string }
  /** Hashed anew with the parameters of today; the password is the same. */
  | { readonly type: 'PasswordRehashed'; readonly accountId: string }
  /** It was found to be known to others. */
  | { readonly type: 'PasswordAtRisk'; readonly accountId: string; readonly risk: PasswordRisk }
