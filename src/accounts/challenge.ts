import { daysMs, type Instant, minutesMs } from '../shared/instant.js'
import type { Sealed } from '../shared/personal-data.js'
import type { SignInAnomalous } from './anomaly/anomaly.js'
import type { ContactKind } from './identifier.js'

/** What a code is for; a code of one purpose opens nothing else. */
export type ChallengePurpose =
  | 'activate'
  | 'reset'
  | 'bind'
  | 'signIn'
  | 'secondFactor'
  /** A contact shall be a way of the second factor. */
  | 'enrolFactor'
  | 'stepUp'
  /** An owner says that a sign-in was not theirs. */
  | 'notMe'
  /** A browser is away at an identity provider, to sign in or to link what it comes back with. */
  | 'identitySignIn'
  | 'identityLink'
  /** An identity was proved, and who it is of has yet to say what the shop asks. */
  | 'identityRegister'
  /** What a passkey signs: to be added, to sign in, to prove once more who one is. */
  | 'passkeyRegister'
  | 'passkeySignIn'
  | 'passkeyStepUp'
  | 'pay'
  | 'resetPayment'

/** What ids of challenges begin with. */
export const challengePrefix = 'challenge'

/** No challenge can be redeemed for longer, whatever the policy says; then it is forgotten, and how often it was tried. */
export const longestChallengeMs = 30 * daysMs

/** How far the clocks of two servers may be apart, for a code of the one to count at the other. */
export const clockToleranceMs = 5 * minutesMs

export type ChallengeFacts = {
  /** Unguessable; whoever was given it may try the code. */
  readonly challengeId: string
  readonly purpose: ChallengePurpose
  /** The account that the code speaks for; absent when there is none, so that nobody can tell the two apart. */
  readonly accountId?: string
  /** The session epoch of that account when the code was asked for; a reset or a ban since then makes the code void. */
  readonly epoch?: number
  /** Keyed digest of the canonical identifier it was asked for. */
  readonly identifierKey: string
  /**
   * Where the code went: one of the account's contacts, by its kind and key. Where there is no account, the contact that it was
   * asked for with: it went nowhere, and counts as if it had gone there.
   */
  readonly sentTo?: CodeContact
  /** Keyed digest of the installation that the code goes to by push, where it goes to none of the account's contacts. */
  readonly pushedTo?: string
  /** The identity provider that the browser was sent to; an answer of another is none. */
  readonly providerId?: string
  /** The kind of contact that the first proof came by, where this asks for a second one. */
  readonly provenBy?: ContactKind
  /** When the password was set that was the first proof, where it was one. */
  readonly passwordSetAt?: Instant
  /** When the sign-in began that may be disowned: what was added to the account from then on goes with it. */
  readonly disownedFrom?: Instant
  /** The guard of the device that it was at, by which the account knows the device. */
  readonly disownedGuard?: string
  /** When the registration lapses that it activates, whichever of its challenges it is. */
  readonly activateBy?: Instant
  readonly issuedAt: Instant
}

/** An address or a number that codes go to, by the keyed digest of its canonical form. */
export type CodeContact = {
  readonly kind: ContactKind
  readonly key: string
  /** Of a number: the calling code of its country. */
  readonly callingCode?: string
}

/** A code that was sent to somebody, to be given back once. */
export type Challenge =
  /** `codeDigest` is the keyed digest of the code; `round` rises with each resend, and older codes are dead. */
  | (ChallengeFacts & {
      readonly status: 'open'
      readonly codeDigest: string
      readonly round: number
      /** When its last code was sent, where that was not the first. */
      readonly sentAt?: Instant
      readonly expiresAt: Instant
      /** No other code is sent before. */
      readonly resendAt: Instant
      /** The address or number to be bound, for as long as it is not, or where pushes reach the installation; sealed. */
      readonly address?: Sealed
    })
  /** The code was given back in time. */
  | (ChallengeFacts & { readonly status: 'redeemed'; readonly redeemedAt: Instant })
  /** Something else made the code void. */
  | (ChallengeFacts & { readonly status: 'revoked'; readonly revokedAt: Instant })

