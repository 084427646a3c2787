import * as z from 'zod'
import type { ServiceClass } from '../membership/level.js'
import { serviceClasses } from '../membership/service-class.js'
import type { Instant } from '../shared/instant.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { ReturnRequest } from './return-request.js'

/** Which returns are asked for. */
export type ListReturnsInput = {
  /** Those that wait for the shop's decision when absent. */
  readonly status?: ReturnRequest['status']
  /** The most returns of a page; 20 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: ReturnCursor
}

/** Where a page of returns ends. */
export type ReturnCursor = {
  readonly service: ServiceClass
  readonly requestedAt: Instant
  readonly returnId: string
}

export const parseListReturns = parseInput<ListReturnsInput>(
  schemaOf<ListReturnsInput>()(
    z.strictObject({
      status: z.exactOptional(
        z.enum(['requested', 'approved', 'refused', 'received', 'inspected', 'refunded', 'closed', 'cancelled']),
      ),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(
        z.strictObject({
          service: z.enum(serviceClasses),
          requestedAt: z.int(),
          returnId: z.string().min(1).max(100),
        }),
      ),
    }),
  ),
)
