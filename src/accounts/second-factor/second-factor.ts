import type { Instant } from '../../shared/instant.js'
import type { Sealed } from '../../shared/personal-data.js'
import type { ContactKind } from '../identifier.js'

/** A way of the second factor: an authenticator app, or a code that goes to the account's own address or number. */
export type FactorWay = 'totp' | ContactKind

/** By which code a person can show a second time who they are: of a way, or one of a list kept safe. */
export type FactorKind = FactorWay | 'recoveryCode'

export type SecondFactorFacts = {
  /** The id of the row is the account's. */
  readonly accountId: string
}

/** An authenticator app whose codes count. */
export type AuthenticatorApp = {
  readonly secret: Sealed
  /** The step of time of the last code that was taken; neither it nor an earlier one is taken again. */
  readonly lastStep: number
}

/** When the ways of a factor were added, and its recovery codes drawn. */
export type FactorMoments = { readonly [kind in FactorKind]?: Instant }

/** The second factor of an account. */
export type SecondFactor =
  /** The secret of an app was shown; it asks for nothing until a code of it has come back. */
  | (SecondFactorFacts & { readonly status: 'enrolling'; readonly secret: Sealed; readonly startedAt: Instant })
  /** Every sign-in asks for it, by one of its ways: the app, if there is one, and each of the contacts. */
  | (SecondFactorFacts & {
      readonly status: 'enabled'
      readonly enabledAt: Instant
      readonly app?: AuthenticatorApp
      /** The secret of an app that was shown and of which no code has come back yet. */
      readonly secret?: Sealed
      /** The kinds of the account's contacts that codes go to. */
      readonly contacts: readonly ContactKind[]
      /** Keyed digests of the recovery codes that are left. */
      readonly recoveryDigests: readonly string[]
      /** When each way was added, and the recovery codes were drawn; what says nothing is as old as the factor. */
      readonly addedAt?: FactorMoments
    })
  | (SecondFactorFacts & { readonly status: 'removed'; readonly removedAt: Instant })

/** What can be asked of a second factor. */
export type SecondFactorCommand =
  | { readonly type: 'Enrol'; readonly accountId: string; readonly secret: Sealed; readonly at: Instant }
  /** A code of the secret came back: `step` is the step of time it is of. */
  | {
      readonly type: 'Confirm'
      readonly step: number
      readonly recoveryDigests: readonly string[]
      readonly at: Instant
    }
  /** A code that went to the contact came back. */
  | {
      readonly type: 'AddContact'
      readonly accountId: string
      readonly contact: ContactKind
      readonly recoveryDigests: readonly string[]
      readonly at: Instant
    }
  | { readonly type: 'UseStep'; readonly step: number }
  | { readonly type: 'UseRecoveryCode'; readonly digest: string }
  | { readonly type: 'RenewRecoveryCodes'; readonly recoveryDigests: readonly string[]; readonly at: Instant }
  /** Takes one way off; with the last one all is gone. */
  | { readonly type: 'RemoveWay'; readonly way: FactorWay; readonly at: Instant }
  | { readonly type: 'Remove'; readonly at: Instant }

/** What happened to a second factor. */
export type SecondFactorEvent =
  | { readonly type: 'FactorEnrolled'; readonly accountId: string; readonly secret: Sealed; readonly at: Instant }
  | {
      readonly type: 'FactorEnabled'
      readonly step: number
      readonly recoveryDigests: readonly string[]
      readonly at: Instant
    }
  | {
      readonly type: 'FactorContactAdded'
      readonly accountId: string
      readonly contact: ContactKind
      readonly recoveryDigests: readonly string[]
      readonly at: Instant
    }
  | { readonly type: 'StepUsed'; readonly step: number }
  | { readonly type: 'RecoveryCodeUsed'; readonly digest: string }
  | { readonly type: 'RecoveryCodesRenewed'; readonly recoveryDigests: readonly string[]; readonly at: Instant }
  | { readonly type: 'FactorWayRemoved'; readonly way: FactorWay }
  | { readonly type: 'FactorRemoved'; readonly at: Instant }

/** What is told of a second factor outside of its row: neither its secret nor a digest. */
export type SecondFactorTold = {
  readonly [Type in SecondFactorEvent['type']]: { readonly type: Type; readonly accountId: string }
}[SecondFactorEvent['type']]

/** Why a second factor refuses. */
export type SecondFactorError =
  | {
      readonly type: 'FactorStateForbids'
      readonly status: SecondFactor['status'] | 'absent'
      readonly command: SecondFactorCommand['type']
    }
  /** The code, or a later one, was taken before; the next comes within half a minute. */
  | { readonly type: 'StepUsedBefore' }
  /** There is no such recovery code, or it was used. */
  | { readonly type: 'RecoveryCodeUnknown' }
  /** The way is one of the factor already. */
  | { readonly type: 'FactorWayStands'; readonly way: FactorWay }
  /** The way is none of the factor. */
  | { readonly type: 'FactorWayAbsent'; readonly way: FactorWay }
