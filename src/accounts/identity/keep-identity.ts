import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { Change } from '../../shared/commit.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import { hoursMs, type Instant } from '../../shared/instant.js'
import { openValue, type Place, sealValue } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import { challenges } from '../accounts.schema.js'
import { challengePrefix } from '../challenge.js'
import { digestCode } from '../issue-code.js'
import type { AccountsPorts } from '../ports.js'
import { issueChallenge } from '../write-account.js'
import { type IdentityToken, type Proven, parseProven, readToken, writeToken } from './kept-identity.schema.js'

/** For how long a form may be filled in without another trip to the provider. */
const keptMs = hoursMs

/** An identity that was proved and is not registered yet. */
export type KeptIdentity = {
  /** Opens it, once. */
  readonly token: string
  readonly expiresAt: Instant
  readonly changes: readonly Change[]
}

const purpose = 'identityRegister'

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
  return ports.sealer.createKey(challengeId, 'passing').andThen((key) =>
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

/** A token that is ours, and the identity that it holds; none where the token was used. */
type OpenedIdentity = { readonly challengeId: string; readonly proven: Proven | undefined }

/**
 * Opens an identity that was kept. What a stranger makes up is found out by its challenge: no key is unwrapped for it. Whether
 * the token is still good, the challenge says once more where it is redeemed.
 *
 * @returns undefined where the token is none of ours
 * @errors CryptoUnavailable, StorageUnavailable, StoredDataInvalid
 */
export const openKeptIdentity = (
  ports: AccountsPorts,
  token: string,
): ResultAsync<OpenedIdentity | undefined, CryptoUnavailable | StorageUnavailable | StoredDataInvalid> => {
  const read = readToken(token)
  if (read === undefined) return okAsync(undefined)
  const { challengeId } = read
  const plan = { challenge: row(challenges, challengeId) }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan }).andThen(
    ({ challenge }) => {
      if (challenge?.state.purpose !== purpose) return okAsync(undefined)
      const { state } = challenge
      if (state.status !== 'open') return okAsync({ challengeId, proven: undefined })
      return digestCode(ports.digests, { challengeId, purpose, round: state.round, code: token }).andThen(
        (codeDigest) =>
          codeDigest === state.codeDigest
            ? unseal(ports, read).map((proven) => (proven === undefined ? undefined : { challengeId, proven }))
            : okAsync(undefined),
      )
    },
  )
}

const unseal = (
  { sealer }: AccountsPorts,
  { challengeId, wrapped, ...sealed }: IdentityToken,
): ResultAsync<Proven | undefined, CryptoUnavailable> =>
  openValue(sealer, { subjectId: challengeId, wrapped }, identityPlace(challengeId), { sealed }, parseProven).orElse(
    (error) => (error.type === 'Unreadable' ? okAsync(undefined) : errAsync(error)),
  )
