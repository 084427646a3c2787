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
  /** The kind of contact by whose code it was set; absent where its owner chose it in another way. */
  readonly setThrough?: ContactKind
}

/** What a session is said to rest on: a contact, and until when. */
export type Rest = { readonly contact: ContactKind; readonly until: Instant }

/**
 * The contact that a password stands for at a moment: the one that it was reset by, until the owner has had the time to
 * notice. Until then whoever reads the messages there knows the password too.
 */
export const restOf = (credential: Credential | undefined, at: Instant, afterResetMs: number): Rest | undefined => {
  if (credential?.setThrough === undefined) return undefined
  const until = credential.setAt + afterResetMs
  return at < until ? { contact: credential.setThrough, until } : undefined
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
