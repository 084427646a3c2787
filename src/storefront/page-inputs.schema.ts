import * as z from 'zod'
import type { ListProductsInput, SearchProductsInput } from '../catalog/browse.js'
import { listProductsShape, searchProductsShape } from '../catalog/browse.schema.js'
import { type SectionInput, sectionShape } from '../catalog/sections/section.schema.js'
import type { Currency } from '../shared/currency.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Which cards are asked for, and where they are looked at. */
export type ListCardsInput = ListProductsInput & ShownWhere

/** What is looked for, and where its cards are looked at. */
export type SearchCardsInput = SearchProductsInput & ShownWhere

/** Which section is shown, and where its cards are looked at. */
export type SectionCardsInput = SectionInput & ShownWhere

const id = z.string().min(1).max(200)

/** Where something of the shop is looked at. */
export type ShownWhere = {
  /** Sales channel, for price lists that ask for it; `web` when absent. */
  readonly channel?: string
  /** Where the goods would go, for price lists that ask for it. */
  readonly region?: string
  /** What it is to be paid in, one that the shop sells in; the currency of the catalog when absent. */
  readonly currency?: Currency
}

/** Which product page is asked for, and where it is looked at. */
export type ProductPageInput = ShownWhere & { readonly productId: string }

/** What is set side by side, and where it is looked at: two to six products, or lines of one's cart. */
export type CompareProductsInput = ShownWhere & {
  readonly productIds?: readonly string[]
  readonly lineIds?: readonly string[]
}

/** To which product others are recommended, and where they are looked at. */
export type RecommendInput = ShownWhere & {
  readonly productId: string
  /** The most recommendations, 1 to 50; 12 when absent. */
  readonly limit?: number
}

/** How many products are recommended to a customer, and where they are looked at. */
export type ForYouInput = ShownWhere & {
  /** The most recommendations, 1 to 50; 12 when absent. */
  readonly limit?: number
}

/** Of which products the prices are asked for, and where they are looked at. */
export type CardPricesInput = ShownWhere & {
  /** At most a hundred. */
  readonly productIds: readonly string[]
}

const placeShape = {
  channel: z.exactOptional(z.string().min(1).max(100)),
  region: z.exactOptional(z.string().min(1).max(50)),
  currency: z.exactOptional(z.string().regex(/^[A-Z]{3}$/)),
}

export const parseCardPrices = parseInput<CardPricesInput>(
  schemaOf<CardPricesInput>()(z.strictObject({ productIds: z.array(id).min(1).max(100), ...placeShape })),
)

const limit = z.exactOptional(z.int().min(1).max(50))

export const parseRecommend = parseInput<RecommendInput>(
  schemaOf<RecommendInput>()(z.strictObject({ productId: id, limit, ...placeShape })),
)

export const parseForYou = parseInput<ForYouInput>(schemaOf<ForYouInput>()(z.strictObject({ limit, ...placeShape })))

const compared = z.array(id).min(2).max(6)

export const parseCompareProducts = parseInput<CompareProductsInput>(
  schemaOf<CompareProductsInput>()(
    z
      .strictObject({ productIds: z.exactOptional(compared), lineIds: z.exactOptional(compared), ...placeShape })
      .refine(({ productIds, lineIds }) => (productIds === undefined) !== (lineIds === undefined), {
        error: 'Either `productIds` or `lineIds`',
      })
      .refine(({ productIds = [] }) => new Set(productIds).size === productIds.length, {
        error: 'Every product stands once',
      }),
  ),
)

export const parseProductPage = parseInput<ProductPageInput>(
  schemaOf<ProductPageInput>()(z.strictObject({ productId: id, ...placeShape })),
)

export const parseListCards = parseInput<ListCardsInput>(
  schemaOf<ListCardsInput>()(z.strictObject({ ...listProductsShape, ...placeShape })),
)

export const parseSearchCards = parseInput<SearchCardsInput>(
  schemaOf<SearchCardsInput>()(z.strictObject({ ...searchProductsShape, ...placeShape })),
)

export const parseSectionCards = parseInput<SectionCardsInput>(
  schemaOf<SectionCardsInput>()(z.strictObject({ ...sectionShape, ...placeShape })),
)

/** Tells what the catalog is asked from where its cards are looked at. */
export const splitWhere = <Asked extends object>({
  channel,
  region,
  currency,
  ...asked
}: Asked & ShownWhere): { readonly where: ShownWhere; readonly asked: Omit<Asked, keyof ShownWhere> } => ({
  where: {
    ...(channel === undefined ? {} : { channel }),
    ...(region === undefined ? {} : { region }),
    ...(currency === undefined ? {} : { currency }),
  },
  asked,
})
