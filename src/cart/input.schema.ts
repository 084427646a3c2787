import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { PriceMyCartInput } from './price-input.js'

/** What is put in a cart. */
export type AddLineInput = {
  readonly productId: string
  readonly sku: string
  /** Pieces, at least 1. */
  readonly quantity: number
  /** Sales channel, for price lists that ask for it; `web` when absent. */
  readonly channel?: string
}

/** Where a cart is looked at. */
export type ViewCartInput = {
  /** Sales channel, for price lists that ask for it; `web` when absent. */
  readonly channel?: string
}

const id = z.string().min(1).max(400)
const quantity = z.int().min(1).max(1_000_000)
const lineIds = z.array(id).min(1).max(500)

const channel = z.exactOptional(z.string().min(1).max(100))

/** Checks the input of `addLine`. */
export const parseAddLine = parseInput<AddLineInput>(
  schemaOf<AddLineInput>()(z.strictObject({ productId: id, sku: z.string().min(1).max(120), quantity, channel })),
)

/** Checks the input of `viewCart`. */
export const parseViewCart = parseInput<ViewCartInput>(schemaOf<ViewCartInput>()(z.strictObject({ channel })))

/** Checks the input of `setQuantity`. */
export const parseSetQuantity = parseInput<{ readonly lineId: string; readonly quantity: number }>(
  z.strictObject({ lineId: id, quantity }),
)

/** Checks input that names one line. */
export const parseLine = parseInput<{ readonly lineId: string }>(z.strictObject({ lineId: id }))

/** Checks the input of `selectLines`; `lineIds` null means every line. */
export const parseSelectLines = parseInput<{
  readonly lineIds: readonly string[] | null
  readonly selected: boolean
}>(z.strictObject({ lineIds: lineIds.nullable(), selected: z.boolean() }))

/** Checks input that names a coupon. */
export const parseCoupon = parseInput<{ readonly couponId: string }>(z.strictObject({ couponId: id }))

/** Checks the input of `mergeGuestCart`. */
export const parseMerge = parseInput<{ readonly guestId: string }>(
  z.strictObject({ guestId: z.string().min(1).max(200) }),
)

const name = z.string().min(1).max(100)

/** Checks the input of `priceMyCart`. */
export const parsePriceMyCart = parseInput<PriceMyCartInput>(
  schemaOf<PriceMyCartInput>()(
    z.strictObject({
      shipping: z.exactOptional(z.strictObject({ methodId: name, region: name })),
      channel: z.exactOptional(name),
      paymentMethod: z.exactOptional(name),
      points: z.exactOptional(z.int().min(0).max(1_000_000_000)),
    }),
  ),
)
