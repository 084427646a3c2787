import * as z from 'zod'
import type { Period } from '../shared/period.js'
import { periodSchema } from '../shared/period.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Which campaign is asked for. */
export type CampaignResultsInput = {
  readonly campaignId: string
  /** ISO 4217 code of the amounts. */
  readonly currency: string
  /** Only what happened on these days of the shop; all of it when absent. */
  readonly period?: Period
}

export const parseCampaignResults = parseInput<CampaignResultsInput>(
  schemaOf<CampaignResultsInput>()(
    z.strictObject({
      campaignId: z.string().min(1).max(100),
      currency: z.string().regex(/^[A-Z]{3}$/),
      period: z.exactOptional(periodSchema),
    }),
  ),
)
