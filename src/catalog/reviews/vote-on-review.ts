import { err, ok, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { type Change, put } from '../../shared/commit.js'
import { decideNext } from '../../shared/decider.js'
import type { NotFound } from '../../shared/errors.js'
import type { CorePorts } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { reviewNotFound } from './change-review.js'
import { reviews } from './review.collection.schema.js'
import type { OwnReview, ReviewError, ReviewVoteGiven } from './review.js'
import type { VoteOnReviewInput } from './review-inputs.schema.js'
import { parseVoteOnReview } from './review-inputs.schema.js'
import { reviewMachine } from './review-machine.js'
import { voteId } from './review-vote.js'
import { reviewVotes } from './review-vote.schema.js'

/** What people say of a review now. */
export type VotedReview = { readonly reviewId: string; readonly helpful: number; readonly unhelpful: number }

/** Why a vote is not counted. */
export type VoteOnReviewError = ReviewVoteGiven | OwnReview | ReviewError | NotFound

/**
 * Says whether somebody else's review helped: once a customer, for good. The same again changes nothing.
 *
 * @errors VoteOnReviewError, CommandError
 */
export const voteOnReview = (
  ports: CorePorts,
  context: CommandContext,
  input: VoteOnReviewInput,
): ResultAsync<VotedReview, VoteOnReviewError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'reviews.vote',
    parse: parseVoteOnReview,
    plan: ({ input: { reviewId }, actor }) => ({
      review: row(reviews, reviewId),
      given: row(reviewVotes, voteId(reviewId, customerIdOf(actor))),
    }),
    decide: ({ review, given }, { input: { reviewId, helpful }, actor, now }) => {
      const voter = customerIdOf(actor)
      // One that is out of sight is told from none to its author and to staff alone.
      if (review?.state.status !== 'published') return err<never, VoteOnReviewError>(reviewNotFound(reviewId))
      if (review.state.accountId === voter) return err<never, VoteOnReviewError>({ type: 'OwnReview', reviewId })
      const answerOf = (state: { helpful: number; unhelpful: number }): VotedReview => ({
        reviewId,
        helpful: state.helpful,
        unhelpful: state.unhelpful,
      })
      if (given?.state.helpful === helpful)
        return ok({ changes: [] as readonly Change[], answer: answerOf(review.state) })
      if (given !== undefined) {
        return err<never, VoteOnReviewError>({ type: 'ReviewVoteGiven', helpful: given.state.helpful })
      }
      const vote = { reviewId, accountId: voter, helpful, at: now }
      const { details } = review.state
      return decideNext(reviewMachine, review.state, { type: 'Vote', helpful, at: now }).map(({ state, events }) =>
        state.status === 'absent'
          ? { changes: [], answer: answerOf(review.state) }
          : {
              changes: [
                put(reviews, { id: review.id, version: review.version, state: { ...state, details }, events }),
                put(reviewVotes, { id: voteId(reviewId, voter), version: 0, state: vote }),
              ],
              answer: answerOf(state),
            },
      )
    },
  })
