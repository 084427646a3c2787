import type { Instant } from '../shared/instant.js'
import type { Sealed } from '../shared/personal-data.js'

/** By what a person can show a second time who they are: a code of an authenticator app, or one of a list kept safe. */
export type FactorKind = 'totp' | 'recoveryCode'

export type SecondFactorFacts = {
  /** The id of the row is the account's. */
  readonly accountId: string
}

/** The second factor of an account. */
export type SecondFactor =
  /** The secret was shown; it asks for nothing until a code of it has come back. */
  | (SecondFactorFacts & { readonly status: 'enrolling'; readonly secret: Sealed; readonly startedAt: Instant })
  /** Every sign-in asks for it. */
  | (SecondFactorFacts & {
      readonly status: 'enabled'
      readonly secret: Sealed
      readonly enabledAt: Instant
      /** The step of time of the last code that was taken; neither it nor an earlier one is taken again. */
      readonly lastStep: number
      /** Keyed digests of the recovery codes that are left. */
      readonly recoveryDigests: readonly string[]
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
  | { readonly type: 'UseStep'; readonly step: number }
  | { readonly type: 'UseRecoveryCode'; readonly digest: string }
  | { readonly type: 'RenewRecoveryCodes'; readonly recoveryDigests: readonly string[] }
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
  | { readonly type: 'StepUsed'; readonly step: number }
  | { readonly type: 'RecoveryCodeUsed'; readonly digest: string }
  | { readonly type: 'RecoveryCodesRenewed'; readonly recoveryDigests: readonly string[] }
  | { readonly type: 'FactorRemoved'; readonly at: Instant }

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
