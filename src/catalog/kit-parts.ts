import type { Stored } from '../shared/read-plan.js'
import type { KitPartUnknown, Product, ProductContent } from './product.js'

/** The SKUs that kits among some variants are made of, each once. */
export const partSkusOf = ({ variants }: Pick<ProductContent, 'variants'>): readonly string[] => [
  ...new Set(variants.flatMap(({ parts = [] }) => parts.map(({ sku }) => sku))),
]

/**
 * Finds a part that a kit may not have. Whoever names a SKU as a part takes of its stock, so it has to be the merchant's
 * own; and a kit keeps no stock that another could take of.
 *
 * @param others - the other products that have the parts
 */
export const findUnknownPart = (
  content: ProductContent,
  merchantId: string,
  others: readonly Stored<Product>[],
): KitPartUnknown | undefined => {
  const theirs = others.flatMap(({ state }) => (state.merchantId === merchantId ? state.variants : []))
  const simple = new Set(
    [...content.variants, ...theirs].flatMap(({ sku, parts }) => (parts === undefined ? [sku] : [])),
  )
  for (const { sku, parts = [] } of content.variants) {
    const wrong = parts.find((part) => !simple.has(part.sku))
    if (wrong !== undefined) return { type: 'KitPartUnknown', sku, part: wrong.sku }
  }
  return undefined
}
