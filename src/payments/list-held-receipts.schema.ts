import * as z from 'zod'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { HeldReceipt } from './held-receipt.js'

/** Asks for a page of the lines of statements that fit nothing that was asked for, the oldest first. */
export type ListHeldReceiptsInput = {
  /** How they stand; those that still stand in suspense when absent. */
  readonly status?: HeldReceipt['status']
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: HeldReceiptCursor
}

/** Where a page of them ends. */
export type HeldReceiptCursor = { readonly recordedAt: number; readonly receiptId: string }

export const parseListHeldReceipts = /* @__PURE__ */ parseInput<ListHeldReceiptsInput>(
  /* @__PURE__ */ schemaOf<ListHeldReceiptsInput>()(
    z.strictObject({
      status: z.exactOptional(z.enum(['held', 'owedBack', 'applied', 'returned'])),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ recordedAt: z.int(), receiptId: rowId })),
    }),
  ),
)
