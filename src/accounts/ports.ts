import type { ResultAsync } from 'neverthrow'
import type { Busy } from '../shared/errors.js'
import type { Sealer } from '../shared/personal-data.js'
import type { PersonalRecord } from '../shared/personal-record.js'
import type { CorePorts } from '../shared/ports.js'
import type { AccountsPolicy } from './accounts-policy.js'
import type { IdentityProviders } from './identity/identity-provider.js'
import type { Installations } from './installation.js'
import type { PasskeyVerifier } from './passkey/passkey-verifier.js'
import type { PhoneNumbers } from './phone-number.js'
import type { RealNameVerifier } from './real-name/real-name.js'

/** Passwords cannot be hashed here; the text is for the log. */
export type HasherUnavailable = { readonly type: 'HasherUnavailable'; readonly detail: string }

/** Why hashing did not happen; `Busy` says that too much of it waits already. */
export type HasherError = Busy | HasherUnavailable

/** From where work is asked of a hasher; a queue before it shares itself out by that. */
export type HashingPlace = {
  /** The network that it comes from; absent where the host names none. */
  readonly network?: string
  /** It is asked for at a device that its account knows. */
  readonly isKnownDevice?: boolean
}

/** Hashes passwords with a slow, salted function; `place` is for the queue before it. */
export type PasswordHasher = {
  /** Hashes into a PHC string, a new salt each time. */
  readonly hash: (password: string, place?: HashingPlace) => ResultAsync<string, HasherError>
  /** Whether a password is the one that was hashed; false for a PHC string of another function. */
  readonly verify: (phc: string, password: string, place?: HashingPlace) => ResultAsync<boolean, HasherError>
  /** Does the work of one verification and answers false: for accounts that do not exist. */
  readonly verifyNothing: (password: string, place?: HashingPlace) => ResultAsync<false, HasherError>
  /** Whether a hash has cost less than those of today, or is none of this function; a dearer one stays. */
  readonly needsRehash: (phc: string) => boolean
}

/** Nobody can say now whether a password has leaked; the text is for the log. */
export type BreachListUnavailable = { readonly type: 'BreachListUnavailable'; readonly detail: string }

/** Knows passwords that have leaked somewhere. */
export type BreachedPasswords = {
  /** @param password - in its canonical form; an adapter hands it to nobody, but at most a part of a digest */
  readonly isBreached: (password: string) => ResultAsync<boolean, BreachListUnavailable>
}

/** What accounts need of the world. */
export type AccountsPorts = CorePorts & {
  readonly hasher: PasswordHasher
  readonly breachedPasswords: BreachedPasswords
  readonly sealer: Sealer
  readonly phones: PhoneNumbers
  /** What the whole shop keeps of people. */
  readonly personalRecords: readonly PersonalRecord[]
  /** Who else may vouch for people. */
  readonly identityProviders: IdentityProviders
  /** Vouches for the devices that register; a shop without it takes none. */
  readonly installations?: Installations
  /** Knows real names; a shop without one asks nobody for theirs. */
  readonly realNames?: RealNameVerifier
  /** Judges passkeys; a shop without one takes none. */
  readonly passkeys?: PasskeyVerifier
  readonly accountsPolicy: AccountsPolicy
}
