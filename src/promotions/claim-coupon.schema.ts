import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** What is claimed: a coupon of an offer that anybody may claim, or the one that a code stands for. */
export type ClaimCouponInput =
  | { readonly by: 'click'; readonly offerId: string }
  /** As it was typed: capitals, spaces and hyphens do not matter. */
  | { readonly by: 'code'; readonly code: string }
  /** What a QR image says: the content that came with the code, or the bare code. */
  | { readonly by: 'qr'; readonly content: string }

export const parseClaimCoupon = parseInput<ClaimCouponInput>(
  schemaOf<ClaimCouponInput>()(
    z.discriminatedUnion('by', [
      z.strictObject({ by: z.literal('click'), offerId: z.string().min(1).max(100) }),
      z.strictObject({ by: z.literal('code'), code: z.string().min(1).max(100) }),
      z.strictObject({ by: z.literal('qr'), content: z.string().min(1).max(500) }),
    ]),
  ),
)
