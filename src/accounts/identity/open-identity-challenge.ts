import { errAsync, type ResultAsync } from 'neverthrow'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { CryptoUnavailable, KeyedDigest } from '../../shared/ports.js'
import { challengePrefix } from '../challenge.js'
import { digestCode } from '../issue-code.js'
import type { AccountsPorts } from '../ports.js'
import { issueChallenge } from '../write-account.js'
import type { IdentityProvider, IdentityRequest, IdentityUnavailable, ProviderUnknown } from './identity-provider.js'

/** The way to an identity provider. */
export type WayToProvider = {
  /** Where to send the browser. */
  readonly redirectUrl: string
  /**
   * To be kept by this browser alone, in a cookie that is HttpOnly, Secure and SameSite=Lax, and given back with what it
   * brings: an answer that another browser was sent for is none.
   */
  readonly browserToken: string
  /** The way is closed from then on. */
  readonly expiresAt: Instant
}

/** What an answer is held against, of which a challenge says what it is for. */
export type IdentityPurpose = 'identitySignIn' | 'identityLink'

/** What a challenge is opened by: what comes back with the address, and what the browser kept. Neither opens it alone. */
export const identityCode = (secret: string, browserToken: string): string => `${secret}.${browserToken}`

/**
 * The nonce and the verifier of a request: made again of its challenge and of what the browser keeps, so that neither
 * stands anywhere.
 *
 * @errors CryptoUnavailable
 */
export const requestOf = (
  digests: KeyedDigest,
  challengeId: string,
  secret: string,
  browserToken: string,
): ResultAsync<IdentityRequest, CryptoUnavailable> =>
  digests
    .digest('identity-nonce', `${challengeId}:${browserToken}`)
    .andThen((nonce) =>
      digests
        .digest('identity-verifier', `${challengeId}:${browserToken}`)
        .map((codeVerifier) => ({ state: `${challengeId}.${secret}`, nonce, codeVerifier })),
    )

/** The provider of a name. */
export const providerOf = ({ identityProviders }: AccountsPorts, providerId: string): IdentityProvider | undefined =>
  Object.hasOwn(identityProviders, providerId) ? identityProviders[providerId] : undefined

/**
 * Opens the way to a provider: a challenge that the browser has to come back with.
 *
 * @errors ProviderUnknown, IdentityUnavailable, CryptoUnavailable
 */
export const openIdentityChallenge = (
  ports: AccountsPorts,
  asked: {
    readonly purpose: IdentityPurpose
    readonly providerId: string
    /** Whose account the identity is to lead to, where that is decided already. */
    readonly account?: { readonly accountId: string; readonly epoch: number }
    readonly at: Instant
  },
): ResultAsync<Decision<WayToProvider>, ProviderUnknown | IdentityUnavailable | CryptoUnavailable> => {
  const { purpose, providerId, account, at } = asked
  const provider = providerOf(ports, providerId)
  if (provider === undefined) return errAsync({ type: 'ProviderUnknown', providerId })
  const challengeId = ports.ids.next(challengePrefix)
  const secret = ports.ids.secret()
  const browserToken = ports.ids.secret()
  const expiresAt = at + ports.accountsPolicy.code.ttlMs
  return requestOf(ports.digests, challengeId, secret, browserToken).andThen((request) =>
    provider.begin(request).andThen(({ redirectUrl }) =>
      digestCode(ports.digests, { challengeId, purpose, round: 1, code: identityCode(secret, browserToken) }).map(
        (codeDigest): Decision<WayToProvider> => ({
          answer: { redirectUrl, browserToken, expiresAt },
          changes: [
            issueChallenge({
              type: 'ChallengeIssued',
              challengeId,
              purpose,
              ...(account ?? {}),
              identifierKey: `provider:${providerId}`,
              providerId,
              codeDigest,
              expiresAt,
              resendAt: expiresAt,
              at,
            }),
          ],
        }),
      ),
    ),
  )
}
