import type { Message } from '../shared/messages.js'

/** A step of a ladder. */
export type Level = {
  readonly levelId: string
  readonly title: Message
  /** The least metric that reaches it. */
  readonly from: number
  /** How often points are earned that would be earned once; 10000 is once. */
  readonly earnMultiplierBasisPoints: number
}

/** Levels by rising `from`, the first from 0. */
export type Ladder = readonly Level[]

/** What a member has done in the window that counts. */
export type LevelActivity = {
  /** Paid and not refunded, minor units. */
  readonly spentMinor: number
  readonly signIns: number
  readonly contributions: number
}

/** What the activities count; the metric is their sum. */
export type LevelWeights = {
  readonly perSpentMinor: number
  readonly perSignIn: number
  readonly perContribution: number
}

/** The ladder of four steps by money spent, minor units. */
export const guideLadder: Ladder = [
  { levelId: 'ordinary', title: { 'zh-CN': '普通会员', en: 'Ordinary' }, from: 0, earnMultiplierBasisPoints: 10_000 },
  { levelId: 'silver', title: { 'zh-CN': '银卡会员', en: 'Silver' }, from: 100_000, earnMultiplierBasisPoints: 20_000 },
  { levelId: 'gold', title: { 'zh-CN': '金卡会员', en: 'Gold' }, from: 500_000, earnMultiplierBasisPoints: 20_000 },
  {
    levelId: 'diamond',
    title: { 'zh-CN': '钻石会员', en: 'Diamond' },
    from: 2_000_000,
    earnMultiplierBasisPoints: 20_000,
  },
]

/** The metric of an activity, at least 0 and rounded down. */
export const metricOf = (activity: LevelActivity, weights: LevelWeights): number =>
  Math.max(
    0,
    Math.floor(
      activity.spentMinor * weights.perSpentMinor +
        activity.signIns * weights.perSignIn +
        activity.contributions * weights.perContribution,
    ),
  )

/** A member's level and how far the next one is. */
export type LevelStanding = {
  readonly level: Level | null
  readonly next: Level | null
  /** What the metric lacks for the next level; 0 on the highest. */
  readonly missing: number
}

/** The level that a metric reaches. */
export const levelOf = (metric: number, ladder: Ladder): LevelStanding => {
  let reached = -1
  for (const [place, level] of ladder.entries()) if (level.from <= metric) reached = place
  const next = ladder[reached + 1] ?? null
  return { level: ladder[reached] ?? null, next, missing: next === null ? 0 : next.from - metric }
}
