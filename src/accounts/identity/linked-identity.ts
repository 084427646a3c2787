import type { Instant } from '../../shared/instant.js'
import type { Sealed } from '../../shared/personal-data.js'
import type { StandingAccount } from '../account-machine.js'
import type { Installations } from '../installation.js'
import type { PasskeyVerifier } from '../passkey/passkey-verifier.js'
import { contactOf } from '../profile.js'
import type { IdentityProviders } from './identity-provider.js'

/** A way into an account by somebody else who vouches for its person. */
export type LinkedIdentity = {
  /** Names the link and opens nothing. */
  readonly linkId: string
  readonly providerId: string
  /** Keyed digests of every pair of issuer and subject that leads here; more may come later, as the unionid of WeChat. */
  readonly keys: readonly string[]
  /** The narrowest pair: what the provider calls the person, which some ask for again when they are paid through. */
  readonly subject: Sealed
  readonly linkedAt: Instant
}

/** The identities of an account; the id of the row is the account's. */
export type LinkedIdentities = { readonly accountId: string; readonly links: readonly LinkedIdentity[] }

/** What happened to the identities of an account. */
export type LinkedIdentityEvent =
  | { readonly type: 'IdentityLinked'; readonly accountId: string; readonly providerId: string }
  | { readonly type: 'IdentityUnlinked'; readonly accountId: string; readonly providerId: string }

/**
 * Nothing else leads into the account for good: add an address, a number or another way first. A user name with a password
 * that nothing could reset is none (`waysInto`).
 */
export type LastWayIn = { readonly type: 'LastWayIn' }

/** The most identities of one account. */
export const mostLinks = 20

/** An account's identities with one more. */
export const withLink = (
  accountId: string,
  before: LinkedIdentities | undefined,
  link: LinkedIdentity,
): LinkedIdentities => ({ accountId, links: [...(before?.links ?? []), link] })

/** An account's identities where one of them is known by more names than before; a name that one has stays with it. */
export const withKeys = (before: LinkedIdentities, linkId: string, keys: readonly string[]): LinkedIdentities => {
  const fresh = keys.filter((key) => !before.links.some((link) => link.keys.includes(key)))
  return {
    ...before,
    links: before.links.map((link) => (link.linkId === linkId ? { ...link, keys: [...link.keys, ...fresh] } : link)),
  }
}

/**
 * How many ways lead into an account: a code to a contact, each identity of a provider that the shop still offers, and
 * each passkey where it takes them. A user name with a password counts where the account has no contact and was
 * registered from a device that the shop still asks about: a forgotten password is set anew there. Elsewhere nothing would
 * reach whoever forgets it, and it is no way that an account may be left with.
 */
export const waysInto = (
  offered: {
    readonly identityProviders: IdentityProviders
    readonly passkeys?: PasskeyVerifier
    readonly installations?: Installations
  },
  { identifiers, installationKey }: Pick<StandingAccount, 'identifiers' | 'installationKey'>,
  others: { readonly links: readonly LinkedIdentity[]; readonly passkeys: readonly unknown[] },
): number => {
  const isReached = contactOf(identifiers) !== undefined
  const isReset =
    identifiers.userName !== undefined && installationKey !== undefined && offered.installations !== undefined
  return (
    (isReached || isReset ? 1 : 0) +
    others.links.filter(({ providerId }) => Object.hasOwn(offered.identityProviders, providerId)).length +
    (offered.passkeys === undefined ? 0 : others.passkeys.length)
  )
}
