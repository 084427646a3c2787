import { reviewVotes } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Who has voted on which review. */
export const reviewVoteTable: CollectionTable = {
  collection: reviewVotes,
  table: 'review_vote',
  indexed: ['accountId'],
}
