import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import { readAmountRange } from './attributes/amount-range.js'
import type { ListProductsInput, SearchProductsInput, SuggestInput } from './browse.js'
import type { ProductFilter } from './product-filter.js'

const price = z.int().min(0)
const value = z.union([z.string().min(1).max(500), z.number(), z.boolean()])

/** A filter at the door. */
export const filterSchema = schemaOf<ProductFilter>()(
  z.strictObject({
    categoryId: z.exactOptional(z.string().min(1).max(200)),
    brands: z.exactOptional(z.array(z.string().max(120)).max(50)),
    minPriceMinor: z.exactOptional(price),
    maxPriceMinor: z.exactOptional(price),
    minRating: z.exactOptional(z.int().min(1).max(5)),
    minGrade: z.exactOptional(z.int().min(1).max(5)),
    tags: z.exactOptional(z.array(z.string().min(1).max(80)).max(50)),
    amounts: z.exactOptional(
      z
        .record(
          z.string().min(1).max(80),
          z
            .strictObject({ from: z.exactOptional(z.string().max(60)), to: z.exactOptional(z.string().max(60)) })
            .refine((range) => readAmountRange(range) !== undefined, {
              error: 'Amounts of one kind, with at least one end',
            }),
        )
        .refine((held) => Object.keys(held).length <= 20, { error: 'At most 20 amounts' }),
    ),
    attributes: z.exactOptional(
      z
        .record(z.string().min(1).max(80), z.array(value.nullable()).max(50))
        .refine((held) => Object.keys(held).length <= 20, { error: 'At most 20 attributes' }),
    ),
  }),
)

/** The members of what `listProducts` is asked, for the inputs that hold them. */
export const listProductsShape = {
  filter: z.exactOptional(filterSchema),
  inStockOnly: z.exactOptional(z.boolean()),
  sort: z.exactOptional(z.enum(['newest', 'priceAscending', 'priceDescending', 'sales', 'hot', 'rating'])),
  limit: z.exactOptional(z.int().min(1).max(100)),
  after: z.exactOptional(z.string().min(1).max(600)),
  counted: z.exactOptional(z.boolean()),
}

const searchSorts = [
  'relevance',
  'newest',
  'launched',
  'priceAscending',
  'priceDescending',
  'sales',
  'hot',
  'rating',
] as const

/** The members of what `searchProducts` is asked, for the inputs that hold them. */
export const searchProductsShape = {
  text: z.string().max(200),
  literally: z.exactOptional(z.array(z.string().min(1).max(200)).max(20)),
  filter: z.exactOptional(filterSchema),
  inStockOnly: z.exactOptional(z.boolean()),
  sort: z.exactOptional(z.enum(searchSorts)),
  profiled: z.exactOptional(z.boolean()),
  explain: z.exactOptional(z.boolean()),
  offset: z.exactOptional(z.int().min(0).max(10_000)),
  after: z.exactOptional(z.string().min(1).max(7_000)),
  limit: z.exactOptional(z.int().min(1).max(100)),
}

/** Checks the input of `listProducts`. */
export const parseListProducts = parseInput<ListProductsInput>(
  schemaOf<ListProductsInput>()(z.strictObject(listProductsShape)),
)

/** Checks the input of `searchProducts`. */
export const parseSearchProducts = parseInput<SearchProductsInput>(
  schemaOf<SearchProductsInput>()(z.strictObject(searchProductsShape)),
)

/** Checks the input of `suggest`. */
export const parseSuggest = parseInput<SuggestInput>(
  schemaOf<SuggestInput>()(
    z.strictObject({
      text: z.string().min(1).max(200),
      history: z.exactOptional(z.array(z.string().min(1).max(200)).max(100)),
      limit: z.exactOptional(z.int().min(1).max(20)),
    }),
  ),
)
