import type { Instant } from '../shared/instant.js'

/** A sign-in that stands; ended ones are removed. */
export type Session = {
  /** Says which session it is and opens nothing. */
  readonly sessionId: string
  readonly accountId: string
  /** Keyed digest of the token; the token itself is nowhere. */
  readonly tokenDigest: string
  /** The epoch of the account it was begun in. */
  readonly epoch: number
  readonly startedAt: Instant
  readonly lastSeenAt: Instant
  /** Over when it was not used until then. */
  readonly idleUntil: Instant
  /** Over then, used or not. */
  readonly endsAt: Instant
}

/** What happened to a session. */
export type SessionEvent = { readonly type: 'SessionBegun'; readonly accountId: string; readonly sessionId: string }

/** How long sessions last. */
export type SessionPolicy = {
  readonly idleMs: number
  readonly longestMs: number
  /** Use is noted at most this often. */
  readonly noteUseMs: number
}

/** Whether a session stands at a moment. */
export const isOpen = (session: Session, now: Instant): boolean => now < session.idleUntil && now < session.endsAt

/** A session after it was used, or undefined when the use need not be noted yet. */
export const noteUse = (session: Session, now: Instant, policy: SessionPolicy): Session | undefined =>
  now - session.lastSeenAt < policy.noteUseMs
    ? undefined
    : { ...session, lastSeenAt: now, idleUntil: Math.min(now + policy.idleMs, session.endsAt) }
