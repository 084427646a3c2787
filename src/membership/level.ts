import type { Message } from '../shared/messages.js'

/** How a member is served: in turn, before others, or by a person of their own. */
export type ServiceClass = 'standard' | 'priority' | 'personal'

/** A step of a ladder. */
export type Level = {
  readonly levelId: string
  readonly title: Message
  /** The least metric that reaches it. */
  readonly from: number
  /** How often points are earned that would be earned once; 10000 is once. */
  readonly earnMultiplierBasisPoints: number
  readonly service: ServiceClass
  /** What it brings, in words; told before anybody joins. */
  readonly benefits: readonly Message[]
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

/** What the activities count, in parts of a millionth at the finest; the metric is their sum. */
export type LevelWeights = {
  readonly perSpentMinor: number
  readonly perSignIn: number
  readonly perContribution: number
}

/** The metric of an activity, exact, at least 0 and rounded down. */
export const metricOf = (activity: LevelActivity, weights: LevelWeights): number => {
  const millionths =
    millionthsOf(activity.spentMinor, weights.perSpentMinor) +
    millionthsOf(activity.signIns, weights.perSignIn) +
    millionthsOf(activity.contributions, weights.perContribution)
  return millionths <= 0n ? 0 : Number(millionths / 1_000_000n)
}

// A weight such as 0.29 is no binary fraction: a hundred of it would come to 28.
const millionthsOf = (count: number, weight: number): bigint => BigInt(count) * BigInt(Math.round(weight * 1_000_000))

/** A member's level and how far the next one is. */
export type LevelStanding = {
  readonly level: Level | null
  readonly next: Level | null
  /** What the metric lacks for the next level; 0 on the highest. */
  readonly missing: number
}

/** The level that a metric reaches. */
export const levelOf = (metric: number, ladder: Ladder): LevelStanding => {
  const reached = rankOf(metric, ladder)
  const next = ladder[reached + 1] ?? null
  return { level: ladder[reached] ?? null, next, missing: next === null ? 0 : next.from - metric }
}

/** The place on the ladder that a metric reaches; -1 where it reaches none. */
export const rankOf = (metric: number, ladder: Ladder): number => {
  let reached = -1
  for (const [place, level] of ladder.entries()) if (level.from <= metric) reached = place
  return reached
}
