import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { moneySchema } from '../shared/money.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { isSecureAddress } from '../shared/secure-address.js'
import { parseInput, parseStored } from '../shared/stored.schema.js'
import type { LocalText } from './local-text.js'
import type { AttributeValue, KitPart, Manual, Media, Product, ProductContent, Variant } from './product.js'
import { comparable } from './product-facets.js'
import type { ProductStanding } from './product-standing.js'
import type { RecentSales } from './recent-sales.js'

const storedText = schemaOf<LocalText>()(z.object({ en: z.string(), 'zh-CN': z.string() }))
const storedPart = schemaOf<KitPart>()(z.object({ sku: z.string(), quantity: z.int() }))
const storedVariant = schemaOf<Variant>()(
  z.object({
    sku: z.string(),
    options: z.record(z.string(), z.string()),
    listPrice: z.object({ minor: z.int(), currency: z.string() }),
    weightGrams: z.int(),
    taxClass: z.string(),
    discountable: z.boolean(),
    parts: z.exactOptional(z.array(storedPart)),
  }),
)
const attributeValue = schemaOf<AttributeValue>()(z.union([z.string(), z.number(), z.boolean()]))
const storedMedia = schemaOf<Media>()(z.object({ kind: z.enum(['image', 'video']), url: z.string() }))

const storedManual = schemaOf<Manual>()(z.object({ title: storedText, url: z.string() }))
const storedRecent = schemaOf<RecentSales>()(z.object({ day: z.int(), thousandths: z.int(), trend: z.int() }))
const storedStanding = schemaOf<ProductStanding>()(
  z.object({
    sold: z.int(),
    reviews: z.int(),
    ratingTenths: z.int(),
    goodRateBasisPoints: z.int(),
    recommendationBasisPoints: z.int(),
    recent: z.exactOptional(storedRecent),
  }),
)

const facts = {
  productId: z.string(),
  externalId: z.string(),
  merchantId: z.string(),
  title: storedText,
  description: storedText,
  brand: z.string(),
  homeCategoryIds: z.array(z.string()),
  categoryIds: z.array(z.string()),
  variants: z.array(storedVariant),
  attributes: z.record(z.string(), attributeValue),
  tags: z.exactOptional(z.array(z.string())),
  media: z.array(storedMedia),
  manuals: z.exactOptional(z.array(storedManual)),
  accessoryIds: z.exactOptional(z.array(z.string())),
  warrantyMonths: z.exactOptional(z.int()),
  perPersonLimit: z.int().nullable(),
  facets: z.array(z.string()),
  minPriceMinor: z.int().nullable(),
  standing: z.exactOptional(storedStanding),
  launchedAt: z.exactOptional(z.int()),
  createdAt: z.int(),
  updatedAt: z.int(),
}

const productSchema = schemaOf<Product>()(
  z.discriminatedUnion('status', [
    z.object({ status: z.literal('draft'), ...facts }),
    z.object({ status: z.literal('active'), publishedAt: z.int(), ...facts }),
    z.object({ status: z.literal('archived'), archivedAt: z.int(), ...facts }),
  ]),
)

/** Products of every status; buyers are shown the active ones only. */
export const products: Collection<Product> = {
  name: 'product',
  rank: 30,
  schemaVersion: 1,
  fields: {
    status: { type: 'text', path: 'status' },
    externalId: { type: 'text', path: 'externalId' },
    merchantId: { type: 'text', path: 'merchantId' },
    brand: { type: 'text', path: 'brand' },
    minPriceMinor: { type: 'integer', path: 'minPriceMinor' },
    sold: { type: 'integer', path: 'standing.sold', absent: 0 },
    ratingTenths: { type: 'integer', path: 'standing.ratingTenths', absent: 0 },
    recommendation: { type: 'integer', path: 'standing.recommendationBasisPoints', absent: 0 },
    trend: { type: 'integer', path: 'standing.recent.trend', absent: 0 },
    createdAt: { type: 'instant', path: 'createdAt' },
    updatedAt: { type: 'instant', path: 'updatedAt' },
    categoryIds: { type: 'textList', path: 'categoryIds' },
    facets: { type: 'textList', path: 'facets' },
  },
  parts: [
    {
      field: 'variants',
      key: 'sku',
      fields: {
        listPriceMinor: { type: 'integer', path: 'listPrice.minor' },
        currency: { type: 'text', path: 'listPrice.currency' },
        weightGrams: { type: 'integer', path: 'weightGrams' },
        taxClass: { type: 'text', path: 'taxClass' },
      },
    },
  ],
  ownership: 'public',
  parse: parseStored<Product>('product')(productSchema),
}

const line = (longest: number) => z.string().max(longest)
const name = line(80).min(1)
/** Ids that stand in the ids of other rows. */
const slugId = line(60).regex(/^[A-Za-z0-9_-]+$/)

