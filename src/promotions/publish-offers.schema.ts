import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { Offer } from './offer.js'
import { offerSchema } from './offer.schema.js'

/** The offers of the shop, all of them, in place of those of a revision. */
export type PublishOffersInput = {
  /** The revision that is replaced; 0 for the first. */
  readonly expectedRevision: number
  readonly offers: readonly Offer[]
  /**
   * How offers stand together that say nothing of it themselves; `apart` when absent: a promotion on the order with no
   * other such promotion, a coupon with none. Two coupons stand together only where both say so, in either case.
   */
  readonly stacking?: 'together' | 'apart'
}

const publishOffersSchema = schemaOf<PublishOffersInput>()(
  z.strictObject({
    expectedRevision: z.int().min(0),
    offers: z
      .array(offerSchema)
      .max(2000)
      .superRefine((offers, context) => {
        const seen = new Set<string>()
        for (const [index, { offerId }] of offers.entries()) {
          if (seen.has(offerId)) context.addIssue({ code: 'custom', path: [index, 'offerId'], message: 'Stands twice' })
          seen.add(offerId)
        }
      }),
    stacking: z.exactOptional(z.enum(['together', 'apart'])),
  }),
)

export const parsePublishOffers = parseInput<PublishOffersInput>(publishOffersSchema)
