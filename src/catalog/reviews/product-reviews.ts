import type { ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import { maskName } from '../../shared/mask.js'
import type { Sealer } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CorePorts } from '../../shared/ports.js'
import { type Condition, find, rows } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { askTallies } from '../product-tally.js'
import { openReviews } from './open-reviews.js'
import { reviews } from './review.collection.schema.js'
import type { Rating, ReviewRow, ReviewWords } from './review.js'
import { type ProductReviewsInput, parseProductReviews, type ReviewCursor } from './review-inputs.schema.js'
import { type ReviewSummary, summaryOf } from './review-summary.js'

/** A review as everybody sees it: nothing in it says who wrote it. */
export type PublicReview = {
  readonly reviewId: string
  readonly rating: Rating
  readonly sku: string
  /** Empty without any, and where its author was erased. */
  readonly text: string
  readonly photos: readonly string[]
  /** The name it is signed with, of which the first character stays (`王**`); null where it is signed with none. */
  readonly author: string | null
  readonly postedAt: Instant
  readonly editedAt: Instant | null
  /** The shop's answer. */
  readonly reply: { readonly text: string; readonly at: Instant } | null
  readonly helpful: number
  readonly unhelpful: number
}

/** A page of a product's reviews, with what all of them come to. */
export type ProductReviews = {
  readonly summary: ReviewSummary
  readonly reviews: readonly PublicReview[]
  readonly next: ReviewCursor | null
}

/**
 * Shows what buyers say of a product, the most helpful first: those who bought it, and nobody else. Each review that stays
 * as it is comes once, page by page.
 *
 * @errors QueryError
 */
export const productReviews = (
  ports: CorePorts & { readonly sealer: Sealer },
  context: QueryContext,
  input: ProductReviewsInput,
): ResultAsync<ProductReviews, QueryError> =>
  runQuery(ports, context, input, {
    action: 'reviews.ofProduct',
    parse: parseProductReviews,
    plan: ({ input: asked }) => ({
      found: find(reviews, {
        where: conditionsOf(asked),
        orderBy: { field: orderOf(asked), direction: 'descending' },
        limit: limitOf(asked) + 1,
        ...(asked.after === undefined ? {} : { after: { value: asked.after.value, id: asked.after.reviewId } }),
      }),
      keys: rows(subjectKeys, { from: 'found', path: 'accountId' }),
      ...askTallies([asked.productId]),
    }),
    answer: ({ found, keys, ...tallies }, { input: asked }) => {
      const page = found.slice(0, limitOf(asked))
      const last = page.at(-1)?.state
      return openReviews(ports.sealer, page, keys).map(
        (opened): ProductReviews => ({
          summary: summaryOf(tallies, asked.productId),
          reviews: opened.map(({ review, words }) => asPublic(review, words)),
          next:
            found.length > page.length && last !== undefined
              ? { value: last[orderOf(asked)], reviewId: last.reviewId }
              : null,
        }),
      )
    },
  })

const limitOf = ({ limit = 10 }: ProductReviewsInput): number => limit

const orderOf = ({ sort = 'helpful' }: ProductReviewsInput): 'helpfulScore' | 'postedAt' =>
  sort === 'helpful' ? 'helpfulScore' : 'postedAt'

const conditionsOf = ({ productId, ratings, withPhotos }: ProductReviewsInput): readonly Condition[] => [
  { field: 'productId', is: 'eq', value: productId },
  { field: 'status', is: 'eq', value: 'published' },
  ...(ratings === undefined ? [] : [{ field: 'rating', is: 'in', values: ratings } as const]),
  ...(withPhotos === true ? [{ field: 'hasPhotos', is: 'eq', value: true } as const] : []),
]

const asPublic = (review: ReviewRow, { text, photos, signedAs }: ReviewWords): PublicReview => ({
  reviewId: review.reviewId,
  rating: review.rating,
  sku: review.sku,
  text,
  photos,
  author: signedAs === null ? null : maskName(signedAs),
  postedAt: review.postedAt,
  editedAt: review.editedAt,
  reply:
    review.details.reply === null || review.repliedAt === null
      ? null
      : { text: review.details.reply, at: review.repliedAt },
  helpful: review.helpful,
  unhelpful: review.unhelpful,
})
