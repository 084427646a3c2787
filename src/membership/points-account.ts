import type { Instant } from '../shared/instant.js'

/** Points that came together and end together; free to spend up to, not including, their last moment. */
export type PointsLot = {
  /** The grant they came by. */
  readonly lotId: string
  /** What is left of them. */
  readonly points: number
  readonly expiresAt: Instant
}

/** Points that are earned and may still be cancelled. */
export type PendingPoints = {
  readonly grantId: string
  readonly points: number
  /** When they begin by themselves and when they end then; null: both are said when they are activated. */
  readonly terms: PendingTerms | null
}

/** From when to when points hold. */
export type PendingTerms = { readonly activatesAt: Instant; readonly expiresAt: Instant }

/** Points of a lot that are set aside or spent; a held part outlives its lot. */
export type LotPart = PointsLot

/** Points set aside for an order, with the lots they came from. */
export type PointsHold = { readonly holdId: string; readonly parts: readonly LotPart[] }

/** Points that are spent and may be given back; the parts are what was not given back yet. */
export type PointsSpend = PointsHold & {
  /** How many they were at first. */
  readonly spent: number
  /** Returns that gave some of them back. */
  readonly restoreIds: readonly string[]
  readonly at: Instant
}

/** A claw-back that is done. */
export type PointsClaw = { readonly clawId: string; readonly at: Instant }

/**
 * What becomes of points to be taken back that are not pending any more:
 * - `pendingOnly`: nothing; only pending ones are taken
 * - `withinBalance`: what is left is taken, the rest is the member's
 * - `debt`: what is left is taken, the rest is owed
 * - `deductCash`: what is left is taken, the rest is for the asker to take in money
 */
export type ClawBackPolicy = 'pendingOnly' | 'withinBalance' | 'debt' | 'deductCash'

/** The points of a member. */
export type PointsAccount =
  | {
      readonly status: 'open'
      /** The member; the id of the row too. */
      readonly accountId: string
      /** First to end first. */
      readonly lots: readonly PointsLot[]
      readonly pending: readonly PendingPoints[]
      readonly holds: readonly PointsHold[]
      /** Of the last two years or so, so that they can be given back. */
      readonly spends: readonly PointsSpend[]
      /** Of the last two years or so, so that none is done twice. */
      readonly claws: readonly PointsClaw[]
      /** Points that were taken back and had been spent already; the next ones to come repay it. */
      readonly debt: number
      /** Sum of the lots. */
      readonly balance: number
      /** When something begins or ends by itself next; null when nothing does. */
      readonly nextDueAt: Instant | null
      /** The member was told of whatever ends up to this moment. */
      readonly noticedTo: Instant
      /** When the first points end that the member was not told of; null when there are none. */
      readonly nextUnnoticedAt: Instant | null
    }
  /** The member has left; nothing is owed either way. */
  | { readonly status: 'closed'; readonly accountId: string; readonly closedAt: Instant }

/** An account that is in use. */
export type OpenPointsAccount = Extract<PointsAccount, { status: 'open' }>

/** For what points are given. */
export type PointsSource = 'order' | 'signIn' | 'share' | 'review' | 'invitation' | 'birthday' | 'welcome' | 'staff'

/** What may be done with a points account. */
export type PointsCommand =
  /** Gives points, at once or from a later moment; opens the account with the first. Twice under one id counts once. */
  | {
      readonly type: 'GrantPoints'
      readonly accountId: string
      /** Says what they are for, once and for all (`earn:ORDER`). */
      readonly grantId: string
      readonly source: PointsSource
      readonly points: number
      /** Null: at once. */
      readonly activatesAt: Instant | null
      readonly expiresAt: Instant
      readonly now: Instant
    }
  /** Notes points that are earned and may be cancelled until they are activated. Twice under one id counts once. */
  | {
      readonly type: 'PromisePoints'
      readonly accountId: string
      readonly grantId: string
      readonly source: PointsSource
      readonly points: number
      /** Under what the same was promised before, where it is reckoned anew: nothing more was done to earn it. */
      readonly replaces?: string
      readonly now: Instant
    }
  /** Lets promised points begin, however many are left of them. */
  | {
      readonly type: 'ActivatePoints'
      readonly grantId: string
      readonly expiresAt: Instant
      readonly now: Instant
    }
  /** Sets points aside, those that end first; twice under one id counts once. */
  | { readonly type: 'HoldPoints'; readonly holdId: string; readonly points: number; readonly now: Instant }
  /** The order that holds them is paid. */
  | { readonly type: 'SettleHold'; readonly holdId: string; readonly now: Instant }
  /** The order that holds them will not be paid; they go back to their lots, also to one that has ended. */
  | { readonly type: 'ReleaseHold'; readonly holdId: string; readonly now: Instant }
  /** Gives points back that an order has spent, to their lots; those of a lot that has ended hold until `graceTo`. */
  | {
      readonly type: 'RestorePoints'
      readonly holdId: string
      /** Names this return, once and for all. */
      readonly restoreId: string
      readonly points: number
      /** When the order was placed, no later than it spent them: of what is long past, the order alone still knows. */
      readonly placedAt: Instant
      readonly graceTo: Instant
      readonly now: Instant
    }
  /** Takes points back that were given: pending ones first, then what is left, then as the policy says. */
  | {
      readonly type: 'ClawBackPoints'
      readonly grantId: string
      /** Names this claw-back, once and for all. */
      readonly clawId: string
      readonly points: number
      readonly policy: ClawBackPolicy
      readonly now: Instant
    }
  /** Lets begin what is to begin, and end what is to end. */
  | { readonly type: 'SweepPoints'; readonly now: Instant }
  /** Notes that the member is told of what ends up to a moment; each point is told of once. */
  | { readonly type: 'NoticeExpiry'; readonly until: Instant; readonly now: Instant }
  /** The member leaves; what is left is lost. */
  | { readonly type: 'ClosePoints'; readonly now: Instant }

