import * as z from 'zod'
import { freeTextSchema } from '../shared/free-text.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Which dispute is contested, and why. */
export type SubmitEvidenceInput = {
  readonly disputeId: string
  /** What staff says to it, 1 to 10,000 characters; it goes to the gateway and is not kept. */
  readonly explanation: string
  /** Whether what holds no money is settled by this, as the shop sees it; not so when absent. */
  readonly concludes?: boolean
}

export const parseSubmitEvidence = parseInput<SubmitEvidenceInput>(
  schemaOf<SubmitEvidenceInput>()(
    z.strictObject({
      disputeId: z.string().min(1).max(300),
      explanation: freeTextSchema(10_000).min(1),
      concludes: z.exactOptional(z.boolean()),
    }),
  ),
)
