import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { couponIssues } from '../promotions/limits.js'
import { offerBookId, offerBooks } from '../promotions/offer.schema.js'
import { customerIdOf } from '../shared/actor.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { chanceOf } from './benefit.js'
import { type Birthday, openBirthday } from './birthday.js'
import { draftBenefit } from './draft-benefit.js'
import { type CouponSource, expectOffers } from './give-coupon.js'
import type { ClaimBenefitInput } from './inputs.schema.js'
import { parseClaimBenefit } from './inputs.schema.js'
import { levelIdAt } from './member.js'
import { askMember, closeMember, type MemberRead, openMember, timeZoneOf } from './member-draft.js'
import type { ClaimBenefitError } from './membership-errors.js'
import { membershipBookId } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'
import type { MembershipPorts } from './ports.js'

/** A benefit that was given. */
export type ClaimedBenefit = {
  readonly benefitId: string
  readonly points: number
  readonly couponIds: readonly string[]
}

/**
 * Gives a member a benefit of their level, once in its period: the points and every coupon of it in one commit.
 *
 * @errors NotAMember, BenefitUnknown, BenefitNeedsLevel, BenefitNotNow, BenefitTaken, CouponClaimError, CommandError
 */
export const claimBenefit = (
  ports: MembershipPorts,
  context: CommandContext,
  input: ClaimBenefitInput,
): ResultAsync<ClaimedBenefit, ClaimBenefitError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'membership.claimBenefit',
    parse: parseClaimBenefit,
    plan: ({ actor, now }) => {
      const accountId = customerIdOf(actor)
      return {
        ...askMember(ports, accountId, now),
        membership: row(membershipBooks, membershipBookId),
        key: row(subjectKeys, accountId),
        offers: row(offerBooks, offerBookId),
        issues: counters(couponIssues, { from: 'membership', path: 'benefits.*.couponOfferIds.*' }),
      }
    },
    decide: ({ key, offers, issues, ...read }, { actor, input: { benefitId }, now }) =>
      openBirthday(ports.sealer, key?.state, read.member?.state, { now, timeZone: timeZoneOf(read) }).andThen(
        (birthday) => {
          const asked = { accountId: customerIdOf(actor), benefitId, birthday, now }
          return give(read, { offers, issues }, asked, () => ports.ids.next('cpn'))
        },
      ),
  })

type Asked = {
  readonly accountId: string
  readonly benefitId: string
  readonly birthday: Birthday | null
  readonly now: number
}

const give = (
  read: MemberRead,
  source: CouponSource,
  { accountId, benefitId, birthday, now }: Asked,
  nextCouponId: () => string,
): Result<Decision<ClaimedBenefit>, ClaimBenefitError> =>
  safeTry(function* () {
    const draft = openMember(read, accountId, now)
    const { state } = draft.member
    if (state.status !== 'member') return err<never, ClaimBenefitError>({ type: 'NotAMember', accountId })
    const benefit = draft.terms.benefits.find((each) => each.benefitId === benefitId)
    if (benefit === undefined) return err<never, ClaimBenefitError>({ type: 'BenefitUnknown', benefitId })
    const { timeZone } = draft.terms.levels
    const levelId = levelIdAt(state, now)
    const chance = chanceOf(benefit, { levelId, birthday, now, timeZone })
    if (chance.kind === 'needsLevel') {
      return err<never, ClaimBenefitError>({ type: 'BenefitNeedsLevel', benefitId, levels: benefit.levels })
    }
    if (chance.kind === 'notNow') return err<never, ClaimBenefitError>({ type: 'BenefitNotNow', benefitId })
    const { couponIds } = yield* draftBenefit(draft, benefit, { period: chance.period, source, nextCouponId })
    if (couponIds.length > 0) draft.further.push(...expectOffers(source))
    const changes = yield* closeMember(draft)
    return ok({ changes, answer: { benefitId, points: benefit.points, couponIds } })
  })
