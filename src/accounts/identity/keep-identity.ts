import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { Change } from '../../shared/commit.js'
import { hoursMs, type Instant } from '../../shared/instant.js'
import { openValue, type Place, sealValue } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { challengePrefix } from '../challenge.js'
import { digestCode } from '../issue-code.js'
import type { AccountsPorts } from '../ports.js'
import { issueChallenge } from '../write-account.js'
import { type Proven, parseProven, readToken, writeToken } from './kept-identity.schema.js'

/** For how long a form may be filled in without another trip to the provider. */
const keptMs = hoursMs

/** An identity that was proved and is not registered yet. */
export type KeptIdentity = {
  /** Opens it, once. */
  readonly token: string
  readonly expiresAt: Instant
  readonly changes: readonly Change[]
}

const identityPlace = (challengeId: string): Place => ({
  collection: 'challenge',
  id: challengeId,
  field: 'identity',
})

/**
 * Keeps an identity that was proved for who has yet to say what the shop asks. It goes with the browser, sealed, and nothing
 * personal stands here: of whoever never comes back, there is nothing to erase. A challenge says that the token is ours,
 * for how long, and that it is good once.
 *
 * @errors CryptoUnavailable
 */
export const keepIdentity = (
  ports: AccountsPorts,
  { identity, providerId }: Proven,
  at: Instant,
): ResultAsync<KeptIdentity, CryptoUnavailable> => {
  const challengeId = ports.ids.next(challengePrefix)
  const expiresAt = at + keptMs
  const purpose = 'identityRegister'
  return ports.sealer.createKey(challengeId).andThen((key) =>
    sealValue(ports.sealer, key, identityPlace(challengeId), { providerId, identity }).andThen((sealed) => {
      const token = writeToken({ challengeId, wrapped: key.wrapped, ...sealed.sealed })
      return digestCode(ports.digests, { challengeId, purpose, round: 1, code: token }).map((codeDigest) => ({
        token,
        expiresAt,
        changes: [
          issueChallenge({
            type: 'ChallengeIssued',
            challengeId,
            purpose,
            identifierKey: `provider:${providerId}`,
            providerId,
            codeDigest,
            expiresAt,
            resendAt: expiresAt,
            at,
          }),
        ],
      }))
    }),
  )
}

/**
 * Opens an identity that was kept; whether the token is still good, its challenge says.
 *
 * @returns undefined where the token holds none
 * @errors CryptoUnavailable
 */
export const openKeptIdentity = (
  ports: AccountsPorts,
  token: string,
): ResultAsync<(Proven & { readonly challengeId: string }) | undefined, CryptoUnavailable> => {
  const read = readToken(token)
  if (read === undefined) return okAsync(undefined)
  const { challengeId, wrapped, ...sealed } = read
  return openValue(
    ports.sealer,
    { subjectId: challengeId, wrapped },
    identityPlace(challengeId),
    { sealed },
    parseProven,
  )
    .map((proven) => ({ ...proven, challengeId }))
    .orElse((error) => (error.type === 'Unreadable' ? okAsync(undefined) : errAsync(error)))
}
