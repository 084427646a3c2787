import * as z from 'zod'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { Refund } from './refund.js'

/** Asks for a page of refunds, those that have waited longest first. */
export type ListRefundsInput = {
  /** Only those in this state; all that are not at their end when absent. */
  readonly status?: Refund['status']
  /** Only those that this gateway is to send, or a person for it. */
  readonly gatewayId?: string
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: RefundCursor
}

/** Where a page of them ends. */
export type RefundCursor = { readonly requestedAt: number; readonly refundId: string }

export const parseListRefunds = /* @__PURE__ */ parseInput<ListRefundsInput>(
  /* @__PURE__ */ schemaOf<ListRefundsInput>()(
    z.strictObject({
      status: z.exactOptional(
        z.enum([
          'requested',
          'submitted',
          'pending',
          'unknown',
          'succeeded',
          'failed',
          'manualPayout',
          'paidManually',
          'held',
          'chargedBack',
          'cancelled',
        ]),
      ),
      gatewayId: z.exactOptional(rowId),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ requestedAt: z.int(), refundId: rowId })),
    }),
  ),
)
