import type { Instant } from '../shared/instant.js'
import type { Sealed } from '../shared/personal-data.js'

/** What a member does beside buying, and may earn points by. */
export type MemberActivity = 'signIn' | 'share' | 'review' | 'invitation'

/** From a moment on a member stands on a level; null is none. */
export type MemberStep = {
  readonly from: Instant
  readonly levelId: string | null
  /** Place of the level on the ladder from 0; -1 is none. */
  readonly rank: number
}

/** Benefits that were taken, each with the latest period it was taken for (`once`, `2026`, `2026-11`). */
export type TakenBenefits = Readonly<Record<string, string>>

/** A day of birth as it is kept. */
export type KeptBirthday = {
  /** Month and day, readable with the person's key only. */
  readonly day: Sealed
  /** What those who were born on the day are found by: a keyed digest of it. */
  readonly key: string
}

/** How often each activity has earned on a day. */
export type EarnedToday = {
  readonly day: string
  readonly times: Readonly<Partial<Record<MemberActivity, number>>>
}

/** A customer in the shop's programme. */
export type Member =
  | {
      readonly status: 'member'
      /** The account; the id of the row too. */
      readonly accountId: string
      readonly joinedAt: Instant
      /** Revision of the terms that were shown and agreed to. */
      readonly termsRevision: number
      /** The level that was told last. */
      readonly levelId: string | null
      /** Its place on the ladder; -1 is none. */
      readonly rank: number
      readonly levelSince: Instant
      /** The levels that hold from now on if nothing more is done, in order. */
      readonly steps: readonly MemberStep[]
      /** When the next of them begins; null when none does. */
      readonly nextStepAt: Instant | null
      /** Null when not told. */
      readonly birthday: KeptBirthday | null
      /** Days in a row with a daily sign-in, up to the last such day (`2026-11-11`); null before the first. */
      readonly streak: { readonly day: string; readonly days: number } | null
      /** How often each activity has earned on a day; of the last such day only. */
      readonly earned: EarnedToday | null
      readonly benefits: TakenBenefits
      /** When the last birthday came; long before the beginning while none has. */
      readonly birthdayAt: Instant
      /** A birthday that began before it is none: the member had told a day before, and left. Null where there is no such. */
      readonly birthdayFrom: Instant | null
    }
  /** May join anew; what was done before counts no more, but where it had been given something for. */
  | {
      readonly status: 'left'
      readonly accountId: string
      readonly joinedAt: Instant
      readonly leftAt: Instant
      /** Kept, so that nobody has a benefit again by joining anew. */
      readonly benefits: TakenBenefits
      /** The last day of a daily sign-in, so that no day has two. */
      readonly checkedInOn: string | null
      /** How often each activity has earned on its last day, so that joining anew begins no day anew. */
      readonly earned: EarnedToday | null
      /** The year after that in which a day of birth was told last begins with it; the day is kept no longer. */
      readonly birthdayFrom: Instant | null
    }

/** A member who has not left. */
export type ActiveMember = Extract<Member, { status: 'member' }>

/** What may be done with a membership. */
export type MemberCommand =
  /** The customer joins, by their own choice. */
  | {
      readonly type: 'JoinMembership'
      readonly accountId: string
      readonly termsRevision: number
      readonly birthday: KeptBirthday | null
      readonly steps: readonly MemberStep[]
      readonly now: Instant
    }
  /** Tells the day of birth; once. */
  | { readonly type: 'TellBirthday'; readonly birthday: KeptBirthday; readonly now: Instant }
  /** The day of birth has come round; within half a year of the last one nothing happens. */
  | { readonly type: 'NoteBirthday'; readonly now: Instant }
  /** Signs in for the day; a second time on one day changes nothing. */
  | { readonly type: 'CheckIn'; readonly day: string; readonly dayBefore: string; readonly now: Instant }
  /** Counts an activity that earns; at most so often a day. */
  | {
      readonly type: 'CountActivity'
      readonly activity: Exclude<MemberActivity, 'signIn'>
      readonly reference: string
      readonly day: string
      readonly perDay: number
      readonly now: Instant
    }
  /** Takes a benefit; once in a period. */
  | { readonly type: 'TakeBenefit'; readonly benefitId: string; readonly period: string; readonly now: Instant }
  /** Puts the member on the levels that the facts say; with no new facts what was foretold comes true. */
  | { readonly type: 'AssignLevel'; readonly steps: readonly MemberStep[] | null; readonly now: Instant }
  /** Leaves; whoever had told a day of birth has no other birthday before `yearEnd`, the end of the year. */
  | { readonly type: 'LeaveMembership'; readonly yearEnd: Instant; readonly now: Instant }

