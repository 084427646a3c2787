import * as z from 'zod'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Asks for a page of alerts that wait for a person, the oldest first. */
export type ListPaymentAlertsInput = {
  /** Those that a person has looked at instead, with what they found. */
  readonly resolved?: true
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: PaymentAlertCursor
}

/** Where a page of them ends. */
export type PaymentAlertCursor = { readonly at: number; readonly alertId: string }

export const parseListPaymentAlerts = /* @__PURE__ */ parseInput<ListPaymentAlertsInput>(
  /* @__PURE__ */ schemaOf<ListPaymentAlertsInput>()(
    z.strictObject({
      resolved: z.exactOptional(z.literal(true)),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ at: z.int(), alertId: rowId })),
    }),
  ),
)
