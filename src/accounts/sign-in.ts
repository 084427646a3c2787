import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import { expectRow, put } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { daysMs, type Instant } from '../shared/instant.js'
import type { Stored } from '../shared/read-plan.js'
import { claims, known, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { Account } from './account.js'
import { accounts, credentials, sessions, signInGuards } from './accounts.schema.js'
import type { EmailMalformed } from './identifier.js'
import { type Identity, identifierSpace, identify } from './identify.js'
import { parseSignIn } from './inputs.schema.js'
import { canonicalPassword } from './password-policy.js'
import type { AccountsPorts, HasherUnavailable } from './ports.js'
import type { SessionEvent } from './session.js'
import { digestToken } from './session-token.js'
import { createPasswordTry } from './try-password.js'
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
 * No session: the address has no account, or the password is wrong, or the account is locked, banned or not active;
 * which of them, nobody is told.
 */
export type SignInRefused = { readonly type: 'SignInRefused' }

/** Why signing in may fail. */
export type SignInError = SignInRefused | HasherUnavailable | CommandError

type Outcome = { readonly kind: 'signedIn'; readonly session: SignedIn } | { readonly kind: 'refused' }

/**
 * Signs in by e-mail address and password. Every refusal is the same, costs the same and is remembered; repeated ones
 * lock for a while, of which only the owner is told.
 *
 * @errors SignInRefused, HasherUnavailable, CommandError; AlreadyDone when the key was used, for the token is kept nowhere
 */
export const signIn = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<SignedIn, SignInError> => {
  const typed = parseSignIn(input)
  const password = canonicalPassword(
    typed.match(
      (given) => given.password,
      () => '',
    ),
  )
  const tryPassword = createPasswordTry(ports, password)
  return identify(ports.digests, typed).andThen((identity) =>
    runCommand(ports, context, input, {
      action: 'accounts.signIn',
      secret: true,
      parse: () => typed.map(({ email }) => ({ email })),
      plan: () => signInPlan(identity),
      decide: ({ account, credential, guard }, { actor, now }) => {
        // What is no address has no account; there is nothing to find out and nothing to remember.
        if (identity.isErr()) return errAsync<Decision<Outcome>, SignInError>({ type: 'SignInRefused' })
        const identifierKey = identity.value.key
        return tryPassword({ identifierKey, account, credential, guard, at: now })
          .mapErr((error): SignInError => error)
          .andThen((verdict): ResultAsync<Decision<Outcome>, SignInError> => {
            const subject = account?.id ?? `identifier:${identifierKey}`
            const note = { actor, action: 'accounts.signIn', subject, at: now }
            if (verdict.kind !== 'right' || account === undefined) {
              const changes = [
                ...verdict.changes,
                auditEntry(ports.ids, { ...note, outcome: 'refused', detail: verdict.kind }),
              ]
              return okAsync({ changes, answer: { kind: 'refused' } })
            }
            return beginSession(ports, account, credential?.state.setAt ?? now, now).map(({ changes, answer }) => ({
              answer: { kind: 'signedIn', session: answer },
              changes: [...verdict.changes, ...changes, auditEntry(ports.ids, { ...note, outcome: 'done' })],
            }))
          })
      },
    }).andThen((outcome) =>
      outcome.kind === 'signedIn' ? ok(outcome.session) : err({ type: 'SignInRefused' as const }),
    ),
  )
}

const signInPlan = (identity: Result<Identity, EmailMalformed>) => {
  const keys = identity.match(
    ({ key }) => [key],
    () => [],
  )
  return {
    owner: claims(identifierSpace, keys),
    account: row(accounts, { from: 'owner', path: '' }),
    credential: row(credentials, { from: 'owner', path: '' }),
    guard: keys[0] === undefined ? known(undefined) : row(signInGuards, keys[0]),
  }
}

const beginSession = (
  ports: AccountsPorts,
  account: Stored<Account>,
  passwordSetAt: Instant,
  now: Instant,
): ResultAsync<Decision<SignedIn>, SignInError> => {
  const { session: policy, password } = ports.accountsPolicy
  const sessionId = ports.ids.next('session')
  const accountId = account.id
  const token = `${sessionId}.${ports.ids.secret()}`
  const endsAt = now + policy.longestMs
  // A ban that is over is lifted by the first sign-in after it.
  const standing =
    account.state.status === 'banned' ? changeAccount(account, { type: 'LiftBan' }) : ok(expectRow(accounts, account))
  if (standing.isErr()) return errAsync({ type: 'SignInRefused' })
  const begun: SessionEvent = { type: 'SessionBegun', accountId, sessionId }
  return digestToken(ports.digests, token).map((tokenDigest) => ({
    answer: {
      token,
      sessionId,
      accountId,
      endsAt,
      idleMs: policy.idleMs,
      passwordReminder: password.remindAfterDays !== null && now - passwordSetAt >= password.remindAfterDays * daysMs,
    },
    changes: [
      standing.value,
      put(sessions, {
        id: sessionId,
        version: 0,
        state: {
          sessionId,
          accountId,
          tokenDigest,
          epoch: 'sessionEpoch' in account.state ? account.state.sessionEpoch : 0,
          startedAt: now,
          lastSeenAt: now,
          idleUntil: Math.min(now + policy.idleMs, endsAt),
          endsAt,
        },
        events: [begun],
      }),
    ],
  }))
}
