export type { SweepReport as PointsSweepReport } from '../shared/sweep-each.js'
export { membershipAccess } from './access.js'
export { type BenefitChance, type BenefitFacts, chanceOf } from './benefit.js'
export { type Birthday, isBirthday, lastBirthday } from './birthday.js'
export { askBuyer, type Buyer, type BuyerRead, buyerOf, expectBuyer, multiplierOf } from './buyer.js'
export { type CheckedInToday, checkIn } from './check-in.js'
export { type ClaimedBenefit, claimBenefit } from './claim-benefit.js'
export type { RecordActivityError } from './count-activity.js'
export { endMembership } from './end-membership.js'
export { giveBenefits } from './give-benefits.js'
export { type GrantedPoints, grantPoints } from './grant-points.js'
export { type GuideOffers, guideLadder, guideMemberOffers, guideMembership } from './guide-membership.js'
export type {
  ClaimBenefitInput,
  JoinMembershipInput,
  MemberResultsInput,
  RecordActivityInput,
  RedeemRewardInput,
} from './inputs.schema.js'
export { type JoinedMembership, type JoinMembershipError, joinMembership } from './join-membership.js'
export { type LeftMembership, leaveMembership } from './leave-membership.js'
export {
  type Ladder,
  type Level,
  type LevelActivity,
  type LevelStanding,
  type LevelWeights,
  levelOf,
  metricOf,
  type ServiceClass,
} from './level.js'
export type { LevelEntry, LevelFactKind } from './level-entry.js'
export {
  type LevelDowngrade,
  type LevelRules,
  type LevelStep,
  type LevelWindow,
  levelHistory,
  type MemberStanding,
  standingAt,
  stepAt,
} from './level-history.js'
export { levelEntries, members } from './member.collection.schema.js'
export {
  type ActiveMember,
  type EarnedToday,
  type KeptBirthday,
  levelIdAt,
  type Member,
  type MemberActivity,
  type MemberCommand,
  type MemberError,
  type MemberEvent,
  type MemberStep,
  type MemberTold,
  type TakenBenefits,
} from './member.js'
export { type MemberState, memberMachine, memberTable } from './member-machine.js'
export { type LevelResults, type MemberResults, memberResults, memberResultsCsv } from './member-results.js'
export { type LevelCount, memberTallies, type PointsCount } from './member-tally.js'
export type {
  ActivityEarnsNothing,
  ActivityTaken,
  BenefitNeedsLevel,
  BenefitNotNow,
  BenefitUnknown,
  BirthdayInvalid,
  ClaimBenefitError,
  MembershipError,
  MembershipTermsChanged,
  RedeemRewardError,
  RewardExhausted,
  RewardLimitReached,
  RewardNeedsLevel,
  RewardNotOpen,
  RewardUnknown,
} from './membership-errors.js'
export {
  type ActivityRule,
  type ActivityRules,
  type BenefitOccasion,
  type BenefitPeriod,
  type MemberBenefit,
  type MembershipTerms,
  membershipBookId,
  type PointsMultiplier,
  type Reward,
  type SignInRule,
} from './membership-terms.js'
export { membershipBooks, type PublishMembershipInput } from './membership-terms.schema.js'
export { membershipMessages } from './messages.js'
export { membershipPersonalData } from './personal-data.js'
export { membershipPersonalRecords } from './personal-records.js'
export { pointsAccounts } from './points-account.collection.schema.js'
export {
  availablePoints,
  type ClawBackPolicy,
  type LotPart,
  type OpenPointsAccount,
  type PendingPoints,
  type PendingTerms,
  type PointsAccount,
  type PointsClaw,
  type PointsCommand,
  type PointsError,
  type PointsEvent,
  type PointsHold,
  type PointsLot,
  type PointsSource,
  type PointsSpend,
} from './points-account.js'
export {
  type BookedEvent,
  entryOf,
  type PointsEntry,
  type PointsPart,
  type PointsPlace,
  totalsAt,
} from './points-entry.js'
export { appendPoints, pointsEntries } from './points-entry.schema.js'
export { pointsExpiry, pointsMonths, restoredExpiry, restoreGraceDays } from './points-expiry.js'
export { type PointsState, pointsMachine, pointsTable } from './points-machine.js'
export { type PointsPage, pointsPage } from './points-page.js'
export type { GrantPointsInput, PointsPageInput } from './points-page.schema.js'
export type { EarnRule, SpendRule } from './points-rules.js'
export { pointsSweep } from './points-sweep.js'
export type { MembershipPorts } from './ports.js'
export { publishMembership } from './publish-membership.js'
export { type RecordedActivity, recordActivity } from './record-activity.js'
export { type RedeemedReward, redeemReward } from './redeem-reward.js'
export { rewardStock } from './reward-stock.js'
export { serviceClasses, serviceOf } from './service-class.js'
export { type ShownTerms, showTerms } from './show-terms.js'
export { sweepBirthdays } from './sweep-birthdays.js'
export { sweepMembers } from './sweep-members.js'
export { type ToldBirthday, tellBirthday } from './tell-birthday.js'
export { tellExpiringPoints } from './tell-expiring-points.js'
