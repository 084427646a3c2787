import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { sealedSchema } from '../../shared/personal-data.schema.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { ReviewRow } from './review.js'

const count = z.int().min(0)

/** Stars. */
export const ratingSchema = z.literal([1, 2, 3, 4, 5], { error: 'Stars are a whole number from 1 to 5' })

const facts = {
  reviewId: z.string(),
  productId: z.string(),
  sku: z.string(),
  merchantId: z.string(),
  orderId: z.string(),
  lineId: z.string(),
  accountId: z.string(),
  rating: ratingSchema,
  hasText: z.boolean(),
  hasPhotos: z.boolean(),
  postedAt: z.int(),
  editUntil: z.int(),
  editedAt: z.int().nullable(),
  repliedAt: z.int().nullable(),
  helpful: count,
  unhelpful: count,
  helpfulScore: count,
  details: z.object({ words: sealedSchema.nullable(), reply: z.string().nullable() }),
}

const reviewSchema = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('published') }),
  z.object({
    ...facts,
    status: z.literal('hidden'),
    reason: z.enum(['unlawful', 'abusive', 'obscene', 'discriminating', 'personalData', 'advertising', 'unrelated']),
    hiddenAt: z.int(),
  }),
  z.object({ ...facts, status: z.literal('withdrawn'), withdrawnAt: z.int() }),
])

/** What buyers say of what they bought. */
export const reviews: Collection<ReviewRow> = {
  name: 'review',
  rank: 77,
  schemaVersion: 1,
  fields: {
    productId: { type: 'text', path: 'productId' },
    merchantId: { type: 'text', path: 'merchantId' },
    accountId: { type: 'text', path: 'accountId' },
    orderId: { type: 'text', path: 'orderId' },
    status: { type: 'text', path: 'status' },
    rating: { type: 'integer', path: 'rating' },
    hasPhotos: { type: 'boolean', path: 'hasPhotos' },
    postedAt: { type: 'instant', path: 'postedAt' },
    helpfulScore: { type: 'integer', path: 'helpfulScore' },
  },
  ownership: { own: 'accountId', merchant: 'merchantId' },
  parse: parseStored<ReviewRow>('review')(reviewSchema),
}
