import * as z from 'zod'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { ratingSchema } from './review.collection.schema.js'
import type { Rating, Review, ReviewWords } from './review.js'

const id = z.string().min(1).max(100)
const reviewId = z.string().min(1).max(200)

/** A photo is named, never sent: a link over https, or a name that the host's own store knows it by. */
const photo = z
  .string()
  .max(500)
  .regex(/^(?:https:\/\/\S+|[\w~./-]+)$/u)

const words = {
  rating: ratingSchema,
  text: z.exactOptional(freeTextSchema(2_000)),
  photos: z.exactOptional(z.array(photo).max(9)),
  signedAs: z.exactOptional(freeTextSchema(40).min(1)),
}

/** What a buyer says of what they bought. */
export type ReviewContent = {
  readonly rating: Rating
  readonly text?: string
  /** References to at most nine photos: links over https, or names of the host's own store. */
  readonly photos?: readonly string[]
  /** A name to sign with; shown masked. By nobody in particular when absent. */
  readonly signedAs?: string
}

/** What is written under a review, of what was handed in. */
export const wordsOf = ({ text, photos, signedAs }: ReviewContent): ReviewWords => ({
  text: text?.trim() ?? '',
  photos: photos ?? [],
  signedAs: signedAs ?? null,
})

/** The review of a line of an order. */
export type WriteReviewInput = ReviewContent & { readonly orderId: string; readonly lineId: string }

export const parseWriteReview = parseInput<WriteReviewInput>(
  schemaOf<WriteReviewInput>()(z.strictObject({ orderId: id, lineId: id, ...words })),
)

/** A review said anew, whole. */
export type EditReviewInput = ReviewContent & { readonly reviewId: string }

export const parseEditReview = parseInput<EditReviewInput>(
  schemaOf<EditReviewInput>()(z.strictObject({ reviewId, ...words })),
)

/** A review, and nothing else. */
export const parseReviewId = parseInput<{ readonly reviewId: string }>(
  schemaOf<{ readonly reviewId: string }>()(z.strictObject({ reviewId })),
)

/** The shop's answer to a review. */
export type ReplyToReviewInput = { readonly reviewId: string; readonly text: string }

export const parseReplyToReview = parseInput<ReplyToReviewInput>(
  schemaOf<ReplyToReviewInput>()(z.strictObject({ reviewId, text: freeTextSchema(2_000).min(1) })),
)

/** For what a review is to be hidden; any word is looked at, and only a reason of law is one. */
export type HideReviewInput = { readonly reviewId: string; readonly reason: string }

export const parseHideReview = parseInput<HideReviewInput>(
  schemaOf<HideReviewInput>()(z.strictObject({ reviewId, reason: freeTextSchema(60).min(1) })),
)

/** Whether a review helped. */
export type VoteOnReviewInput = { readonly reviewId: string; readonly helpful: boolean }

export const parseVoteOnReview = parseInput<VoteOnReviewInput>(
  schemaOf<VoteOnReviewInput>()(z.strictObject({ reviewId, helpful: z.boolean() })),
)

/** Which reviews of a product are shown. */
export type ProductReviewsInput = {
  readonly productId: string
  /** `helpful` when absent: by the Wilson lower bound of those who found them helpful. */
  readonly sort?: 'helpful' | 'newest'
  /** Those with so many stars; all when absent. */
  readonly ratings?: readonly Rating[]
  /** Those with photos (买家秀). */
  readonly withPhotos?: boolean
  /** The most reviews of a page, 1 to 50; 10 when absent. */
  readonly limit?: number
  /** `next` of the page before, under the same sort. */
  readonly after?: ReviewCursor
}

/** Where a page of reviews ends. */
export type ReviewCursor = { readonly value: number; readonly reviewId: string }

const cursor = z.strictObject({ value: z.int(), reviewId })
const limit = z.int().min(1).max(50)

export const parseProductReviews = parseInput<ProductReviewsInput>(
  schemaOf<ProductReviewsInput>()(
    z.strictObject({
      productId: z.string().min(1).max(400),
      sort: z.exactOptional(z.enum(['helpful', 'newest'])),
      ratings: z.exactOptional(z.array(ratingSchema).min(1).max(5)),
      withPhotos: z.exactOptional(z.boolean()),
      limit: z.exactOptional(limit),
      after: z.exactOptional(cursor),
    }),
  ),
)

/** Which reviews within one's reach are listed, newest first. */
export type ListReviewsInput = {
  readonly status?: Review['status']
  readonly productId?: string
  readonly orderId?: string
  /** The most reviews of a page, 1 to 50; 20 when absent. */
  readonly limit?: number
  readonly after?: ReviewCursor
}

export const parseListReviews = parseInput<ListReviewsInput>(
  schemaOf<ListReviewsInput>()(
    z.strictObject({
      status: z.exactOptional(z.enum(['published', 'hidden', 'withdrawn'])),
      productId: z.exactOptional(z.string().min(1).max(400)),
      orderId: z.exactOptional(id),
      limit: z.exactOptional(limit),
      after: z.exactOptional(cursor),
    }),
  ),
)

/** The words of a review, as they were sealed. */
export const parseWords = parseInput<ReviewWords>(
  schemaOf<ReviewWords>()(z.object({ text: z.string(), photos: z.array(z.string()), signedAs: z.string().nullable() })),
)