/** What can be asked of a challenge. */
export type ChallengeCommand =
  | {
      readonly type: 'Issue'
      readonly challengeId: string
      readonly purpose: ChallengePurpose
      readonly accountId?: string
      readonly epoch?: number
      readonly identifierKey: string
      readonly sentTo?: CodeContact
      readonly pushedTo?: string
      readonly providerId?: string
      readonly provenBy?: ContactKind
      readonly passwordSetAt?: Instant
      readonly disownedFrom?: Instant
      readonly disownedGuard?: string
      readonly activateBy?: Instant
      readonly address?: Sealed
      readonly codeDigest: string
      readonly expiresAt: Instant
      readonly resendAt: Instant
      readonly at: Instant
    }
  | {
      readonly type: 'Resend'
      readonly codeDigest: string
      /** Another contact than before. */
      readonly sentTo?: CodeContact
      readonly expiresAt: Instant
      readonly resendAt: Instant
      readonly at: Instant
    }
  | {
      readonly type: 'Redeem'
      readonly purpose: ChallengePurpose
      readonly codeDigest: string
      /** How many more codes may be tried, this one included. */
      readonly attemptsLeft: number
      readonly at: Instant
    }
  /** Something else than the code was shown: the second factor that the challenge asks for. */
  | {
      readonly type: 'Prove'
      readonly purpose: ChallengePurpose
      readonly right: boolean
      /** How many more may be tried, this one included. */
      readonly attemptsLeft: number
      readonly at: Instant
    }
  | { readonly type: 'Revoke'; readonly at: Instant }

/** What happened to a challenge. */
export type ChallengeEvent =
  | {
      readonly type: 'ChallengeIssued'
      readonly challengeId: string
      readonly purpose: ChallengePurpose
      readonly accountId?: string
      readonly epoch?: number
      readonly identifierKey: string
      readonly sentTo?: CodeContact
      readonly pushedTo?: string
      readonly providerId?: string
      readonly provenBy?: ContactKind
      readonly passwordSetAt?: Instant
      readonly disownedFrom?: Instant
      readonly disownedGuard?: string
      readonly activateBy?: Instant
      readonly address?: Sealed
      readonly codeDigest: string
      readonly expiresAt: Instant
      readonly resendAt: Instant
      readonly at: Instant
    }
  | {
      readonly type: 'CodeResent'
      readonly codeDigest: string
      readonly sentTo?: CodeContact
      readonly sentAt: Instant
      readonly expiresAt: Instant
      readonly resendAt: Instant
    }
  | { readonly type: 'ChallengeRedeemed'; readonly at: Instant }
  | { readonly type: 'ChallengeRevoked'; readonly at: Instant }

/** What is told of a challenge outside of its row: which it is, and why one was issued that nobody asked for. */
export type ChallengeTold =
  | {
      readonly [Type in ChallengeEvent['type']]: { readonly type: Type; readonly challengeId: string }
    }[ChallengeEvent['type']]
  | SignInAnomalous

/** Why a challenge refuses; the door tells a stranger none of it but `CodeTooSoon`. */
export type ChallengeError =
  | {
      readonly type: 'ChallengeStateForbids'
      readonly status: Challenge['status'] | 'absent'
      readonly command: ChallengeCommand['type']
    }
  /** The code is not the one that was sent last; one attempt is spent. */
  | { readonly type: 'CodeWrong' }
  /** It is over, or was sent at a time that is still to come: by a clock that was ahead, and would count for longer than it should. */
  | { readonly type: 'CodeExpired'; readonly expiresAt: Instant }
  /** Every attempt is spent. */
  | { readonly type: 'AttemptsUsedUp' }
  /** The code is for something else. */
  | { readonly type: 'PurposeDiffers' }
  /** Another code may not be sent yet. */
  | { readonly type: 'CodeTooSoon'; readonly resendAt: Instant }
