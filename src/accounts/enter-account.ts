import type { ResultAsync } from 'neverthrow'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import type { Stored } from '../shared/read-plan.js'
import type { Account } from './account.js'
import { maySignIn } from './account-machine.js'
import { beginSession, type SignedIn, type SignInRefused } from './begin-session.js'
import { digestCode } from './issue-code.js'
import type { AccountsPorts } from './ports.js'
import type { FactorKind, SecondFactor } from './second-factor.js'
import { issueChallenge } from './write-account.js'

/** The first proof was right, and the account asks for a second one: `accounts.confirmSignIn`. */
export type SecondFactorRequired = {
  readonly type: 'SecondFactorRequired'
  /** To be given back with the second proof. */
  readonly challengeId: string
  /** The first proof counts no longer from then on. */
  readonly expiresAt: Instant
  readonly factors: readonly FactorKind[]
}

/** What a first proof leads to. */
export type Entry =
  | { readonly kind: 'signedIn'; readonly session: SignedIn }
  | { readonly kind: 'halfWay'; readonly required: SecondFactorRequired }

/**
 * Lets a person in whose first proof was right: a session begins, or where there is a second factor, a challenge that asks
 * for it.
 *
 * @errors SignInRefused, CryptoUnavailable
 */
export const enterAccount = (
  ports: AccountsPorts,
  {
    account,
    factor,
    passwordSetAt,
    identifierKey,
    device,
    at,
  }: {
    readonly account: Stored<Account>
    readonly factor: Stored<SecondFactor> | undefined
    readonly passwordSetAt: Instant
    readonly identifierKey: string
    /** Keyed digest of the device that it is asked from. */
    readonly device?: string | undefined
    readonly at: Instant
  },
): ResultAsync<Decision<Entry>, SignInRefused | CryptoUnavailable> => {
  if (factor?.state.status !== 'enabled') {
    return beginSession(ports, account, passwordSetAt, at, device).map(
      ({ changes, answer }): Decision<Entry> => ({ changes, answer: { kind: 'signedIn', session: answer } }),
    )
  }
  const { digits, ttlMs } = ports.accountsPolicy.code
  const purpose = 'secondFactor'
  const challengeId = ports.ids.next('challenge')
  const expiresAt = at + ttlMs
  const factors: readonly FactorKind[] = factor.state.recoveryDigests.length === 0 ? ['totp'] : ['totp', 'recoveryCode']
  // The challenge has a code as every other has, which nobody is sent: what opens it is the factor.
  const code = ports.ids.digits(digits)
  return digestCode(ports.digests, { challengeId, purpose, round: 1, code }).map((codeDigest) => ({
    answer: { kind: 'halfWay', required: { type: 'SecondFactorRequired', challengeId, expiresAt, factors } },
    changes: [
      issueChallenge({
        type: 'ChallengeIssued',
        challengeId,
        purpose,
        accountId: account.id,
        epoch: maySignIn(account.state, at) ? account.state.sessionEpoch : 0,
        identifierKey,
        codeDigest,
        expiresAt,
        resendAt: expiresAt,
        at,
      }),
    ],
  }))
}
