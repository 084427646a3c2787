import { okAsync, type ResultAsync } from 'neverthrow'
import type { CorePorts } from '../../shared/ports.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { type ChangeReviewError, changeReview, type ReviewStanding } from './change-review.js'
import type { ReplyToReviewInput } from './review-inputs.schema.js'
import { parseReplyToReview } from './review-inputs.schema.js'

/**
 * Answers a review for the shop or its merchant, for everybody to see; a later answer takes the place of the one before.
 *
 * @errors ChangeReviewError, CommandError
 */
export const replyToReview = (
  ports: CorePorts,
  context: CommandContext,
  input: ReplyToReviewInput,
): ResultAsync<ReviewStanding, ChangeReviewError | CommandError> =>
  changeReview(ports, context, input, {
    action: 'reviews.reply',
    parse: parseReplyToReview,
    command: ({ now }) => ({ type: 'Reply', at: now }),
    step: ({ input: { text } }, { details }) => okAsync({ details: { ...details, reply: text }, further: [] }),
  })
