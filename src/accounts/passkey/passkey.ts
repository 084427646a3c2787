import { err, ok, type Result } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import type { AuthenticatorFacts, PasskeyKey } from './passkey-verifier.js'

/** A key on a device of a person, which signs for who has unlocked it. */
export type Passkey = PasskeyKey &
  AuthenticatorFacts & {
    /** Names the passkey and opens nothing. */
    readonly passkeyId: string
    /** Keyed digest of its credential id: what the account is found by. */
    readonly key: string
    readonly transports: readonly string[]
    readonly addedAt: Instant
  }

/** The passkeys of an account; the id of the row is the account's. */
export type Passkeys = { readonly accountId: string; readonly keys: readonly Passkey[] }

/** What happened to the passkeys of an account. */
export type PasskeyEvent =
  | { readonly type: 'PasskeyAdded'; readonly accountId: string; readonly passkeyId: string }
  | { readonly type: 'PasskeyUsed'; readonly accountId: string; readonly passkeyId: string }
  | { readonly type: 'PasskeyRemoved'; readonly accountId: string; readonly passkeyId: string }

/** The most passkeys of one account. */
export const mostPasskeys = 20

/** Why a key that has signed is not believed: somebody has a copy of it, or it is not the one that was made. */
export type PasskeyDoubt = 'counterWentBack' | 'backupChanged'

/**
 * A passkey after it was used. Where it counts its uses, each use counts further: one that does not was made by a copy.
 */
export const usePasskey = (
  passkey: Passkey,
  { counter, ...facts }: AuthenticatorFacts,
): Result<Passkey, PasskeyDoubt> => {
  if ((counter > 0 || passkey.counter > 0) && counter <= passkey.counter) return err('counterWentBack')
  if (facts.backupEligible !== passkey.backupEligible || (facts.backedUp && !facts.backupEligible)) {
    return err('backupChanged')
  }
  return ok({ ...passkey, counter, backedUp: facts.backedUp })
}
