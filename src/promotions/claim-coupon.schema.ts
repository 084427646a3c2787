import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { ClaimCouponInput } from './claim-coupon.js'

export const parseClaimCoupon = parseInput<ClaimCouponInput>(
  schemaOf<ClaimCouponInput>()(
    z.discriminatedUnion('by', [
      z.strictObject({ by: z.literal('click'), offerId: z.string().min(1).max(100) }),
      z.strictObject({ by: z.literal('code'), code: z.string().min(1).max(100) }),
    ]),
  ),
)