/** What became of points. */
export type PointsEvent =
  | { readonly type: 'PointsAccountOpened'; readonly accountId: string; readonly at: Instant }
  /** To be had at once, apart from what repaid a debt. */
  | {
      readonly type: 'PointsGranted'
      readonly grantId: string
      readonly source: PointsSource
      readonly points: number
      readonly repaid: number
      readonly expiresAt: Instant
      readonly at: Instant
    }
  /** To be had later. */
  | {
      readonly type: 'PointsPromised'
      readonly grantId: string
      readonly source: PointsSource
      readonly points: number
      /** Under what the same was promised before, where it was reckoned anew. */
      readonly replaces?: string
      readonly terms: PendingTerms | null
      readonly at: Instant
    }
  | {
      readonly type: 'PointsActivated'
      readonly grantId: string
      readonly points: number
      readonly repaid: number
      readonly expiresAt: Instant
      readonly at: Instant
    }
  | { readonly type: 'PointsHeld'; readonly holdId: string; readonly parts: readonly LotPart[]; readonly at: Instant }
  | { readonly type: 'HoldSettled'; readonly holdId: string; readonly points: number; readonly at: Instant }
  | {
      readonly type: 'HoldReleased'
      readonly holdId: string
      readonly parts: readonly LotPart[]
      readonly repaid: number
      readonly at: Instant
    }
  | {
      readonly type: 'PointsRestored'
      readonly holdId: string
      readonly restoreId: string
      /** As they go back to the lots, with the end they have from now on. */
      readonly parts: readonly LotPart[]
      readonly repaid: number
      readonly at: Instant
    }
  | {
      readonly type: 'PointsClawedBack'
      readonly grantId: string
      readonly clawId: string
      readonly fromPending: number
      readonly parts: readonly LotPart[]
      /** What nothing was left for and is owed. */
      readonly owed: number
      /** What nothing was left for and is not owed. */
      readonly waived: number
      readonly at: Instant
    }
  | { readonly type: 'PointsExpired'; readonly lotId: string; readonly points: number; readonly at: Instant }
  | {
      readonly type: 'PointsExpiryNoticed'
      readonly points: number
      /** The first and the last end among them. */
      readonly firstAt: Instant
      readonly lastAt: Instant
      readonly noticedTo: Instant
      readonly at: Instant
    }
  | {
      readonly type: 'PointsAccountClosed'
      readonly lost: number
      readonly lostPending: number
      readonly forgiven: number
      readonly at: Instant
    }

/** Why points refuse. */
export type PointsError =
  | { readonly type: 'PointsAccountMissing' }
  | { readonly type: 'PointsAccountIsClosed'; readonly accountId: string }
  | { readonly type: 'PointsInsufficient'; readonly available: number; readonly requested: number }
  | { readonly type: 'PointsHoldUnknown'; readonly holdId: string }
  /** No points were promised under the id. */
  | { readonly type: 'PointsGrantUnknown'; readonly grantId: string }
  /** The hold is there with another number of points. */
  | { readonly type: 'PointsHoldDiffers'; readonly holdId: string; readonly held: number; readonly requested: number }
  | {
      readonly type: 'PointsRestoreTooLarge'
      readonly holdId: string
      readonly left: number
      readonly requested: number
    }
  /** Not a whole number of at least 1, or an end before the beginning. */
  | { readonly type: 'PointsInvalid'; readonly command: PointsCommand['type'] }
  /** Orders that are not paid yet hold points. */
  | { readonly type: 'PointsStillHeld'; readonly holdIds: readonly string[] }

/** Points that can be spent at a moment. */
export const availablePoints = (account: PointsAccount | undefined, now: Instant): number => {
  if (account === undefined || account.status === 'closed') return 0
  let sum = 0
  for (const lot of account.lots) if (lot.expiresAt > now) sum += lot.points
  return sum
}
