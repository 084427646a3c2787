import { ResultAsync } from 'neverthrow'
import { type Change, claim, release } from '../../shared/commit.js'
import type { CryptoUnavailable, KeyedDigest } from '../../shared/ports.js'
import type { IssuedSubject, VerifiedIdentity } from './identity-provider.js'

/** The claim space of identities; the owner of a claim is the account that an identity leads to. */
export const identitySpace = 'identity'

/** What an account is found by: the keyed digest of issuer and subject, of the narrowest pair first. */
export const identityKeys = (
  digests: KeyedDigest,
  { subjects: [first, ...others] }: VerifiedIdentity,
): ResultAsync<readonly [string, ...string[]], CryptoUnavailable> =>
  keyOf(digests, first).andThen((key) =>
    ResultAsync.combine(others.map((other) => keyOf(digests, other))).map((rest): readonly [string, ...string[]] => [
      key,
      ...rest,
    ]),
  )

// As JSON, so that no two pairs come to one text.
const keyOf = (digests: KeyedDigest, { issuer, subject }: IssuedSubject): ResultAsync<string, CryptoUnavailable> =>
  digests.digest('identity', JSON.stringify([issuer, subject]))

/** Takes identities for an account. */
export const claimIdentities = (keys: readonly string[], accountId: string): readonly Change[] =>
  keys.map((key) => claim({ space: identitySpace, key, owner: accountId }))

/** Gives identities of an account up, each once, however many links list it. */
export const releaseIdentities = (keys: readonly string[], accountId: string): readonly Change[] =>
  [...new Set(keys)].map((key) => release({ space: identitySpace, key, owner: accountId }))
