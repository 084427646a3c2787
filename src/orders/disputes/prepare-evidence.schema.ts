import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Of which payment evidence is prepared. */
export type PrepareEvidenceInput = { readonly paymentId: string }

export const parsePrepareEvidence = parseInput<PrepareEvidenceInput>(
  schemaOf<PrepareEvidenceInput>()(z.strictObject({ paymentId: z.string().min(1).max(100) })),
)
