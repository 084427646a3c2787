import * as z from 'zod'
import type { Currency } from '../shared/currency.js'
import { methodIds } from '../shared/payment-method.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { PriceMyCartInput } from './price-input.js'

/** What is put in a cart. */
export type AddLineInput = ViewCartInput & {
  readonly productId: string
  readonly sku: string
  /** Pieces, at least 1. */
  readonly quantity: number
}

/** Where a cart is looked at, and in which currency. */
export type ViewCartInput = {
  /** Sales channel, for price lists that ask for it; `web` when absent. */
  readonly channel?: string
  /** Where the goods would go, for price lists that ask for it; those do not hold when it is absent. */
  readonly region?: string
  /** What it is to be paid in, one that the shop sells in; the currency of the catalog when absent. */
  readonly currency?: Currency
}

const id = z.string().min(1).max(400)
const quantity = z.int().min(1).max(1_000_000)
const lineIds = z.array(id).min(1).max(500)

const currency = z.exactOptional(z.string().regex(/^[A-Z]{3}$/))
const where = {
  channel: z.exactOptional(z.string().min(1).max(100)),
  region: z.exactOptional(z.string().min(1).max(50)),
  currency,
}

/** Checks the input of `addLine`. */
export const parseAddLine = parseInput<AddLineInput>(
  schemaOf<AddLineInput>()(z.strictObject({ productId: id, sku: z.string().min(1).max(120), quantity, ...where })),
)

/** Checks the input of `viewCart`. */
export const parseViewCart = parseInput<ViewCartInput>(schemaOf<ViewCartInput>()(z.strictObject(where)))

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
      currency,
      paymentMethod: z.exactOptional(z.enum(methodIds)),
      points: z.exactOptional(z.int().min(0).max(1_000_000_000)),
    }),
  ),
)
