import type { Change } from '../../shared/commit.js'
import { moveProductTally, type ProductCount, type TallyFacts, tallyOf } from '../product-tally.js'
import type { Rating } from './review.js'
import type { ReviewState } from './review-machine.js'
import { wilsonBasisPoints } from './wilson.js'

/** What the reviews of a product come to. */
export type ReviewSummary = {
  /** Reviews that are seen. */
  readonly reviews: number
  /** How many of them have so many stars. */
  readonly byRating: Readonly<Record<Rating, number>>
  /** The mean of their stars in tenths (47 is 4.7), rounded half up; null without a review. */
  readonly ratingTenths: number | null
  /** How many are good: 4 or 5 stars. */
  readonly good: number
  /** The good rate (好评率), basis points, rounded down; null without a review. */
  readonly goodRateBasisPoints: number | null
  /** What the good rate is at least, by so many reviews: the Wilson lower bound, basis points. Products are ranked by it. */
  readonly recommendationBasisPoints: number
  /** Reviews out of sight for a reason of law. */
  readonly hidden: number
}

/** From so many stars on a review is good. */
export const goodFrom: Rating = 4

/** Sums up counts of stars. */
export const summarise = (byRating: Readonly<Record<Rating, number>>, hidden: number): ReviewSummary => {
  const entries = [1, 2, 3, 4, 5] as const
  const reviews = entries.reduce((sum, rating) => sum + byRating[rating], 0)
  const stars = entries.reduce((sum, rating) => sum + rating * byRating[rating], 0)
  const good = entries.reduce((sum, rating) => sum + (rating >= goodFrom ? byRating[rating] : 0), 0)
  return {
    reviews,
    byRating,
    ratingTenths: reviews === 0 ? null : Math.floor((20 * stars + reviews) / (2 * reviews)),
    good,
    goodRateBasisPoints: reviews === 0 ? null : Math.floor((10_000 * good) / reviews),
    recommendationBasisPoints: wilsonBasisPoints(good, reviews),
    hidden,
  }
}

/** What the reviews of a product come to, of what is counted. */
export const summaryOf = (facts: TallyFacts, productId: string): ReviewSummary => {
  const of = (count: ProductCount): number => tallyOf(facts, productId, count)
  return summarise({ 1: of(1), 2: of(2), 3: of(3), 4: of(4), 5: of(5) }, of('hidden'))
}

/** Under what a review is counted; null under nothing. */
export const countOf = (review: ReviewState): ProductCount | null => {
  switch (review.status) {
    case 'published':
      return review.rating
    case 'hidden':
      return 'hidden'
    case 'withdrawn':
    case 'absent':
      return null
  }
}

/** What a step of a review moves in the counts of its product. */
export const countReview = (productId: string, before: ReviewState, after: ReviewState): readonly Change[] => {
  const [left, right] = [countOf(before), countOf(after)]
  if (left === right) return []
  return [
    ...(left === null ? [] : moveProductTally(productId, left, -1)),
    ...(right === null ? [] : moveProductTally(productId, right, 1)),
  ]
}
