import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Which dispute is accepted. */
export type AcceptDisputeInput = { readonly disputeId: string }

/**
 * Checks an input.
 *
 * @errors InvalidInput
 */
export const parseAcceptDispute = parseInput<AcceptDisputeInput>(
  schemaOf<AcceptDisputeInput>()(z.strictObject({ disputeId: z.string().min(1).max(300) })),
)
