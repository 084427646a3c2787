import type { ResultAsync } from 'neverthrow'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { CryptoUnavailable, KeyedDigest } from '../../shared/ports.js'
import { type ChallengePurpose, challengePrefix } from '../challenge.js'
import { digestCode } from '../issue-code.js'
import type { AccountsPorts } from '../ports.js'
import { issueChallenge } from '../write-account.js'

/** What a passkey is asked to sign for. */
export type PasskeyPurpose = Extract<ChallengePurpose, `passkey${string}`>

/** The claim space of passkeys; the owner of a claim is the account that a key leads to. */
export const passkeySpace = 'passkey'

/** What a key is found by. */
export const passkeyKey = (digests: KeyedDigest, credentialId: string): ResultAsync<string, CryptoUnavailable> =>
  digests.digest('passkey', credentialId)

/** Whom authenticators keep keys of an account for; says nothing of the account. 64 digits, which are base64url too. */
export const userHandleOf = (digests: KeyedDigest, accountId: string): ResultAsync<string, CryptoUnavailable> =>
  digests.digest('passkey-user', accountId)

/** What an authenticator signs for a challenge: made again of its id, which is used once. 64 digits, which are base64url too. */
export const signedText = (digests: KeyedDigest, challengeId: string): ResultAsync<string, CryptoUnavailable> =>
  digests.digest('passkey-challenge', challengeId)

/**
 * Opens a challenge that a passkey signs. It has a code as every other has, which nobody is sent: what opens it is the key.
 *
 * @errors CryptoUnavailable
 */
export const openPasskeyChallenge = (
  ports: AccountsPorts,
  asked: {
    readonly purpose: PasskeyPurpose
    readonly account?: { readonly accountId: string; readonly epoch: number }
    readonly at: Instant
  },
): ResultAsync<
  Decision<{ readonly challengeId: string; readonly challenge: string; readonly expiresAt: Instant }>,
  CryptoUnavailable
> => {
  const { purpose, account, at } = asked
  const { digits, ttlMs } = ports.accountsPolicy.code
  const challengeId = ports.ids.next(challengePrefix)
  const expiresAt = at + ttlMs
  return digestCode(ports.digests, { challengeId, purpose, round: 1, code: ports.ids.digits(digits) }).andThen(
    (codeDigest) =>
      signedText(ports.digests, challengeId).map((challenge) => ({
        answer: { challengeId, challenge, expiresAt },
        changes: [
          issueChallenge({
            type: 'ChallengeIssued',
            challengeId,
            purpose,
            ...(account ?? {}),
            identifierKey: 'passkey',
            codeDigest,
            expiresAt,
            resendAt: expiresAt,
            at,
          }),
        ],
      })),
  )
}
