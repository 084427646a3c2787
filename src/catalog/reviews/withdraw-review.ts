import { okAsync, type ResultAsync } from 'neverthrow'
import type { CorePorts } from '../../shared/ports.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { type ChangeReviewError, changeReview, type ReviewStanding } from './change-review.js'
import { parseReviewId } from './review-inputs.schema.js'

/**
 * Takes a review back at its author's wish, for good: what it said, and the answer to it, are kept no longer.
 *
 * @errors ChangeReviewError, CommandError
 */
export const withdrawReview = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly reviewId: string },
): ResultAsync<ReviewStanding, ChangeReviewError | CommandError> =>
  changeReview(ports, context, input, {
    action: 'reviews.withdraw',
    parse: parseReviewId,
    command: ({ now }) => ({ type: 'Withdraw', at: now }),
    step: () => okAsync({ details: { words: null, reply: null }, further: [] }),
  })