/** A text in every language, bounded. */
export const localTextInput = (longest: number) => z.strictObject({ en: line(longest), 'zh-CN': line(longest) })

/** What may be said of a product, at the door. */
export const attributesInput = z
  .record(name, z.union([line(500), z.number(), z.boolean()]))
  .refine((held) => Object.keys(held).length <= 120, { error: 'At most 120 attributes' })

/** Words that a product is found by beside the tree, at the door. */
export const tagsInput = z
  .array(name)
  .max(50)
  .refine((tags) => new Set(tags.map(comparable)).size === tags.length, { error: 'Every tag stands once' })

/** A choice of options, at the door. */
export const optionsInput = z
  .record(name, line(120).min(1))
  .refine((held) => Object.keys(held).length <= 10, { error: 'At most 10 options' })

/** A SKU at the door. */
export const skuInput = line(120).min(1)

/** An external id at the door. */
export const externalIdInput = line(120).min(1)

/** A merchant at the door. */
export const merchantIdInput = slugId

/** A price before any offer, at the door. */
export const listPriceInput = moneySchema.refine(({ minor }) => minor >= 0, { error: 'A list price is not below zero' })

/** A weight as shipped, grams, at the door. */
export const weightInput = z.int().min(0).max(100_000_000)

/** A tax class, at the door. */
export const taxClassInput = line(60).min(1)

/** A link to a picture, at the door: https, or of this machine, or a name that the host's own store knows it by. */
export const urlInput = line(2_000)
  .min(1)
  .refine((url) => isSecureAddress(url) || /^(?!\/\/)[\p{L}\p{N}_~./%-]+$/u.test(url), {
    error: 'A link is https, or a name in the store of the host',
  })

const distinct =
  <Item>(nameOf: (item: Item) => string) =>
  (items: readonly Item[]): boolean =>
    new Set(items.map(nameOf)).size === items.length

const partInput = schemaOf<KitPart>()(z.strictObject({ sku: skuInput, quantity: z.int().min(1).max(10_000) }))

const variantInput = schemaOf<Variant>()(
  z.strictObject({
    sku: skuInput,
    options: optionsInput,
    listPrice: listPriceInput,
    weightGrams: weightInput,
    taxClass: taxClassInput,
    discountable: z.boolean(),
    parts: z.exactOptional(
      z
        .array(partInput)
        .min(1)
        .max(50)
        .refine(
          distinct<KitPart>(({ sku }) => sku),
          { error: 'Every part stands once' },
        ),
    ),
  }),
)

/** What a seller states about a product, at the door. */
export const contentInput = schemaOf<ProductContent>()(
  z.strictObject({
    title: localTextInput(300),
    description: localTextInput(20_000),
    brand: line(120),
    homeCategoryIds: z.array(line(200).min(1)).max(20),
    variants: z
      .array(variantInput)
      .max(200)
      .refine(
        distinct<Variant>(({ sku }) => sku),
        { error: 'Every SKU stands once' },
      )
      .refine((held) => new Set(held.map(({ listPrice }) => listPrice.currency)).size <= 1, {
        error: 'All prices are in one currency',
      }),
    attributes: attributesInput,
    tags: z.exactOptional(tagsInput),
    media: z.array(z.strictObject({ kind: z.enum(['image', 'video']), url: urlInput })).max(60),
    manuals: z.exactOptional(z.array(z.strictObject({ title: localTextInput(200), url: urlInput })).max(20)),
    accessoryIds: z.exactOptional(
      z
        .array(line(400).min(1))
        .max(40)
        .refine(
          distinct<string>((id) => id),
          { error: 'Every accessory stands once' },
        ),
    ),
    warrantyMonths: z.exactOptional(z.int().min(1).max(1_200)),
    perPersonLimit: z.int().min(1).max(1_000_000).nullable(),
  }),
)

/** The input of a save: a new product, or new content of one that is there. */
export type SaveProductInput = {
  readonly externalId: string
  /** The shop's own goods where it has one seller. */
  readonly merchantId: string
  readonly content: ProductContent
  /** The version that was read (`catalog.product`), 0 for one that must be new; saved over whatever stands when absent. */
  readonly expectedVersion?: number
}

/** Checks the input of a save. */
export const parseSaveProduct = parseInput<SaveProductInput>(
  schemaOf<SaveProductInput>()(
    z.strictObject({
      externalId: externalIdInput,
      merchantId: merchantIdInput,
      content: contentInput,
      expectedVersion: z.exactOptional(z.int().min(0)),
    }),
  ),
)

/** Checks input that names a product. */
export const parseProductId = parseInput<{ readonly productId: string }>(
  z.strictObject({ productId: line(400).min(1) }),
)
