import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Which dispute is read. */
export type ReadDisputeInput = { readonly disputeId: string }

export const parseReadDispute = parseInput<ReadDisputeInput>(
  schemaOf<ReadDisputeInput>()(z.strictObject({ disputeId: z.string().min(1).max(300) })),
)
