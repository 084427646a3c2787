import type { Instant } from '../../shared/instant.js'

/** What a customer said of somebody else's review; the id of the row is that of the review and of who voted. */
export type ReviewVote = {
  readonly reviewId: string
  readonly accountId: string
  /** Whether it helped. */
  readonly helpful: boolean
  readonly at: Instant
}

/** The row of a vote. */
export const voteId = (reviewId: string, accountId: string): string => `${reviewId}/${accountId}`
