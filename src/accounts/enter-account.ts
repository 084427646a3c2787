import { okAsync, type ResultAsync } from 'neverthrow'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { counters, row, type Stored } from '../shared/read-plan.js'
import type { Account } from './account.js'
import { isOfPerson, maySignIn } from './account-machine.js'
import { accounts, challenges, credentials } from './accounts.schema.js'
import { beginSession, type SignedIn, type SignInRefused } from './begin-session.js'
import { challengeAttempts } from './budgets.js'
import { challengePrefix } from './challenge.js'
import type { Rest } from './credential.js'
import { type ContactKind, contactKinds } from './identifier.js'
import { digestCode } from './issue-code.js'
import { deviceGuardOf } from './known-device.js'
import type { Passkey, Passkeys } from './passkey/passkey.js'
import { passkeys } from './passkey/passkey.schema.js'
import { signedText } from './passkey/passkey-challenge.js'
import { type PasskeyRequestOptions, requestOptions } from './passkey/passkey-options.js'
import type { AccountsPorts } from './ports.js'
import type { SecondFactor } from './second-factor/second-factor.js'
import { secondFactors } from './second-factor/second-factor.schema.js'
import { type SecondProof, secondProofsOf } from './second-factor/second-proofs.js'
import { issueChallenge } from './write-account.js'

/** The first proof was right, and the account asks for a second one: `accounts.confirmSignIn`. */
export type SecondFactorRequired = {
  readonly type: 'SecondFactorRequired'
  /** To be given back with the second proof. */
  readonly challengeId: string
  /** The first proof counts no longer from then on. */
  readonly expiresAt: Instant
  /** By what the second proof can be given; codes to `email` and `phone` are sent by `requestFactorCode`. */
  readonly factors: readonly SecondProof[]
  /** What a browser is to have signed, where a passkey is one of them. */
  readonly passkey?: PasskeyRequestOptions
}

/** What a first proof leads to. */
export type Entry =
  | { readonly kind: 'signedIn'; readonly session: SignedIn }
  | { readonly kind: 'halfWay'; readonly required: SecondFactorRequired }

/** What signing in by a challenge of an account asks for. */
export const entryPlan = (challengeId: string, device: string | undefined) => ({
  challenge: row(challenges, challengeId),
  left: counters(challengeAttempts, [challengeId]),
  account: row(accounts, { from: 'challenge', path: 'accountId' }),
  credential: row(credentials, { from: 'challenge', path: 'accountId' }),
  factor: row(secondFactors, { from: 'challenge', path: 'accountId' }),
  kept: row(passkeys, { from: 'challenge', path: 'accountId' }),
  deviceGuard: deviceGuardOf({ from: 'challenge', path: 'accountId' }, device),
})

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
    kept,
    provenBy,
    byPassword = false,
    hasPassword = false,
    passwordSetAt,
    rest,
    identifierKey,
    device,
    at,
  }: {
    readonly account: Stored<Account>
    readonly factor: Stored<SecondFactor> | undefined
    readonly kept: Stored<Passkeys> | undefined
    /** The kind of contact that the first proof came by, if it came by one. */
    readonly provenBy?: ContactKind | undefined
    /** Whether the first proof was the password itself. */
    readonly byPassword?: boolean
    /** Whether the account has a password, where the first proof was a code to a contact. */
    readonly hasPassword?: boolean
    readonly passwordSetAt: Instant
    /** The contact that the account's password was reset by a while ago. */
    readonly rest?: Rest | undefined
    readonly identifierKey: string
    /** Keyed digest of the device that it is asked from. */
    readonly device?: string | undefined
    readonly at: Instant
  },
): ResultAsync<Decision<Entry>, SignInRefused | CryptoUnavailable> => {
  const keys = ports.passkeys === undefined ? [] : (kept?.state.keys ?? [])
  if (factor?.state.status !== 'enabled') {
    const begunBy = byPassword ? undefined : provenBy
    const resting = restBegun(rest, begunBy)
    // Whoever reads the messages of a contact signs in by it, and sets the password anew by it: neither proves more.
    const isAlone =
      begunBy !== undefined &&
      ports.accountsPolicy.stepUp.afterResetMs > 0 &&
      (hasPassword || keys.length > 0 || hasOtherContact(account.state, begunBy))
    return beginSession(ports, account, passwordSetAt, at, {
      device,
      begunBy,
      rest: resting,
      isProven: resting === undefined && !isAlone,
    }).map(({ changes, answer }): Decision<Entry> => ({ changes, answer: { kind: 'signedIn', session: answer } }))
  }
  const { digits, ttlMs } = ports.accountsPolicy.code
  const purpose = 'secondFactor'
  const challengeId = ports.ids.next(challengePrefix)
  const expiresAt = at + ttlMs
  const factors = secondProofsOf(factor.state, { provenBy, hasPasskeys: keys.length > 0 })
  // The challenge has a code as every other has, which nobody is sent: what opens it is the factor.
  const code = ports.ids.digits(digits)
  return digestCode(ports.digests, { challengeId, purpose, round: 1, code }).andThen((codeDigest) =>
    askForPasskey(ports, { challengeId, keys, timeoutMs: ttlMs }).map(
      (asked): Decision<Entry> => ({
        answer: {
          kind: 'halfWay',
          required: { type: 'SecondFactorRequired', challengeId, expiresAt, factors, ...asked },
        },
        changes: [
          issueChallenge({
            type: 'ChallengeIssued',
            challengeId,
            purpose,
            accountId: account.id,
            epoch: maySignIn(account.state, at) ? account.state.sessionEpoch : 0,
            identifierKey,
            ...(provenBy === undefined ? {} : { provenBy }),
            ...(byPassword ? { passwordSetAt } : {}),
            codeDigest,
            expiresAt,
            resendAt: at,
            at,
          }),
        ],
      }),
    ),
  )
}

const hasOtherContact = (account: Account, contact: ContactKind): boolean =>
  isOfPerson(account) && contactKinds.some((kind) => kind !== contact && account.identifiers[kind] !== undefined)

/** What a session rests on that the password begins, or a code to a contact: nothing where they are two ways. */
export const restBegun = (rest: Rest | undefined, begunBy: ContactKind | undefined): Rest | undefined =>
  begunBy === undefined || begunBy === rest?.contact ? rest : undefined

const askForPasskey = (
  { passkeys: verifier, digests }: AccountsPorts,
  {
    challengeId,
    keys,
    timeoutMs,
  }: { readonly challengeId: string; readonly keys: readonly Passkey[]; readonly timeoutMs: number },
): ResultAsync<Pick<SecondFactorRequired, 'passkey'>, CryptoUnavailable> =>
  verifier === undefined || keys.length === 0
    ? okAsync({})
    : signedText(digests, challengeId).map((challenge) => ({
        passkey: requestOptions(verifier, { challenge, known: keys, timeoutMs }),
      }))
