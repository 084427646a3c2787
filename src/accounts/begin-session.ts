import { errAsync, ok, type ResultAsync } from 'neverthrow'
import { expectRow, put } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import type { Stored } from '../shared/read-plan.js'
import type { Account } from './account.js'
import { accounts, sessions } from './accounts.schema.js'
import type { Rest } from './credential.js'
import type { ContactKind } from './identifier.js'
import type { AccountsPorts } from './ports.js'
import { isReminded } from './refresh-credential.js'
import type { SessionEvent } from './session.js'
import { digestToken } from './session-token.js'
import { changeAccount } from './write-account.js'

/** A new session. */
export type SignedIn = {
  /** Shows who one is from now on; kept by nobody but the person's device. */
  readonly token: string
  readonly sessionId: string
  readonly accountId: string
  /** The session is over then, used or not. */
  readonly endsAt: Instant
  /** It is over this long after it was last used, milliseconds. */
  readonly idleMs: number
  /** The shop's policy advises to change the password; nothing depends on it. */
  readonly passwordReminder: boolean
}

/**
 * No session: there is no such account, or the proof is wrong, or the account is locked, banned or not active; which of
 * them, nobody is told.
 */
export type SignInRefused = { readonly type: 'SignInRefused' }

/** By what a session begins. */
type Come = {
  /** Keyed digest of the device that it begins on. */
  readonly device?: string | undefined
  /** The kind of contact whose code begins it. */
  readonly begunBy?: ContactKind | undefined
  /** The contact that it rests on, where that lets in whoever reads its messages. */
  readonly rest?: Rest | undefined
  /**
   * Whether its beginning counts as a fresh proof; not where it rests on a contact, or a code to one began it and the account
   * has another way to prove it, unless another proof was given too.
   */
  readonly isProven?: boolean
}

/**
 * Begins a session of an account; a ban that is over is lifted by it.
 *
 * @errors SignInRefused, CryptoUnavailable
 */
export const beginSession = (
  ports: AccountsPorts,
  account: Stored<Account>,
  passwordSetAt: Instant,
  now: Instant,
  come: Come = {},
): ResultAsync<Decision<SignedIn>, SignInRefused | CryptoUnavailable> => {
  // A ban that is over is lifted by the first sign-in after it.
  const standing =
    account.state.status === 'banned'
      ? changeAccount(account, { type: 'LiftBan', reason: 'expired' })
      : ok(expectRow(accounts, account))
  if (standing.isErr()) return errAsync({ type: 'SignInRefused' })
  const epoch = 'sessionEpoch' in account.state ? account.state.sessionEpoch : 0
  return newSession(ports, { accountId: account.id, epoch, passwordSetAt, ...come, now }).map(
    ({ changes, answer }) => ({
      answer,
      changes: [standing.value, ...changes],
    }),
  )
}

/**
 * A session of an account that the same commit makes, or looks after.
 *
 * @errors CryptoUnavailable
 */
export const newSession = (
  ports: AccountsPorts,
  {
    accountId,
    epoch,
    passwordSetAt,
    device,
    begunBy,
    rest,
    isProven = rest === undefined,
    now,
  }: Come & {
    readonly accountId: string
    readonly epoch: number
    readonly passwordSetAt: Instant
    readonly now: Instant
  },
): ResultAsync<Decision<SignedIn>, CryptoUnavailable> => {
  const { session: policy, password } = ports.accountsPolicy
  const sessionId = ports.ids.next('session')
  const token = `${sessionId}.${ports.ids.secret()}`
  const endsAt = now + policy.longestMs
  const on = device === undefined ? {} : { device }
  const begun: SessionEvent = { type: 'SessionBegun', accountId, sessionId, ...on }
  return digestToken(ports.digests, token).map((tokenDigest) => ({
    answer: {
      token,
      sessionId,
      accountId,
      endsAt,
      idleMs: policy.idleMs,
      passwordReminder: isReminded(password, passwordSetAt, now),
    },
    changes: [
      put(sessions, {
        id: sessionId,
        version: 0,
        state: {
          sessionId,
          accountId,
          tokenDigest,
          epoch,
          startedAt: now,
          ...on,
          ...(begunBy === undefined ? {} : { begunBy }),
          ...(rest === undefined ? {} : { restsOn: rest }),
          lastSeenAt: now,
          idleUntil: Math.min(now + policy.idleMs, endsAt),
          endsAt,
          provenAt: isProven ? now : 0,
        },
        events: [begun],
      }),
    ],
  }))
}
