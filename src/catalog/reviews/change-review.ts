import { err, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { type DecidedChange, put } from '../../shared/commit.js'
import { decideNext } from '../../shared/decider.js'
import type { InvalidInput, NotFound } from '../../shared/errors.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CorePorts } from '../../shared/ports.js'
import { row, type Stored } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, type CommandMoment, runCommand } from '../../shared/run-command.js'
import { markStanding } from '../mark-standing.js'
import { productStandings } from '../product-standing.schema.js'
import { reviews } from './review.collection.schema.js'
import type { Review, ReviewCommand, ReviewDetails, ReviewError, ReviewRow } from './review.js'
import { reviewMachine } from './review-machine.js'
import { countReview } from './review-summary.js'

/** Where a review stands. */
export type ReviewStanding = { readonly reviewId: string; readonly status: Review['status'] }

/** Why a review is not moved. */
export type ChangeReviewError = ReviewError | NotFound

/** What a step writes beside the state, and what else. */
export type ReviewStep = { readonly details: ReviewDetails; readonly further: readonly DecidedChange[] }

/**
 * Runs a command on a review: one read, one commit, the counts of its product with it.
 *
 * @errors ChangeReviewError, CommandError, and whatever the step refuses
 */
export const changeReview = <Input extends { readonly reviewId: string }, Failure = never>(
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
  spec: {
    readonly action: string
    readonly parse: (input: unknown) => Result<Input, InvalidInput>
    readonly command: (moment: CommandMoment<Input>, review: ReviewRow) => ReviewCommand
    /** What is written beside the state; as it was when absent. */
    readonly step?: (
      moment: CommandMoment<Input>,
      review: ReviewRow,
      key: Stored<SubjectKey> | undefined,
    ) => ResultAsync<ReviewStep, Failure>
  },
): ResultAsync<ReviewStanding, Failure | ChangeReviewError | CommandError> =>
  runCommand(ports, context, input, {
    action: spec.action,
    parse: spec.parse,
    plan: ({ input: { reviewId } }) => ({
      review: row(reviews, reviewId),
      mark: row(productStandings, { from: 'review', path: 'productId' }),
      key: row(subjectKeys, { from: 'review', path: 'accountId' }),
    }),
    decide: ({ review, mark, key }, moment) => {
      const { reviewId } = moment.input
      if (review === undefined) return err<never, ChangeReviewError>(reviewNotFound(reviewId))
      const { details } = review.state
      const step = spec.step ?? (() => okAsync<ReviewStep, Failure>({ details, further: [] }))
      return decideNext(reviewMachine, review.state, spec.command(moment, review.state)).asyncAndThen(
        ({ state, events }) => {
          if (state.status === 'absent' || events.length === 0) {
            return okAsync<Decided, Failure | ChangeReviewError>({
              changes: [],
              answer: { reviewId, status: review.state.status },
            })
          }
          return step(moment, review.state, key).map(({ details: written, further }): Decided => {
            const { productId } = state
            const moved = countReview(productId, review.state, state)
            return {
              changes: [
                put(reviews, {
                  id: review.id,
                  version: review.version,
                  state: { ...state, details: written },
                  events,
                }),
                ...moved,
                ...(moved.length === 0 ? [] : markStanding(mark, productId, moment.now)),
                ...further,
              ],
              answer: { reviewId, status: state.status },
            }
          })
        },
      )
    },
  })

type Decided = { readonly changes: readonly DecidedChange[]; readonly answer: ReviewStanding }

/** A review that is not there, or not within reach. */
export const reviewNotFound = (id: string): NotFound => ({ type: 'NotFound', entity: 'review', id })
