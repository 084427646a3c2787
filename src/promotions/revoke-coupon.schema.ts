import * as z from 'zod'
import type { TimedPageEnd } from '../shared/read-plan.js'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { RevokeReason } from './coupon.js'

/** A coupon that is taken back. */
export type RevokeCouponInput = { readonly couponId: string; readonly reason: RevokeReason }

/** Coupons that are taken back together, a page at a time. */
export type RevokeCouponsInput = {
  /** All coupons of a batch, a campaign or an offer. */
  readonly of:
    | { readonly kind: 'batch'; readonly batchId: string }
    | { readonly kind: 'campaign'; readonly campaignId: string }
    | { readonly kind: 'offer'; readonly offerId: string }
  readonly reason: RevokeReason
  /** The most to take back now. */
  readonly limit: number
  /** Where the page before ended; from the beginning when absent. */
  readonly after?: TimedPageEnd
}

const id = z.string().min(1).max(100)
const reason = z.enum(['mistake', 'abuse', 'campaignEnded', 'accountClosed'])

export const parseRevokeCoupon = parseInput<RevokeCouponInput>(
  schemaOf<RevokeCouponInput>()(z.strictObject({ couponId: z.string().min(1).max(200), reason })),
)

export const parseRevokeCoupons = parseInput<RevokeCouponsInput>(
  schemaOf<RevokeCouponsInput>()(
    z.strictObject({
      of: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('batch'), batchId: id }),
        z.strictObject({ kind: z.literal('campaign'), campaignId: id }),
        z.strictObject({ kind: z.literal('offer'), offerId: id }),
      ]),
      reason,
      limit: z.int().min(1).max(200),
      after: z.exactOptional(z.strictObject({ value: z.int(), id: rowId })),
    }),
  ),
)
