import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { ReviewVote } from './review-vote.js'

/** Who has voted on which review, and how. */
export const reviewVotes: Collection<ReviewVote> = {
  name: 'reviewVote',
  rank: 88,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    reviewId: { type: 'text', path: 'reviewId' },
    at: { type: 'instant', path: 'at' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<ReviewVote>('reviewVote')(
    z.object({ reviewId: z.string(), accountId: z.string(), helpful: z.boolean(), at: z.int() }),
  ),
}
