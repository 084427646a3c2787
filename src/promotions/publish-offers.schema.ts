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
  }),
)

export const parsePublishOffers = parseInput<PublishOffersInput>(publishOffersSchema)
