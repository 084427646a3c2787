import type { Instant } from '../shared/instant.js'
import { type TallyFacts, tallyOf } from './product-tally.js'
import { type RecentSales, sellMore } from './recent-sales.js'
import { summaryOf } from './reviews/review-summary.js'

/** How a product stands with buyers; lists are sorted and filtered by it. */
export type ProductStanding = {
  /** Pieces sold. */
  readonly sold: number
  /** Reviews that are seen. */
  readonly reviews: number
  /** The mean of their stars in tenths; 0 without a review. */
  readonly ratingTenths: number
  /** The good rate (好评率), basis points; 0 without a review. */
  readonly goodRateBasisPoints: number
  /** The Wilson lower bound of the good rate, basis points. */
  readonly recommendationBasisPoints: number
  /** Pieces sold lately; none when absent. */
  readonly recent?: RecentSales
}

/** How a product stands of which nothing is known. */
export const noStanding: ProductStanding = {
  sold: 0,
  reviews: 0,
  ratingTenths: 0,
  goodRateBasisPoints: 0,
  recommendationBasisPoints: 0,
}

/** Whether the counts of a product have moved since its row was told. Many sales come to one write of the product. */
export type StandingMark = {
  readonly productId: string
  /** Counts that move now are among those that the row is told: whoever moves one need not say so. */
  readonly open: boolean
  /** When the row is to be told; null where it has been. */
  readonly dueAt: Instant | null
}

/**
 * How a product stands, of what is counted; what was sold since it was last told counts as sold now.
 *
 * @param before - as it was last told
 */
export const standingOf = (
  facts: TallyFacts,
  productId: string,
  before: ProductStanding,
  now: Instant,
): ProductStanding => {
  const { reviews, ratingTenths, goodRateBasisPoints, recommendationBasisPoints } = summaryOf(facts, productId)
  const sold = tallyOf(facts, productId, 'sold')
  const recent = sold === before.sold ? before.recent : sellMore(before.recent, sold - before.sold, now)
  return {
    sold,
    reviews,
    ratingTenths: ratingTenths ?? 0,
    goodRateBasisPoints: goodRateBasisPoints ?? 0,
    recommendationBasisPoints,
    ...(recent === undefined ? {} : { recent }),
  }
}

/** The least Wilson lower bound of each recommendation grade, basis points; grade 1 is any good review. */
const gradeFloors = [1, 6_000, 8_000, 9_000, 9_500] as const

/** From which Wilson lower bound on a product has a grade, 1 to 5. */
export const gradeFloor = (grade: number): number => gradeFloors[grade - 1] ?? 0

/** The recommendation grade of a product, 1 to 5, by its Wilson lower bound; 0 where nothing good is known of it. */
export const gradeOf = ({ recommendationBasisPoints }: ProductStanding): number =>
  gradeFloors.filter((floor) => floor <= recommendationBasisPoints).length

/** Whether two standings are the same; what was sold lately is another only where pieces were sold. */
export const isSameStanding = (left: ProductStanding, right: ProductStanding): boolean =>
  left.sold === right.sold &&
  left.reviews === right.reviews &&
  left.ratingTenths === right.ratingTenths &&
  left.goodRateBasisPoints === right.goodRateBasisPoints &&
  left.recommendationBasisPoints === right.recommendationBasisPoints
