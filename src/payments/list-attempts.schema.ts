import * as z from 'zod'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import { isPeriod, type ListedPeriod, listedPeriod, noPeriod } from './listed-period.schema.js'
import type { Payment } from './payment.js'

/** Asks for a page of attempts to pay, those begun last first; of a period, those that were begun in it. */
export type ListAttemptsInput = ListedPeriod & {
  /** Only those through this gateway. */
  readonly gatewayId?: string
  /** Only those in this state. */
  readonly status?: Payment['status']
  /** The most of a page, 1 to 100; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: AttemptCursor
}

/** Where a page of them ends. */
export type AttemptCursor = { readonly startedAt: number; readonly paymentId: string }

export const parseListAttempts = /* @__PURE__ */ parseInput<ListAttemptsInput>(
  /* @__PURE__ */ schemaOf<ListAttemptsInput>()(
    z
      .strictObject({
        gatewayId: z.exactOptional(rowId),
        status: z.exactOptional(
          z.enum([
            'created',
            'requiresAction',
            'processing',
            'unknown',
            'failed',
            'authorised',
            'partlyCaptured',
            'closing',
            'closed',
            'captured',
            'capturedAfterClose',
            'integrityHold',
          ]),
        ),
        ...listedPeriod,
        limit: z.exactOptional(z.int().min(1).max(100)),
        after: z.exactOptional(z.strictObject({ startedAt: z.int(), paymentId: rowId })),
      })
      .refine(isPeriod, noPeriod),
  ),
)
