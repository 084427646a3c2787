import { daysMs, hoursMs, type Instant, minutesMs } from '../shared/instant.js'

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
  /** Whose proof it is, so that it goes with the account; absent where nobody has the identifier. */
  readonly accountId?: string
  /**
   * Since when it rests, where a month of rest ends it. Absent where failures at the proof of an account are counted: were
   * they forgotten, each month would give a guesser a hundred tries more.
   */
  readonly restsSince?: Instant
  /** Failures since the locks last began anew. */
  readonly failures: number
  /** Failures since the last success or reset. */
  readonly consecutive: number
  readonly lastFailureAt: Instant
  /** No password is looked at before this moment. */
  readonly lockedUntil: Instant
  /** When the owner was last told of a lock. */
  readonly toldAt?: Instant
  /** When a proof that counted no more was last let count again, with failures counted from none. */
  readonly forgivenAt?: Instant
}

/** What is guessed at. */
export type GuardedProof = 'password' | 'secondFactor' | 'paymentPassword'

/** What guessing came to, whether it ever succeeds or not: for a host's own alarms. */
export type SignInGuardEvent =
  /** Nothing is looked at until then; `failures` in a row. No account where nobody has the identifier. */
  | {
      readonly type: 'ProofLocked'
      readonly proof: GuardedProof
      readonly accountId?: string
      readonly failures: number
      readonly until: Instant
    }
  /** The proof counts no more until it is set anew. */
  | {
      readonly type: 'ProofDisabled'
      readonly proof: GuardedProof
      readonly accountId?: string
      readonly failures: number
    }
  /** So much failed from one network, or in the whole shop, that until then nothing more from there is looked at but at known devices. */
  | { readonly type: 'FailuresSpent'; readonly of: 'network' | 'shop'; readonly until: Instant }

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
  const failed: SignInGuard = {
    failures,
    consecutive: (guard?.consecutive ?? 0) + 1,
    lastFailureAt: now,
    // A password is looked at only when the lock before is over, so no lock is ever shortened, whatever the clock does.
    lockedUntil: failures >= policy.failuresBeforeLock ? now + lockMs(failures, policy) : now,
  }
  const toldAt = isTold(guard, failed, now, policy) ? now : guard?.toldAt
  return {
    ...failed,
    ...(toldAt === undefined ? {} : { toldAt }),
    ...(guard?.forgivenAt === undefined ? {} : { forgivenAt: guard.forgivenAt }),
  }
}

// Each failure after the fifth locks anew. Of a day's locks the owner is told once, for a text costs the shop and wears out
// its reader; of the end of the proof always.
const isTold = (before: SignInGuard | undefined, failed: SignInGuard, now: Instant, policy: GuardPolicy): boolean => {
  const reached = reachedBy(failed, now, policy)
  if (reached !== 'locked') return reached === 'disabled'
  return before?.toldAt === undefined || now - before.toldAt >= daysMs
}

/** What a failure has led to, if anything; the end of a proof is come to once. */
export const reachedBy = (
  failed: SignInGuard,
  now: Instant,
  policy: GuardPolicy,
): 'locked' | 'disabled' | undefined => {
  if (failed.consecutive === policy.failuresBeforeDisable) return 'disabled'
  return failed.lockedUntil > now ? 'locked' : undefined
}

const lockMs = (failures: number, policy: GuardPolicy): number =>
  Math.min(policy.longestLockMs, policy.firstLockMs * 2 ** Math.min(failures - policy.failuresBeforeLock, 40))