/** What happened to a membership. */
export type MemberEvent =
  | {
      readonly type: 'MemberJoined'
      readonly accountId: string
      readonly termsRevision: number
      readonly birthday: KeptBirthday | null
      readonly steps: readonly MemberStep[]
      readonly levelId: string | null
      readonly rank: number
      readonly at: Instant
    }
  | { readonly type: 'BirthdayTold'; readonly birthday: KeptBirthday; readonly at: Instant }
  | { readonly type: 'BirthdayCame'; readonly at: Instant }
  | { readonly type: 'CheckedIn'; readonly day: string; readonly days: number; readonly at: Instant }
  | {
      readonly type: 'ActivityCounted'
      readonly activity: MemberActivity
      readonly reference: string
      readonly day: string
      readonly at: Instant
    }
  | { readonly type: 'BenefitGiven'; readonly benefitId: string; readonly period: string; readonly at: Instant }
  /** The levels to come are others than before. */
  | { readonly type: 'LevelForetold'; readonly steps: readonly MemberStep[]; readonly at: Instant }
  /** Up. */
  | {
      readonly type: 'LevelReached'
      readonly levelId: string | null
      readonly rank: number
      readonly before: string | null
      readonly at: Instant
    }
  /** Down. */
  | {
      readonly type: 'LevelFallen'
      readonly levelId: string | null
      readonly rank: number
      readonly before: string | null
      readonly at: Instant
    }
  | {
      readonly type: 'MemberLeft'
      readonly levelId: string | null
      /** No birthday that begins before it is one, should they join anew. */
      readonly birthdayFrom: Instant | null
      readonly at: Instant
    }

/** What is told of a membership outside of its row: nothing that tells of a birth. */
export type MemberTold =
  | Exclude<MemberEvent, { birthday: unknown }>
  | Omit<Extract<MemberEvent, { type: 'MemberJoined' }>, 'birthday'>
  | Omit<Extract<MemberEvent, { type: 'BirthdayTold' }>, 'birthday'>

/** Why a membership refuses. */
export type MemberError =
  | { readonly type: 'NotAMember'; readonly accountId: string }
  | { readonly type: 'AlreadyMember'; readonly joinedAt: Instant }
  /** The day of birth is told already. */
  | { readonly type: 'BirthdayAlreadyTold' }
  /** The member has had it in this period or a later one. */
  | { readonly type: 'BenefitTaken'; readonly benefitId: string; readonly period: string }
  /** The activity has earned as often today as it may. */
  | { readonly type: 'ActivityLimitReached'; readonly activity: MemberActivity; readonly perDay: number }

/** The level of a member at a moment; null for whoever is none. */
export const levelIdAt = (member: Member | undefined, at: Instant): string | null => {
  if (member === undefined || member.status === 'left') return null
  let levelId = member.levelId
  for (const step of member.steps) if (step.from <= at) levelId = step.levelId
  return levelId
}

/** Whether a benefit was had in a period or in a later one: where a clock or a day of birth went back nothing is had anew. */
export const isTaken = (benefits: TakenBenefits, benefitId: string, period: string): boolean => {
  const taken = Object.hasOwn(benefits, benefitId) ? benefits[benefitId] : undefined
  if (taken === undefined) return false
  if (taken === 'once' || period === 'once') return taken === period
  // Where the terms were of months and are of years now, a month is of its year.
  return period <= taken.slice(0, period.length)
}
