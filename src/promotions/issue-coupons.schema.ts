import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** A batch of coupons to be given out by code. */
export type IssueCouponsInput = {
  readonly offerId: string
  readonly count: number
}

/** A coupon to be put into a customer's hands. */
export type GrantCouponInput = { readonly offerId: string; readonly accountId: string }

export const parseIssueCoupons = parseInput<IssueCouponsInput>(
  schemaOf<IssueCouponsInput>()(
    z.strictObject({ offerId: z.string().min(1).max(100), count: z.int().min(1).max(500) }),
  ),
)

export const parseGrantCoupon = parseInput<GrantCouponInput>(
  schemaOf<GrantCouponInput>()(
    z.strictObject({ offerId: z.string().min(1).max(100), accountId: z.string().min(1).max(200) }),
  ),
)
