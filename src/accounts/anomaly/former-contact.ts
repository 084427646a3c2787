import type { Instant } from '../../shared/instant.js'
import type { Sealed } from '../../shared/personal-data.js'
import type { IdentifierKind } from '../identifier.js'

/** An address, a number or a user name that was an account's, until another took its place or it was taken off. */
export type FormerContact = {
  readonly formerId: string
  readonly kind: IdentifierKind
  /** Keyed digest of its canonical form; whoever proves it meanwhile has it. */
  readonly key: string
  /** The canonical form. */
  readonly value: Sealed
  /** When it was added to the account; absent for one it was registered with. */
  readonly boundAt?: Instant
  readonly replacedAt: Instant
  /** Kept until then, so that who disowns a sign-in has it back. */
  readonly until: Instant
}

/** What an account was reached or found by before, as long as somebody may say that it was not they who changed it. */
export type FormerContacts = {
  readonly accountId: string
  readonly contacts: readonly FormerContact[]
  /** When the first of them is to go. */
  readonly until: Instant
}
