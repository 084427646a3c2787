import type { Instant } from '../../shared/instant.js'

/** What may be unusual about a sign-in. */
export type AnomalyRule =
  /** The account was never signed in to at this device. */
  | 'newDevice'
  /** The sign-in before was in another country, so short a time ago that nobody travels. */
  | 'impossibleTravel'
  /** It succeeded after many failures. */
  | 'failureBurst'

/**
 * What is done about it, the mildest first:
 * - `allow`: nothing; the owner is told
 * - `challenge`: nothing is done in the session before its person has proved anew, by more than the password, who they are
 * - `lock`: the session ends, and passwords are not looked at, at devices that are not known, for the guard's longest lock
 * - `endSessions`: every session of the account ends
 */
export type AnomalyResponse = 'allow' | 'challenge' | 'lock' | 'endSessions'

/** From the mildest to the hardest. */
export const anomalyResponses = [
  'allow',
  'challenge',
  'lock',
  'endSessions',
] as const satisfies readonly AnomalyResponse[]

/** What a shop does about unusual sign-ins; a rule that is null is not asked. */
export type AnomalyPolicy = {
  readonly newDevice: { readonly response: AnomalyResponse } | null
  readonly impossibleTravel: { readonly response: AnomalyResponse; readonly withinMs: number } | null
  readonly failureBurst: {
    readonly response: AnomalyResponse
    readonly failures: number
    readonly withinMs: number
  } | null
  /** How an owner says that a sign-in was not theirs. */
  readonly notMe: {
    readonly ttlMs: number
    /**
     * The page that takes it, https or of this machine, with `{token}` where the token stands; the token alone is sent when null. The page
     * gives the token to `accounts.disownSignIn` when a person presses its button: programs that read mail open links.
     */
    readonly url: string | null
  }
}

/** A sign-in, or a failed one, as the audit log tells of it. */
export type SignInTrace = {
  readonly at: Instant
  /** `doubted` is one that was entered, found unusual, and not proved since. */
  readonly outcome: 'entered' | 'doubted' | 'failed'
  /** Keyed digest. */
  readonly device?: string
  readonly country?: string
}

/** Something unusual, and what the policy does about it. */
export type Anomaly = { readonly rule: AnomalyRule; readonly response: AnomalyResponse }

/** A sign-in was unusual: for a host's own alarms. */
export type SignInAnomalous = {
  readonly type: 'SignInAnomalous'
  readonly accountId: string
  readonly sessionId: string
  readonly rules: readonly AnomalyRule[]
  readonly response: AnomalyResponse
}
