import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

const id = z.string().min(1).max(200)

/** Which product page is asked for, and where it is looked at. */
export type ProductPageInput = {
  readonly productId: string
  /** Sales channel, for price lists that ask for it; `web` when absent. */
  readonly channel?: string
  /** Where the goods would go, for price lists that ask for it. */
  readonly region?: string
}

/** Of which products the prices are asked for, and where they are looked at. */
export type CardPricesInput = Omit<ProductPageInput, 'productId'> & {
  /** At most a hundred. */
  readonly productIds: readonly string[]
}

const place = {
  channel: z.exactOptional(z.string().min(1).max(100)),
  region: z.exactOptional(z.string().min(1).max(50)),
}

export const parseCardPrices = parseInput<CardPricesInput>(
  schemaOf<CardPricesInput>()(z.strictObject({ productIds: z.array(id).min(1).max(100), ...place })),
)

export const parseProductPage = parseInput<ProductPageInput>(
  schemaOf<ProductPageInput>()(z.strictObject({ productId: id, ...place })),
)
