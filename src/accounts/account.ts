import type { Instant } from '../shared/instant.js'
import type { Sealed } from '../shared/personal-data.js'
import type { ContactKind, IdentifierKind } from './identifier.js'

export type AccountFacts = {
  /** Unguessable, never given to another person. */
  readonly accountId: string
  readonly registeredAt: Instant
}

/** An identifier of an account. */
export type BoundIdentifier = {
  /** Keyed digest of its canonical form: what the account is found by. */
  readonly key: string
  /** The canonical form. */
  readonly value: Sealed
  /** Of a number: the calling code of its country (`86`). */
  readonly callingCode?: string
  /** When it was added to an account that stood, or took the place of another; absent for those it was registered with. */
  readonly boundAt?: Instant
}

/** The identifiers of an account, one of a kind; an address or a number is there as soon as it may be proved. */
export type Identifiers = {
  readonly email?: BoundIdentifier
  readonly phone?: BoundIdentifier
  readonly userName?: BoundIdentifier
}

export type PersonFacts = AccountFacts & {
  readonly identifiers: Identifiers
  /** What the person wants to be called. */
  readonly name?: Sealed
  /** What the person told of what the shop asks, as one text. */
  readonly details?: Sealed
  /** Sessions of an earlier epoch have ended; rises with every reset, ban and erasure. */
  readonly sessionEpoch: number
  /** The epoch that began when a sign-in was last disowned; no message of before then disowns another. */
  readonly disownedEpoch?: number
  /** Keyed digest of the installation it was registered from: what vouches for its owner as long as it has no contact. */
  readonly installationKey?: string
}

/** Why an account was banned, in the shop's policy; never free text. */
export type BanReason = 'fraud' | 'abuse' | 'compromised' | 'legal'

/** Why a ban was lifted: it should never have been, its owner was heard, or what it was for is settled. */
export type LiftReason = 'mistake' | 'appeal' | 'resolved'

/** An account of a person. */
export type Account =
  /** Waits for the code; holds no claim on its address, and lapses at `activateBy`. */
  | (PersonFacts & { readonly status: 'pending'; readonly activateBy: Instant })
  | (PersonFacts & { readonly status: 'active'; readonly activatedAt: Instant })
  /** May not sign in; for good when `until` is null. */
  | (PersonFacts & {
      readonly status: 'banned'
      readonly activatedAt: Instant
      readonly reason: BanReason
      readonly until: Instant | null
    })
  /** Was not activated in time; everything personal is gone. */
  | (AccountFacts & { readonly status: 'lapsed'; readonly lapsedAt: Instant })
  /** Erased by the person; everything personal is gone. */
  | (AccountFacts & { readonly status: 'erased'; readonly erasedAt: Instant })

/** What can be asked of an account. */
export type AccountCommand =
  | {
      readonly type: 'Register'
      readonly accountId: string
      readonly identifiers: Identifiers
      readonly name?: Sealed
      readonly details?: Sealed
      readonly installationKey?: string
      readonly activateBy: Instant
      readonly at: Instant
    }
  | { readonly type: 'Activate'; readonly at: Instant }
  | { readonly type: 'Lapse'; readonly at: Instant }
  /** Ends every session, as after a reset. */
  | { readonly type: 'EndSessions' }
  /** The same, because a sign-in was not the owner's. */
  | { readonly type: 'DisownSignIn' }
  /** Adds an identifier, or puts it in the place of the one of its kind. */
  | { readonly type: 'Bind'; readonly kind: IdentifierKind; readonly identifier: BoundIdentifier }
  | {
      readonly type: 'Unbind'
      readonly kind: IdentifierKind
      /** The last contact goes too: it came since a sign-in that was disowned, and the account had none then. */
      readonly hadNoContact?: true
    }
  /** Puts another contact in the place of the one that a registration waits for. */
  | { readonly type: 'CorrectContact'; readonly kind: ContactKind; readonly identifier: BoundIdentifier }
  /** Puts another name in the place of the one there is, or takes it away. */
  | { readonly type: 'CorrectName'; readonly name?: Sealed }
  | { readonly type: 'CorrectDetails'; readonly details?: Sealed }
  | { readonly type: 'Ban'; readonly reason: BanReason; readonly until: Instant | null; readonly at: Instant }
  | { readonly type: 'LiftBan'; readonly reason: LiftReason | 'expired' }
  | { readonly type: 'Erase'; readonly at: Instant }

/** What happened to an account; names nobody. */
export type AccountEvent =
  | {
      readonly type: 'AccountRegistered'
      readonly accountId: string
      readonly identifiers: Identifiers
      readonly name?: Sealed
      readonly details?: Sealed
      readonly installationKey?: string
      readonly activateBy: Instant
      readonly at: Instant
    }
  | { readonly type: 'AccountActivated'; readonly at: Instant }
  | { readonly type: 'AccountLapsed'; readonly at: Instant }
  | { readonly type: 'SessionsEnded' }
  /** A sign-in was not the owner's: what a ticket is opened by. */
  | { readonly type: 'SignInDisowned' }
  | { readonly type: 'IdentifierBound'; readonly kind: IdentifierKind; readonly identifier: BoundIdentifier }
  | { readonly type: 'ContactCorrected'; readonly kind: ContactKind; readonly identifier: BoundIdentifier }
  | { readonly type: 'IdentifierUnbound'; readonly kind: IdentifierKind }
  | { readonly type: 'NameCorrected'; readonly name?: Sealed }
  | { readonly type: 'DetailsCorrected'; readonly details?: Sealed }
  | { readonly type: 'AccountBanned'; readonly reason: BanReason; readonly until: Instant | null }
  | { readonly type: 'BanLifted'; readonly reason: LiftReason | 'expired' }
  | { readonly type: 'AccountErased'; readonly at: Instant }

/** What is told of an account outside of its row: whose it is and what became of it, and nothing of the person. */
export type AccountTold = { readonly accountId: string } & (
  | Pick<Extract<AccountEvent, { readonly type: 'AccountRegistered' }>, 'type' | 'activateBy' | 'at'>
  | { readonly type: 'IdentifierBound'; readonly kind: IdentifierKind }
  | { readonly type: 'ContactCorrected'; readonly kind: ContactKind }
  | { readonly type: 'NameCorrected' }
  | { readonly type: 'DetailsCorrected' }
  | Exclude<
      AccountEvent,
      {
        readonly type:
          | 'AccountRegistered'
          | 'IdentifierBound'
          | 'ContactCorrected'
          | 'NameCorrected'
          | 'DetailsCorrected'
      }
    >
)

/** Why an account refuses. */
export type AccountError =
  /** The command does not apply to an account in this state. */
  | {
      readonly type: 'AccountStateForbids'
      readonly status: Account['status'] | 'absent'
      readonly command: AccountCommand['type']
    }
  /** The time to activate is over. */
  | { readonly type: 'ActivationOver'; readonly activateBy: Instant }
  /** The time to activate is not over yet. */
  | { readonly type: 'ActivationStillOpen'; readonly activateBy: Instant }
  /** A ban ends in time to come, or not at all. */
  | { readonly type: 'BanOver'; readonly until: Instant }
  /** There is no identifier of the kind. */
  | { readonly type: 'NotBound'; readonly kind: IdentifierKind }
  /** One address or number has to stay, by which the person is reached, of the kind that the shop asks for; bind another first. */
  | { readonly type: 'LastContact'; readonly kind: IdentifierKind }
