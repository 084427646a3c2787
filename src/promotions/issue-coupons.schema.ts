import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { GrantCouponInput } from './grant-coupon.js'
import type { IssueCouponsInput } from './issue-coupons.js'

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
