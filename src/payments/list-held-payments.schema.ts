import * as z from 'zod'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Asks for a page of the payments that a person has to look at, the latest first. */
export type ListHeldPaymentsInput = {
  /** Those instead whose gateway owes an answer: whether they were taken, or have ended. They are still asked about. */
  readonly unheard?: boolean
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: HeldPaymentCursor
}

/** Where a page of them ends. */
export type HeldPaymentCursor = { readonly startedAt: number; readonly paymentId: string }

export const parseListHeldPayments = /* @__PURE__ */ parseInput<ListHeldPaymentsInput>(
  /* @__PURE__ */ schemaOf<ListHeldPaymentsInput>()(
    z.strictObject({
      unheard: z.exactOptional(z.boolean()),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ startedAt: z.int(), paymentId: rowId })),
    }),
  ),
)
