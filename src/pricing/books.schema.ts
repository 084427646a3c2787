import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { currencySchema } from '../shared/money.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput, parseStored } from '../shared/stored.schema.js'
import type { CarriageRate, QuotedTaxes, RateQuote } from './rate-sources.js'
import type { ShippingBook, ShippingMethod } from './shipping-book.js'
import { nameOfRate } from './tax.js'
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

const days = z.strictObject({ earliest: z.int().min(0).max(365), latest: z.int().min(0).max(365) })

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
          days,
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
      currency: currencySchema,
      methods: z.array(methodSchema).max(100),
      otherCurrencies: z.exactOptional(
        z.array(z.strictObject({ currency: currencySchema, methods: z.array(methodSchema).max(100) })).max(50),
      ),
    })
    .superRefine((book, context) => {
      for (const [message, path] of wrongOfShipping(book))
        context.addIssue({ code: 'custom', message, path: [...path] })
    }),
)

type Wrong = readonly [message: string, path: readonly (string | number)[]]

/** What a price could not be made by, or not by one rule alone; what was published before it was asked stays readable. */
const wrongOfShipping = ({
  currency,
  methods,
  otherCurrencies = [],
}: Omit<ShippingBook, 'bookId'>): readonly Wrong[] => [
  ...(new Set([currency, ...otherCurrencies.map((each) => each.currency)]).size === otherCurrencies.length + 1
    ? []
    : [['A currency stands twice', ['otherCurrencies']] as const]),
  ...wrongMethods(methods, ['methods']),
  ...otherCurrencies.flatMap((each, place) => wrongMethods(each.methods, ['otherCurrencies', place, 'methods'])),
]

const wrongMethods = (methods: readonly ShippingMethod[], path: readonly (string | number)[]): readonly Wrong[] =>
  methods.flatMap(({ methodId, zones }, place): readonly Wrong[] => [
    ...(methods.findIndex((each) => each.methodId === methodId) === place
      ? []
      : [['Stands twice', [...path, place, 'methodId']] as const]),
    ...zones.flatMap(({ days: { earliest, latest } }, zone): readonly Wrong[] =>
      earliest <= latest ? [] : [['Earliest at most latest', [...path, place, 'zones', zone, 'days']]],
    ),
  ])

const regionShape = {
  inclusive: z.boolean(),
  classes: z.record(
    z.string().min(1).max(50),
    z.array(z.strictObject({ rateId: id, title, rateMillionths: z.int().min(0).max(10_000_000) })).max(10),
  ),
  shippingClass: z.string().min(1).max(50).nullable(),
}

const regionSchema = schemaOf<TaxRegion>()(z.strictObject({ region: z.string().min(1).max(50), ...regionShape }))

const roundPer = z.enum(['unit', 'line', 'order'])
const rounding = z.enum(['halfUp', 'halfEven', 'halfDown'])

const publishTaxSchema = schemaOf<PublishTaxBookInput>()(
  z
    .strictObject({
      expectedRevision: z.int().min(0),
      regions: z.array(regionSchema).max(500),
      roundPer,
      rounding,
    })
    .superRefine(({ regions }, context) => {
      for (const [message, path] of wrongRegions(regions))
        context.addIssue({ code: 'custom', message, path: [...path] })
    }),
)

const wrongRegions = (regions: readonly TaxRegion[]): readonly Wrong[] =>
  regions.flatMap(({ region, shippingClass, classes }, place): readonly Wrong[] => [
    ...(regions.findIndex((each) => each.region === region) === place
      ? []
      : [['Stands twice', ['regions', place, 'region']] as const]),
    ...(shippingClass === null || Object.hasOwn(classes, shippingClass)
      ? []
      : [['No class of the region', ['regions', place, 'shippingClass']] as const]),
    ...Object.entries(classes).flatMap(([name, rates]): readonly Wrong[] =>
      new Set(rates.map(nameOfRate)).size === rates.length
        ? []
        : [['A rate stands twice', ['regions', place, 'classes', name]]],
    ),
  ])

export const parsePublishShippingBook = parseInput<PublishShippingBookInput>(publishShippingSchema)
export const parsePublishTaxBook = parseInput<PublishTaxBookInput>(publishTaxSchema)

export const shippingBookSchema: z.ZodType<ShippingBook> = z.object({
  bookId: z.string(),
  currency: z.string(),
  methods: z.array(methodSchema),
  otherCurrencies,
})

/** Whether rates that somebody else gave make a book. */
export const isShippingBook = (book: ShippingBook): boolean =>
  shippingBookSchema.safeParse(book).success && wrongOfShipping(book).length === 0

/** Ways to send as a carrier tells them; undefined of anything else. */
export const carriageRatesIn = (told: unknown): readonly CarriageRate[] | undefined =>
  carriageRatesSchema.safeParse(told).data

const carriageRatesSchema: z.ZodType<readonly CarriageRate[]> = z.array(
  z.object({ methodId: id, title, chargeMinor: amount, days }),
)

/** A quote, whatever its rates are; undefined of anything else. */
export const quoteIn = (told: unknown): RateQuote<unknown> | undefined => quoteSchema.safeParse(told).data

const quoteSchema: z.ZodType<RateQuote<unknown>> = z.object({
  rates: z.unknown(),
  source: z.string().min(1).max(200),
  quotedAt: z.int(),
  validUntil: z.int(),
})

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
export const isTaxBook = (book: TaxBook): boolean =>
  taxBookSchema.safeParse(book).success && wrongRegions(book.regions).length === 0

/** Taxes as a service tells them; undefined of anything else. */
export const quotedTaxesIn = (told: unknown): QuotedTaxes | undefined => quotedTaxesSchema.safeParse(told).data

const quotedTaxesSchema: z.ZodType<QuotedTaxes> = z.object({ ...regionShape, roundPer, rounding })

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
