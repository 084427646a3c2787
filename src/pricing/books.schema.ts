import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput, parseStored } from '../shared/stored.schema.js'
import type { ShippingBook, ShippingMethod } from './shipping-book.js'
import type { TaxBook, TaxRegion } from './tax-book.js'

/** The shipping book in place of one revision; 0 for the first. */
export type PublishShippingBookInput = Omit<ShippingBook, 'bookId'> & { readonly expectedRevision: number }

/** The tax book in place of one revision; 0 for the first. */
export type PublishTaxBookInput = Omit<TaxBook, 'bookId'> & { readonly expectedRevision: number }

const id = z.string().min(1).max(100)
const amount = z.int().min(0).max(1_000_000_000_000)
const title = z.strictObject({ 'zh-CN': z.string().max(200), en: z.string().max(200) })

const tiers = z
  .array(z.strictObject({ upTo: amount.nullable(), chargeMinor: amount }))
  .min(1)
  .max(50)
  .refine(
    (list) =>
      list.every(({ upTo }, place) => place === 0 || (list[place - 1]?.upTo ?? amountBeyond) < (upTo ?? amountBeyond)),
    'Limits rise, and only the last may be open',
  )

const amountBeyond = Number.MAX_SAFE_INTEGER

const priceTiers = tiers.refine((list) => list.at(-1)?.upTo === null, 'The last limit is open')

const methodSchema = schemaOf<ShippingMethod>()(
  z.strictObject({
    methodId: id,
    title,
    zones: z
      .array(
        z.strictObject({
          zoneId: id,
          regions: z.array(z.string().min(1).max(50)).min(1).max(1000),
          rate: z.discriminatedUnion('kind', [
            z.strictObject({ kind: z.literal('flat'), chargeMinor: amount }),
            z.strictObject({ kind: z.literal('weight'), tiers }),
            z.strictObject({
              kind: z.literal('stepped'),
              firstGrams: amount,
              firstMinor: amount,
              stepGrams: z.int().min(1).max(1_000_000_000),
              stepMinor: amount,
            }),
            z.strictObject({ kind: z.literal('price'), tiers: priceTiers }),
          ]),
          freeFromMinor: amount.nullable(),
          days: z.strictObject({ earliest: z.int().min(0).max(365), latest: z.int().min(0).max(365) }),
        }),
      )
      .min(1)
      .max(200),
  }),
)

const otherCurrencies = z.exactOptional(
  z
    .array(z.strictObject({ currency: z.string().regex(/^[A-Z]{3}$/), methods: z.array(methodSchema).max(100) }))
    .max(50),
)

const publishShippingSchema = schemaOf<PublishShippingBookInput>()(
  z
    .strictObject({
      expectedRevision: z.int().min(0),
      currency: z.string().regex(/^[A-Z]{3}$/),
      methods: z.array(methodSchema).max(100),
      otherCurrencies,
    })
    .refine(
      ({ currency, otherCurrencies: others = [] }) =>
        new Set([currency, ...others.map((each) => each.currency)]).size === others.length + 1,
      { error: 'A currency stands twice', path: ['otherCurrencies'] },
    ),
)

const regionSchema = schemaOf<TaxRegion>()(
  z.strictObject({
    region: z.string().min(1).max(50),
    inclusive: z.boolean(),
    classes: z.record(
      z.string().min(1).max(50),
      z.array(z.strictObject({ rateId: id, title, rateMillionths: z.int().min(0).max(10_000_000) })).max(10),
    ),
    shippingClass: z.string().min(1).max(50).nullable(),
  }),
)

const roundPer = z.enum(['unit', 'line', 'order'])
const rounding = z.enum(['halfUp', 'halfEven', 'halfDown'])

const publishTaxSchema = schemaOf<PublishTaxBookInput>()(
  z.strictObject({
    expectedRevision: z.int().min(0),
    regions: z.array(regionSchema).max(500),
    roundPer,
    rounding,
  }),
)

export const parsePublishShippingBook = parseInput<PublishShippingBookInput>(publishShippingSchema)
export const parsePublishTaxBook = parseInput<PublishTaxBookInput>(publishTaxSchema)

export const shippingBookSchema: z.ZodType<ShippingBook> = z.object({
  bookId: z.string(),
  currency: z.string(),
  methods: z.array(methodSchema),
  otherCurrencies,
})

/** Whether rates that somebody else gave make a book. */
export const isShippingBook = (book: ShippingBook): boolean => shippingBookSchema.safeParse(book).success

/** The id of the one shipping book of a shop. */
export const shippingBookId = 'shipping'

/** Ways to send and what they cost; the version of the row is the revision of the book. */
export const shippingBooks: Collection<ShippingBook> = {
  name: 'shippingBook',
  rank: 82,
  schemaVersion: 1,
  fields: {},
  ownership: 'public',
  parse: parseStored<ShippingBook>('shippingBook')(shippingBookSchema),
}

export const taxBookSchema: z.ZodType<TaxBook> = z.object({
  bookId: z.string(),
  regions: z.array(regionSchema),
  roundPer,
  rounding,
})

/** Whether rates that somebody else gave make a book. */
export const isTaxBook = (book: TaxBook): boolean => taxBookSchema.safeParse(book).success

/** The id of the one tax book of a shop. */
export const taxBookId = 'tax'

/** Taxes by region and class; the version of the row is the revision of the book. */
export const taxBooks: Collection<TaxBook> = {
  name: 'taxBook',
  rank: 81,
  schemaVersion: 1,
  fields: {},
  ownership: 'public',
  parse: parseStored<TaxBook>('taxBook')(taxBookSchema),
}
