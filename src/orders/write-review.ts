import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { markStanding } from '../catalog/mark-standing.js'
import { productStandings } from '../catalog/product-standing.schema.js'
import { reviews } from '../catalog/reviews/review.collection.schema.js'
import type { LineNotReviewable, LineReviewed, ReviewCommand, ReviewError } from '../catalog/reviews/review.js'
import { parseWriteReview, type WriteReviewInput, wordsOf } from '../catalog/reviews/review-inputs.schema.js'
import { reviewMachine } from '../catalog/reviews/review-machine.js'
import { countReview } from '../catalog/reviews/review-summary.js'
import { sealWords } from '../catalog/reviews/review-words.js'
import { claim, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { NotFound } from '../shared/errors.js'
import { daysMs } from '../shared/instant.js'
import type { Sealer } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CorePorts } from '../shared/ports.js'
import { claims, row, rows } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { orders } from './order.collection.schema.js'
import type { OrderLine } from './order.js'

/** A review that was written. */
export type WrittenReview = { readonly reviewId: string; readonly productId: string }

/** Why a review cannot be written. */
export type WriteReviewError = NotFound | LineNotReviewable | LineReviewed | ReviewError

/** Which lines have their review, and which one: `ORDER/LINE`. */
export const reviewedLineSpace = 'reviewedLine'

/** How long an author may change a review. */
const editWindowMs = 30 * daysMs

/**
 * Reviews a line of one's own order once pieces of it were received: stars, and freely a text, photos and a name to sign
 * with. A line is reviewed once; gifts are not. It is seen at once, and nobody has to approve it.
 *
 * @errors WriteReviewError, CommandError
 */
export const writeReview = (
  ports: CorePorts & { readonly sealer: Sealer },
  context: CommandContext,
  input: WriteReviewInput,
): ResultAsync<WrittenReview, WriteReviewError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'reviews.write',
    parse: parseWriteReview,
    plan: ({ input: { orderId, lineId } }) => ({
      order: row(orders, orderId),
      marks: rows(productStandings, { from: 'order', path: 'lines.*.productId' }),
      key: row(subjectKeys, { from: 'order', path: 'accountId' }),
      reviewed: claims(reviewedLineSpace, [`${orderId}/${lineId}`]),
    }),
    decide: ({ order, marks, key, reviewed }, { input: said, now }) => {
      const { orderId, lineId } = said
      const line = order?.state.lines.find((each) => each.lineId === lineId)
      if (order === undefined || line === undefined) {
        const missing: NotFound =
          order === undefined
            ? { type: 'NotFound', entity: 'order', id: orderId }
            : { type: 'NotFound', entity: 'orderLine', id: lineId }
        return err<never, WriteReviewError>(missing)
      }
      const before = reviewed.get(`${orderId}/${lineId}`)
      if (before !== undefined) {
        return err<never, WriteReviewError>({ type: 'LineReviewed', lineId, reviewId: before })
      }
      const reviewId = ports.ids.next('rev')
      return isReviewable(line)
        .map(() => postOf({ said, line, reviewId, accountId: order.state.accountId, now }))
        .andThen((post) => decideNext(reviewMachine, reviewMachine.initial, post))
        .mapErr((error): WriteReviewError => error)
        .asyncAndThen(({ state, events }) =>
          sealWords(ports.sealer, key, reviewId, wordsOf(said))
            .mapErr((error): WriteReviewError | CommandError => error)
            .map(({ words, changes }) => {
              const { productId } = line
              const mark = marks.find(({ id }) => id === productId)
              return {
                changes:
                  state.status === 'absent'
                    ? []
                    : [
                        put(reviews, {
                          id: reviewId,
                          version: 0,
                          state: { ...state, details: { words, reply: null } },
                          events,
                        }),
                        claim({ space: reviewedLineSpace, key: `${orderId}/${lineId}`, owner: reviewId }),
                        ...countReview(productId, reviewMachine.initial, state),
                        ...markStanding(mark, productId, now),
                        ...changes,
                      ],
                answer: { reviewId, productId },
              }
            }),
        )
    },
    claimed: (taken) =>
      taken.space === reviewedLineSpace
        ? err({ type: 'LineReviewed', lineId: taken.key.slice(taken.key.indexOf('/') + 1), reviewId: taken.owner })
        : undefined,
  })

// Who sends goods back has had them all the same, and may say what they were like.
const isReviewable = ({ lineId, gift, signedQuantity }: OrderLine): Result<void, LineNotReviewable> => {
  if (gift) return err({ type: 'LineNotReviewable', lineId, reason: 'gift' })
  return signedQuantity > 0 ? ok(undefined) : err({ type: 'LineNotReviewable', lineId, reason: 'notReceived' })
}

const postOf = ({
  said,
  line,
  reviewId,
  accountId,
  now,
}: {
  readonly said: WriteReviewInput
  readonly line: OrderLine
  readonly reviewId: string
  readonly accountId: string
  readonly now: number
}): ReviewCommand => {
  const words = wordsOf(said)
  return {
    type: 'Post',
    reviewId,
    productId: line.productId,
    sku: line.sku,
    merchantId: line.merchantId,
    orderId: said.orderId,
    lineId: line.lineId,
    accountId,
    rating: said.rating,
    hasText: words.text !== '',
    hasPhotos: words.photos.length > 0,
    postedAt: now,
    editUntil: now + editWindowMs,
  }
}
