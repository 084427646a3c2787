import * as z from 'zod'
import type { TimedPageEnd } from '../shared/read-plan.js'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Which of one's coupons are asked for. */
export type ListCouponsInput = {
  /** Only those of this status; all when absent. */
  readonly status?: 'claimed' | 'locked' | 'used' | 'expired' | 'revoked'
  readonly limit: number
  /** The end of the page before. */
  readonly after?: TimedPageEnd
}

export const parseListCoupons = parseInput<ListCouponsInput>(
  schemaOf<ListCouponsInput>()(
    z.strictObject({
      status: z.exactOptional(z.enum(['claimed', 'locked', 'used', 'expired', 'revoked'])),
      limit: z.int().min(1).max(100),
      after: z.exactOptional(z.strictObject({ value: z.int(), id: rowId })),
    }),
  ),
)
