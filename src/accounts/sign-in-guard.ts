import { hoursMs, type Instant, minutesMs } from '../shared/instant.js'

/** How repeated failures are slowed down. */
export type GuardPolicy = {
  /** Failures in a row before the first lock. */
  readonly failuresBeforeLock: number
  /** The first lock; each further failure locks twice as long. */
  readonly firstLockMs: number
  /** No lock is longer. */
  readonly longestLockMs: number
  /** After so long without a failure the locks begin anew; at least as long as the longest lock. */
  readonly forgetAfterMs: number
  /** Failures in a row, however far apart, after which the password counts no more until it is reset. */
  readonly failuresBeforeDisable: number
}

/** Five failures, then 1, 2, 4 … 30 minutes; disabled after 100 in a row, as NIST SP 800-63B-4 3.2.2 bounds it. */
export const defaultGuardPolicy: GuardPolicy = {
  failuresBeforeLock: 5,
  firstLockMs: minutesMs,
  longestLockMs: 30 * minutesMs,
  forgetAfterMs: 12 * hoursMs,
  failuresBeforeDisable: 100,
}

/** What is remembered of failures to sign in with one address, whether an account has it or not. */
export type SignInGuard = {
  /** Failures since the locks last began anew. */
  readonly failures: number
  /** Failures since the last success or reset. */
  readonly consecutive: number
  readonly lastFailureAt: Instant
  /** No password is looked at before this moment. */
  readonly lockedUntil: Instant
}

/** What the guard says to an attempt. */
export type GuardVerdict =
  | { readonly kind: 'look' }
  | { readonly kind: 'locked'; readonly until: Instant }
  | { readonly kind: 'disabled' }

/** Says whether a password may be looked at. */
export const askGuard = (guard: SignInGuard | undefined, now: Instant, policy: GuardPolicy): GuardVerdict => {
  if (guard === undefined) return { kind: 'look' }
  if (guard.consecutive >= policy.failuresBeforeDisable) return { kind: 'disabled' }
  return now < guard.lockedUntil ? { kind: 'locked', until: guard.lockedUntil } : { kind: 'look' }
}

/** What is remembered after a password was looked at and was wrong. */
export const recordFailure = (guard: SignInGuard | undefined, now: Instant, policy: GuardPolicy): SignInGuard => {
  const forgotten = guard === undefined || now - guard.lastFailureAt >= policy.forgetAfterMs
  const failures = (forgotten ? 0 : guard.failures) + 1
  return {
    failures,
    consecutive: (guard?.consecutive ?? 0) + 1,
    lastFailureAt: now,
    // A password is looked at only when the lock before is over, so no lock is ever shortened, whatever the clock does.
    lockedUntil: failures >= policy.failuresBeforeLock ? now + lockMs(failures, policy) : now,
  }
}

const lockMs = (failures: number, policy: GuardPolicy): number =>
  Math.min(policy.longestLockMs, policy.firstLockMs * 2 ** Math.min(failures - policy.failuresBeforeLock, 40))
