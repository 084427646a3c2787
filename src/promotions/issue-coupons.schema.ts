import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** A batch of coupons to be given out by code. */
export type IssueCouponsInput = {
  readonly offerId: string
  /** At most 500 at a time; a larger batch is made in several turns under one `batchId`. */
  readonly count: number
  /** Letters and digits in capitals that stand before every code (`SALE11`). */
  readonly prefix?: string
  /** The batch they belong to; a new one when absent. */
  readonly batchId?: string
}

/** A coupon to be put into a customer's hands. */
export type GrantCouponInput = { readonly offerId: string; readonly accountId: string }

const id = z.string().min(1).max(100)

export const parseIssueCoupons = parseInput<IssueCouponsInput>(
  schemaOf<IssueCouponsInput>()(
    z.strictObject({
      offerId: id,
      count: z.int().min(1).max(500),
      prefix: z.exactOptional(z.string().regex(/^[0-9A-Z]{1,12}$/)),
      batchId: z.exactOptional(id),
    }),
  ),
)

export const parseGrantCoupon = parseInput<GrantCouponInput>(
  schemaOf<GrantCouponInput>()(z.strictObject({ offerId: id, accountId: z.string().min(1).max(200) })),
)
