import * as z from 'zod'
import { offerSchema } from '../promotions/offer.schema.js'
import { methodIds } from '../shared/payment-method.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import { shippingBookSchema, taxBookSchema } from './books.schema.js'
import { priceListSchema } from './price-list-book.schema.js'
import type { CatalogLine, PriceCartInput, PriceCoupon } from './priced-cart.js'

const id = z.string().min(1).max(200)
const amount = z.int().min(0)
const instant = z.int().min(0)

const lineSchema = schemaOf<CatalogLine>()(
  z.strictObject({
    lineId: id,
    productId: id,
    sku: id,
    merchantId: id,
    categoryIds: z.array(id).max(10_000),
    brand: z.string().max(200),
    quantity: z.int().min(1).max(1_000_000),
    listUnitMinor: amount.nullable(),
    weightGrams: amount,
    taxClass: z.string().max(50),
    discountable: z.boolean(),
    earnsPoints: z.exactOptional(z.boolean()),
    floorUnitMinor: z.exactOptional(amount),
  }),
)

const couponSchema = schemaOf<PriceCoupon>()(
  z.strictObject({
    couponId: id,
    offerId: id,
    status: z.enum(['issued', 'claimed', 'locked', 'used', 'expired', 'revoked']),
    validFrom: instant,
    validTo: instant,
  }),
)

const stage = z.enum([
  'line',
  'shop',
  'platform',
  'shipping',
  'shopCoupon',
  'platformCoupon',
  'shippingCoupon',
  'lateGift',
])

const inputSchema = schemaOf<PriceCartInput>()(
  z.strictObject({
    pricingVersion: z.literal(1),
    now: instant,
    currency: z.string().regex(/^[A-Z]{3}$/),
    lines: z.array(lineSchema).max(10_000),
    priceLists: z.exactOptional(
      z.strictObject({
        lists: z.array(priceListSchema).max(500),
        groups: z.array(id).max(200),
        region: z.string().max(50).nullable(),
      }),
    ),
    offers: z.array(offerSchema).max(2000),
    coupons: z.array(couponSchema).max(1000),
    usesLeft: z.exactOptional(
      z.record(id, z.strictObject({ left: z.exactOptional(z.int()), leftForCustomer: z.exactOptional(z.int()) })),
    ),
    giftsRunOut: z.exactOptional(z.array(id).max(2000)),
    buyer: z.strictObject({ levelId: id.nullable(), firstOrder: z.boolean(), birthdayToday: z.boolean() }),
    channel: id,
    paymentMethod: z.enum(methodIds).nullable(),
    shipping: z.strictObject({ book: shippingBookSchema, methodId: id, region: z.string().max(50) }).nullable(),
    tax: z.strictObject({ book: taxBookSchema, region: z.string().max(50) }).nullable(),
    points: z
      .strictObject({
        balance: z.int().min(0),
        spend: z.int().min(0),
        spendRule: z.strictObject({
          blockPoints: z.int().min(1),
          blockMinor: z.int().min(1),
          minimumPoints: z.int().min(0),
          capBasisPoints: z.int().min(0).max(10_000),
        }),
        earnRule: z.strictObject({ points: z.int().min(0), perMinor: z.int().min(1) }),
        earnMultiplierBasisPoints: z.int().min(0).max(1_000_000),
        currency: z.exactOptional(z.string().regex(/^[A-Z]{3}$/)),
      })
      .nullable(),
    stages: z.exactOptional(z.array(stage).max(8)),
    searchLimit: z.exactOptional(z.int().min(1).max(10_000_000)),
  }),
)

/**
 * Reads what a price is made of from JSON; whatever is missing, misspelt or too much is named by its path.
 *
 * @errors InvalidInput
 */
export const parsePriceInput = parseInput<PriceCartInput>(inputSchema)
