import { okAsync, type ResultAsync } from 'neverthrow'
import { type Actor, buyerAsTold } from '../../shared/actor.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { maskedText } from '../../shared/mask.js'
import type { Sealer, SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Condition, find, rows, type Stored } from '../../shared/read-plan.js'
import { isShownClear } from '../../shared/roles.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { Without } from '../../shared/without.js'
import { openReviews } from './open-reviews.js'
import { reviews } from './review.collection.schema.js'
import type { Review, ReviewRow, ReviewWords } from './review.js'
import { type ListReviewsInput, parseListReviews, type ReviewCursor } from './review-inputs.schema.js'

/** A review as its author, or somebody of the shop, sees it. */
export type ListedReview = Without<Review, 'accountId'> &
  Pick<ReviewWords, 'text' | 'photos'> & {
    /** The buyer; null to merchants. */
    readonly accountId: string | null
    /** Null without a name, and for whoever is not its author: they see it as everybody does. */
    readonly signedAs: string | null
    readonly reply: string | null
  }

/** A page of reviews, newest first. */
export type ReviewList = { readonly reviews: readonly ListedReview[]; readonly next: ReviewCursor | null }

/**
 * Lists the reviews within the actor's reach, of whatever status, newest first: authors their own, a merchant those of its
 * goods, staff all. A merchant reads the words that are published.
 *
 * @errors QueryError
 */
export const listReviews = (
  ports: CorePorts & { readonly sealer: Sealer },
  context: QueryContext,
  input: ListReviewsInput = {},
): ResultAsync<ReviewList, QueryError> =>
  runQuery(ports, context, input, {
    action: 'reviews.list',
    parse: parseListReviews,
    plan: ({ input: asked }) => ({
      found: find(reviews, {
        where: conditionsOf(asked),
        orderBy: { field: 'postedAt', direction: 'descending' },
        limit: limitOf(asked) + 1,
        ...(asked.after === undefined ? {} : { after: { value: asked.after.value, id: asked.after.reviewId } }),
      }),
      keys: rows(subjectKeys, { from: 'found', path: 'accountId' }),
    }),
    about: ({ input: { productId, orderId } }) => orderId ?? productId ?? 'reviews',
    answer: ({ found, keys }, { input: asked, actor, now }) => {
      const page = found.slice(0, limitOf(asked))
      const last = page.at(-1)?.state
      const isClear = actor.kind !== 'merchant' && isShownClear(ports.roles, actor, 'review.words')
      const isAuthor = actor.kind === 'customer' || actor.kind === 'guest'
      return authorKeys(ports, page, { keys, actor, at: now })
        .andThen((theirs) => openReviews(ports.sealer, page, theirs))
        .map(
          (opened): ReviewList => ({
            reviews: opened.map(({ review, words: { text, photos, signedAs } }) => ({
              ...factsOf(review),
              ...standingOf(review),
              accountId: buyerAsTold(actor, review.accountId),
              // What is published everybody reads; what is hidden, who may see it.
              text: isClear || review.status === 'published' || text === '' ? text : maskedText,
              photos: isClear || review.status === 'published' ? photos : [],
              signedAs: isAuthor ? signedAs : null,
              reply: review.details.reply,
            })),
            next:
              found.length > page.length && last !== undefined
                ? { value: last.postedAt, reviewId: last.reviewId }
                : null,
          }),
        )
    },
  })

// Whom the host lets see some reviews only may read no keys: what is theirs to see is read by the keys of its authors.
const authorKeys = (
  { storage, shop }: CorePorts,
  page: readonly Stored<ReviewRow>[],
  { keys, actor, at }: { readonly keys: readonly Stored<SubjectKey>[]; readonly actor: Actor; readonly at: Instant },
): ResultAsync<readonly Stored<SubjectKey>[], StorageUnavailable | StoredDataInvalid> => {
  const missing = page.map(({ state }) => state.accountId).filter((author) => keys.every(({ id }) => id !== author))
  if (actor.kind === 'customer' || actor.kind === 'guest' || missing.length === 0) return okAsync(keys)
  const plan = { others: rows(subjectKeys, [...new Set(missing)]) }
  return readFacts(storage, { shop, scope: { kind: 'all' }, at, plan }).map(({ others }) => [...keys, ...others])
}

// Member by member: what is stored with a review later is shown once somebody has decided to whom.
const factsOf = (review: ReviewRow) => ({
  reviewId: review.reviewId,
  productId: review.productId,
  sku: review.sku,
  merchantId: review.merchantId,
  orderId: review.orderId,
  lineId: review.lineId,
  rating: review.rating,
  hasText: review.hasText,
  hasPhotos: review.hasPhotos,
  postedAt: review.postedAt,
  editUntil: review.editUntil,
  editedAt: review.editedAt,
  repliedAt: review.repliedAt,
  helpful: review.helpful,
  unhelpful: review.unhelpful,
  helpfulScore: review.helpfulScore,
})

const standingOf = (review: ReviewRow) => {
  switch (review.status) {
    case 'published':
      return { status: review.status }
    case 'hidden':
      return { status: review.status, reason: review.reason, hiddenAt: review.hiddenAt }
    case 'withdrawn':
      return { status: review.status, withdrawnAt: review.withdrawnAt }
  }
}

const limitOf = ({ limit = 20 }: ListReviewsInput): number => limit

const conditionsOf = ({ status, productId, orderId }: ListReviewsInput): readonly Condition[] => [
  ...(status === undefined ? [] : [{ field: 'status', is: 'eq', value: status } as const]),
  ...(productId === undefined ? [] : [{ field: 'productId', is: 'eq', value: productId } as const]),
  ...(orderId === undefined ? [] : [{ field: 'orderId', is: 'eq', value: orderId } as const]),
]
