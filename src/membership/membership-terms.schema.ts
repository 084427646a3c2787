import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { isTimeZone } from '../shared/local-day.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput, parseStored } from '../shared/stored.schema.js'
import type { MembershipTerms } from './membership-terms.js'

const id = z.string().min(1).max(100)
const ids = z.array(id).min(1).max(100)
const points = z.int().min(0).max(1_000_000_000)
const count = z.int().min(1).max(1_000_000)
const text = z.strictObject({ 'zh-CN': z.string().min(1).max(200), en: z.string().min(1).max(200) })
const instant = z.int().min(0)
const timeZone = z.string().min(1).max(60).refine(isTimeZone, 'An IANA time zone')
const daysOfMonth = z.array(z.int().min(1).max(31)).min(1).max(31)
const activity = z.strictObject({ points, perDay: count }).nullable()

const level = z.strictObject({
  levelId: id,
  title: text,
  from: z.int().min(0),
  earnMultiplierBasisPoints: z.int().min(0).max(1_000_000),
  service: z.enum(['standard', 'priority', 'personal']),
  benefits: z.array(text).max(50),
})

const ladder = z
  .array(level)
  .min(1)
  .max(50)
  .refine((levels) => new Set(levels.map(({ levelId }) => levelId)).size === levels.length, 'A level stands twice')
  .refine((levels) => levels[0]?.from === 0, 'The first level is from 0')
  .refine(
    (levels) => levels.every(({ from }, place) => place === 0 || from > (levels[place - 1]?.from ?? 0)),
    'Levels stand by rising metric',
  )

const weight = z
  .number()
  .min(0)
  .max(1_000_000)
  .refine((given) => Math.round(given * 1_000_000) / 1_000_000 === given, 'Six decimals at most')

const stated = {
  currency: z.string().regex(/^[A-Z]{3}$/),
  levels: z.strictObject({
    ladder,
    weights: z.strictObject({ perSpentMinor: weight, perSignIn: weight, perContribution: weight }),
    window: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('rolling'), months: z.int().min(1).max(60) }),
      z.strictObject({
        kind: z.literal('calendar'),
        months: z.int().min(1).max(60),
        startMonth: z.int().min(1).max(12),
      }),
    ]),
    graceDays: z.int().min(0).max(366),
    downgrade: z.enum(['none', 'auto', 'oneDown']),
    timeZone,
  }),
  activities: z.strictObject({
    signIn: z
      .strictObject({
        points,
        streaks: z.array(z.strictObject({ everyDays: z.int().min(2).max(366), points })).max(20),
      })
      .nullable(),
    share: activity,
    review: activity,
    invitation: activity,
  }),
  pointsMonths: z.int().min(1).max(240),
  multipliers: z
    .array(
      z.strictObject({
        multiplierId: id,
        basisPoints: z.int().min(0).max(1_000_000),
        window: z.exactOptional(
          z.strictObject({
            from: z.exactOptional(instant),
            to: z.exactOptional(instant),
            timeZone,
            daysOfMonth: z.exactOptional(daysOfMonth),
            weekdays: z.exactOptional(z.array(z.int().min(1).max(7)).min(1).max(7)),
            minutesOfDay: z.exactOptional(
              z.strictObject({ from: z.int().min(0).max(1439), to: z.int().min(1).max(1440) }),
            ),
          }),
        ),
        birthday: z.exactOptional(z.boolean()),
        levels: z.exactOptional(ids),
        additive: z.exactOptional(z.boolean()),
      }),
    )
    .max(100),
  benefits: z
    .array(
      z.strictObject({
        benefitId: id,
        title: text,
        levels: ids,
        period: z.enum(['once', 'year', 'month']),
        occasion: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('any') }),
          z.strictObject({ kind: z.literal('birthday'), days: z.int().min(1).max(366) }),
          z.strictObject({ kind: z.literal('memberDay'), daysOfMonth }),
        ]),
        automatic: z.exactOptional(z.boolean()),
        points,
        couponOfferIds: z.array(id).max(20),
      }),
    )
    .max(200),
  rewards: z
    .array(
      z.strictObject({
        rewardId: id,
        title: text,
        points: points.min(1),
        minimumPoints: z.exactOptional(points),
        stock: z.exactOptional(z.int().min(1).max(1_000_000_000)),
        perMember: z.exactOptional(count),
        levels: z.exactOptional(ids),
        window: z.exactOptional(z.strictObject({ from: z.exactOptional(instant), to: z.exactOptional(instant) })),
        couponOfferId: id,
      }),
    )
    .max(500),
  noticeDays: z.int().min(1).max(366),
}

/** The programme of a shop, in place of that of a revision. */
export type PublishMembershipInput = Omit<MembershipTerms, 'bookId'> & {
  /** The revision that is replaced; 0 for the first. */
  readonly expectedRevision: number
}

const isUnique = (idsOf: readonly string[]): boolean => new Set(idsOf).size === idsOf.length

const publishMembershipSchema = schemaOf<PublishMembershipInput>()(
  z
    .strictObject({ expectedRevision: z.int().min(0), ...stated })
    .superRefine(({ levels, benefits, rewards, multipliers }, context) => {
      const known = levels.ladder.map(({ levelId }) => levelId)
      for (const [list, members] of Object.entries({ benefits, rewards, multipliers })) {
        for (const [place, member] of members.entries()) {
          if (member.levels?.every((levelId) => known.includes(levelId)) === false) {
            context.addIssue({ code: 'custom', path: [list, place, 'levels'], message: 'No such level' })
          }
        }
      }
      for (const [place, { automatic, occasion, period }] of benefits.entries()) {
        const hasMoment = occasion.kind === 'birthday' || (occasion.kind === 'any' && period === 'once')
        if (automatic === true && !hasMoment) {
          const message = 'Given without asking is what belongs to a birthday, or what may be had once at any time'
          context.addIssue({ code: 'custom', path: ['benefits', place, 'automatic'], message })
        }
      }
      for (const [list, idsOf] of Object.entries({
        benefits: benefits.map(({ benefitId }) => benefitId),
        rewards: rewards.map(({ rewardId }) => rewardId),
        multipliers: multipliers.map(({ multiplierId }) => multiplierId),
      })) {
        if (!isUnique(idsOf)) context.addIssue({ code: 'custom', path: [list], message: 'One stands twice' })
      }
    }),
)

export const parsePublishMembership = parseInput<PublishMembershipInput>(publishMembershipSchema)

const bookSchema = z.object({ bookId: z.string(), ...stated })

/** The one row of a shop's programme; its version is the revision that members agree to. */
export const membershipBooks: Collection<MembershipTerms> = {
  name: 'membershipBook',
  rank: 83,
  schemaVersion: 1,
  fields: {},
  ownership: 'public',
  parse: parseStored<MembershipTerms>('membershipBook')(bookSchema),
}
