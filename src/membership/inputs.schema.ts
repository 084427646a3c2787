import * as z from 'zod'
import type { Period } from '../shared/period.js'
import { periodSchema } from '../shared/period.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { Birthday } from './birthday.js'

/** Joins the programme. */
export type JoinMembershipInput = {
  /** The revision of the terms that were shown: joining agrees to them. */
  readonly termsRevision: number
  /** For a birthday gift; told freely, kept sealed. */
  readonly birthday?: Birthday
}

/** Something a member did, as whoever saw it says. */
export type RecordActivityInput = {
  readonly accountId: string
  readonly activity: 'share' | 'review' | 'invitation'
  /** What it is about: the account that came by it, or the review; it counts once. */
  readonly reference: string
}

/** Which results of the programme are asked for. */
export type MemberResultsInput = {
  /** Only what happened on these days of the programme; all of it when absent. */
  readonly period?: Period
}

/** Takes a benefit. */
export type ClaimBenefitInput = { readonly benefitId: string }

/** Buys a reward with points. */
export type RedeemRewardInput = { readonly rewardId: string }

const id = z.string().min(1).max(200)
const birthday = z.strictObject({ month: z.int().min(1).max(12), day: z.int().min(1).max(31) })

export const parseJoinMembership = parseInput<JoinMembershipInput>(
  schemaOf<JoinMembershipInput>()(
    z.strictObject({ termsRevision: z.int().min(0), birthday: z.exactOptional(birthday) }),
  ),
)

export const parseTellBirthday = parseInput<Birthday>(schemaOf<Birthday>()(birthday))

export const parseRecordActivity = parseInput<RecordActivityInput>(
  schemaOf<RecordActivityInput>()(
    z.strictObject({
      accountId: id,
      activity: z.enum(['share', 'review', 'invitation']),
      reference: z.string().min(1).max(200),
    }),
  ),
)

export const parseClaimBenefit = parseInput<ClaimBenefitInput>(
  schemaOf<ClaimBenefitInput>()(z.strictObject({ benefitId: id })),
)

export const parseRedeemReward = parseInput<RedeemRewardInput>(
  schemaOf<RedeemRewardInput>()(z.strictObject({ rewardId: id })),
)

export const parseMemberResults = parseInput<MemberResultsInput>(
  schemaOf<MemberResultsInput>()(z.strictObject({ period: z.exactOptional(periodSchema) })),
)
