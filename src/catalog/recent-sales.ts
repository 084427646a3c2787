import { daysMs, type Instant } from '../shared/instant.js'

/** Pieces sold lately: each counts half as much with every week that passes. */
export type RecentSales = {
  /** The day as of which they are told: days since 1970 in UTC. */
  readonly day: number
  /** What they came to on that day, thousandths of a piece. */
  readonly thousandths: number
  /**
   * What products are ordered by: of two the one that sold more lately has the larger. It is the same on every later day,
   * because all sales come to count less by the same share; nothing has to be written while nothing is sold.
   */
  readonly trend: number
}

/** After how many days a piece counts half. */
export const halfLifeDays = 7

// What is left of a million after so many days, rounded: 1,000,000 × 2^(-day/7).
const leftOfMillion = [1_000_000, 905_724, 820_335, 742_997, 672_950, 609_507, 552_045] as const

const dayOf = (at: Instant): number => Math.floor(at / daysMs)

/** What sales come to on a later day, thousandths of a piece, rounded down. */
const faded = ({ day, thousandths }: Pick<RecentSales, 'day' | 'thousandths'>, later: number): number => {
  const days = Math.max(0, later - day)
  const weeks = Math.floor(days / halfLifeDays)
  if (weeks > 52) return 0
  return Math.floor((thousandths * (leftOfMillion[days % halfLifeDays] ?? 0)) / 1_000_000 / 2 ** weeks)
}

/** What was sold lately, as of a moment, thousandths of a piece. */
export const soldLately = (recent: RecentSales | undefined, now: Instant): number =>
  recent === undefined ? 0 : faded(recent, dayOf(now))

/**
 * Counts pieces that were sold, or fewer where some were given back: those are taken off whole, whenever they were sold, as
 * far as anything is left.
 */
export const sellMore = (before: RecentSales | undefined, pieces: number, now: Instant): RecentSales => {
  const day = Math.max(dayOf(now), before?.day ?? 0)
  const thousandths = Math.max(0, (before === undefined ? 0 : faded(before, day)) + 1_000 * pieces)
  return { day, thousandths, trend: trendOf(thousandths, day) }
}

/** From which trend on a product has sold so many pieces lately, as of a moment. */
export const trendFloor = (pieces: number, now: Instant): number => trendOf(1_000 * pieces, dayOf(now))

/** Steps of a trend by which sales double. */
const stepsPerHalf = 1_024

const trendOf = (thousandths: number, day: number): number =>
  thousandths === 0 ? 0 : Math.floor((stepsPerHalf * day) / halfLifeDays) + stepsOf(thousandths)

// How often a number of at least 1 is doubled from 1, in steps: the next binary digit of the logarithm is whether the square
// reaches 2. Products are rounded the same on every machine, which is not promised of the runtime's own logarithm.
const stepsOf = (value: number): number => {
  let whole = 0
  let rest = value
  while (rest >= 2) {
    rest /= 2
    whole += 1
  }
  let steps = whole
  for (let digit = 1; digit < stepsPerHalf; digit *= 2) {
    rest *= rest
    steps *= 2
    if (rest >= 2) {
      rest /= 2
      steps += 1
    }
  }
  return steps
}
