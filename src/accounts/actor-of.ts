import { errAsync, ok, okAsync, type ResultAsync } from 'neverthrow'
import { queueMessage } from '../notify/queue-message.js'
import type { Actor } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { decideFrom } from '../shared/audit-origin.js'
import { type DecidedChange, put } from '../shared/commit.js'
import type { StorageError } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import type { Origin } from '../shared/origin.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { row, type Stored } from '../shared/read-plan.js'
import type { Account } from './account.js'
import { isStanding, maySignIn } from './account-machine.js'
import { accounts, sessions } from './accounts.schema.js'
import type { AccountsPorts } from './ports.js'
import { noticeChannel } from './profile.js'
import {
  asTokenShows,
  isOpen,
  noteUse,
  restsOn,
  type Session,
  type SessionEvent,
  standingOfToken,
  type TokenStanding,
} from './session.js'
import { digestToken, sessionIdOf } from './session-token.js'

/** The token opens nothing: it is none, or its session has ended. */
export type SessionRefused = { readonly type: 'SessionRefused' }

/** Who a token speaks for. */
export type SessionActor = {
  readonly actor: Extract<Actor, { readonly kind: 'customer' }>
  readonly sessionId: string
}

/** Why a token was not taken. */
export type ActorOfError = SessionRefused | CryptoUnavailable | StorageError

/**
 * Says who a session token speaks for: one read, and now and then a write that notes the use.
 *
 * @param origin - from where it was brought: the log says so of a token that was replaced and comes again
 * @errors SessionRefused, CryptoUnavailable, StorageError
 */
export const actorOf = (
  ports: AccountsPorts,
  token: string,
  origin?: Origin,
): ResultAsync<SessionActor, ActorOfError> => {
  const sessionId = sessionIdOf(token)
  if (sessionId === undefined) return errAsync({ type: 'SessionRefused' })
  return digestToken(ports.digests, token)
    .andThen((digest) =>
      decideFrom<ReturnType<typeof sessionPlan>, SessionActor | null, ActorOfError>(ports, origin, {
        scope: { kind: 'all' },
        plan: () => sessionPlan(sessionId),
        decide: ({ session, account }, { now }) => {
          const standing = standingSession(session, account, digest, now)
          if (standing === undefined)
            return ok({ changes: endReused(ports, session, account, digest, now), answer: null })
          const { accountId } = standing.state
          const used = noteUse(standing.state, now, ports.accountsPolicy.session)
          const changes: readonly DecidedChange[] =
            used === undefined ? [] : [put(sessions, { id: sessionId, version: standing.version, state: used })]
          const { provenAt, startedAt, paymentProof, mustProve, begunBy } = asTokenShows(standing.state, digest)
          const rest = restsOn(standing.state, now)
          const come = {
            sessionId,
            provenAt: provenAt ?? startedAt,
            ...(paymentProof === undefined ? {} : { paymentProof }),
            ...(mustProve === undefined ? {} : { mustProve }),
            ...(begunBy === undefined ? {} : { begunBy }),
            ...(rest === undefined ? {} : { restsOn: rest.contact }),
          }
          return ok({ changes, answer: { actor: { kind: 'customer', accountId, session: come }, sessionId } })
        },
      }),
    )
    .andThen((found) =>
      found === null ? errAsync<SessionActor, ActorOfError>({ type: 'SessionRefused' }) : okAsync(found),
    )
}

// A token that was replaced a while ago and comes again is in two hands: the session ends for both, and its owner is told.
const endReused = (
  ports: AccountsPorts,
  session: Stored<Session> | undefined,
  account: Stored<Account> | undefined,
  digest: string,
  at: Instant,
): readonly DecidedChange[] => {
  if (session === undefined || !isOpen(session.state, at)) return []
  if (standingOfToken(session.state, digest, at) !== 'reused') return []
  const { accountId, sessionId } = session.state
  const found: SessionEvent = { type: 'SessionReuseFound', accountId, sessionId }
  const ended = { ...session.state, endsAt: at }
  return [
    put(sessions, { id: sessionId, version: session.version, state: ended, events: [found] }),
    auditEntry(ports.ids, {
      actor: { kind: 'system', reason: 'sessionReuse' },
      action: 'accounts.sessionReuse',
      subject: accountId,
      at,
      outcome: 'done',
    }),
    ...(account === undefined || !isStanding(account.state)
      ? []
      : [
          queueMessage({
            cause: `sessionReused:${sessionId}`,
            accountId,
            channel: noticeChannel(account.state.identifiers),
            template: 'sessionReused',
            facts: { at: { at } },
            at,
          }),
        ]),
  ]
}

/** What says whether a session stands. */
export const sessionPlan = (sessionId: string) => ({
  session: row(sessions, sessionId),
  account: row(accounts, { from: 'session', path: 'accountId' }),
})

/** The tokens of a session that open it. */
const opening: readonly TokenStanding[] = ['current', 'replaced']

/**
 * The session that a token opens, if it does.
 *
 * @param taken - which of its tokens count; those that open it when absent
 */
export const standingSession = (
  session: Stored<Session> | undefined,
  account: Stored<Account> | undefined,
  digest: string,
  now: number,
  taken = opening,
): Stored<Session> | undefined =>
  session !== undefined &&
  account !== undefined &&
  taken.includes(standingOfToken(session.state, digest, now)) &&
  isOpen(session.state, now) &&
  maySignIn(account.state, now) &&
  'sessionEpoch' in account.state &&
  account.state.sessionEpoch === session.state.epoch
    ? session
    : undefined
