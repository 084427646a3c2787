import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { couponIssues, leftOf } from '../promotions/limits.js'
import { offerBookId, offerBooks } from '../promotions/offer.schema.js'
import { customerIdOf } from '../shared/actor.js'
import { adjust, type Change } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { type CouponSource, expectOffers, giveCoupon } from './give-coupon.js'
import type { RedeemRewardInput } from './inputs.schema.js'
import { parseRedeemReward } from './inputs.schema.js'
import { levelIdAt, type Member } from './member.js'
import { askMember, closeMember, draftMemberPoints, type MemberRead, openMember } from './member-draft.js'
import type { RedeemRewardError } from './membership-errors.js'
import { membershipBookId, type Reward } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'
import { availablePoints } from './points-account.js'
import { memberRewardId, rewardStock } from './reward-stock.js'

/** A reward that was bought with points. */
export type RedeemedReward = {
  readonly rewardId: string
  readonly couponId: string
  /** What it cost. */
  readonly points: number
  /** Points left to spend. */
  readonly available: number
}

/**
 * Buys a reward with points: the points are spent, the reward counted and its coupon given in one commit.
 *
 * @errors RewardUnknown, RewardNotOpen, RewardNeedsLevel, RewardExhausted, RewardLimitReached, PointsInsufficient,
 *   CouponClaimError, CommandError
 */
export const redeemReward = (
  ports: CorePorts,
  context: CommandContext,
  input: RedeemRewardInput,
): ResultAsync<RedeemedReward, RedeemRewardError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'membership.redeemReward',
    parse: parseRedeemReward,
    plan: ({ actor, input: { rewardId }, now }) => {
      const accountId = customerIdOf(actor)
      return {
        ...askMember(ports, accountId, now),
        membership: row(membershipBooks, membershipBookId),
        offers: row(offerBooks, offerBookId),
        issues: counters(couponIssues, { from: 'membership', path: 'rewards.*.couponOfferId' }),
        stock: counters(rewardStock, [rewardId, memberRewardId(rewardId, accountId)]),
      }
    },
    decide: ({ offers, issues, stock, ...read }, { actor, input: { rewardId }, now }) =>
      redeem(read, { offers, issues }, stock, {
        accountId: customerIdOf(actor),
        rewardId,
        couponId: ports.ids.next('cpn'),
        now,
      }),
  })

type Redeeming = {
  readonly accountId: string
  readonly rewardId: string
  readonly couponId: string
  readonly now: Instant
}

const redeem = (
  read: MemberRead,
  source: CouponSource,
  stock: ReadonlyMap<string, number>,
  redeeming: Redeeming,
): Result<Decision<RedeemedReward>, RedeemRewardError> =>
  safeTry(function* () {
    const { accountId, rewardId, couponId, now } = redeeming
    const draft = openMember(read, accountId, now)
    const reward = draft.terms.rewards.find((each) => each.rewardId === rewardId)
    if (reward === undefined) return err<never, RedeemRewardError>({ type: 'RewardUnknown', rewardId })
    yield* checkOpen(reward, read.member?.state, now)
    const counted = yield* countReward(reward, stock, accountId)
    const available = availablePoints(read.points?.state, now)
    const requested = Math.max(reward.points, reward.minimumPoints ?? 0)
    if (available < requested) {
      return err<never, RedeemRewardError>({ type: 'PointsInsufficient', available, requested })
    }
    // The coupon's id is drawn anew for each try, so each is a spend of its own.
    const holdId = `reward:${rewardId}:${couponId}`
    yield* draftMemberPoints(draft, { type: 'HoldPoints', holdId, points: reward.points, now })
    yield* draftMemberPoints(draft, { type: 'SettleHold', holdId, now })
    const given = yield* giveCoupon(source, { offerId: reward.couponOfferId, couponId, accountId, now })
    draft.further.push(...counted, ...given.changes, ...expectOffers(source))
    const changes = yield* closeMember(draft)
    return ok({ changes, answer: { rewardId, couponId, points: reward.points, available: available - reward.points } })
  })

const checkOpen = (reward: Reward, member: Member | undefined, now: Instant): Result<void, RedeemRewardError> => {
  const { rewardId, levels } = reward
  const { from, to } = reward.window ?? {}
  if (now < (from ?? now) || now >= (to ?? now + 1)) {
    return err({ type: 'RewardNotOpen', rewardId, from: from ?? null, to: to ?? null })
  }
  const levelId = levelIdAt(member, now)
  if (levels !== undefined && (levelId === null || !levels.includes(levelId))) {
    return err({ type: 'RewardNeedsLevel', rewardId, levels })
  }
  return ok(undefined)
}

const countReward = (
  { rewardId, stock, perMember }: Reward,
  bought: ReadonlyMap<string, number>,
  accountId: string,
): Result<readonly Change[], RedeemRewardError> => {
  const memberId = memberRewardId(rewardId, accountId)
  if (perMember !== undefined && leftOf(perMember, bought.get(memberId)) < 1) {
    return err({ type: 'RewardLimitReached', rewardId, limit: perMember })
  }
  if (stock !== undefined && leftOf(stock, bought.get(rewardId)) < 1) return err({ type: 'RewardExhausted', rewardId })
  return ok([
    adjust(rewardStock, { id: rewardId, by: -1, ...(stock === undefined ? {} : { floor: -stock }) }),
    adjust(rewardStock, { id: memberId, by: -1, ...(perMember === undefined ? {} : { floor: -perMember }) }),
  ])
}
