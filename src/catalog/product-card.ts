import type { Money } from '../shared/money.js'
import type { LocalText } from './local-text.js'
import type { Product } from './product.js'
import { noStanding, type ProductStanding } from './product-standing.js'
import { type StockFacts, type StockSource, stockOf } from './stock-source.js'

/** A product as a list shows it. */
export type ProductCard = {
  readonly productId: string
  readonly title: LocalText
  readonly brand: string
  /** The lowest list price of its variants; null without a variant. */
  readonly price: Money | null
  /** Null without a picture. */
  readonly imageUrl: string | null
  readonly categoryIds: readonly string[]
  readonly skus: readonly string[]
  /** Whether any variant can be had. */
  readonly inStock: boolean
  /** How it stands with buyers: pieces sold, reviews, good rate. */
  readonly standing: ProductStanding
}

/**
 * Makes the card of a product.
 *
 * @param name - the same as when its stock was asked for
 */
export const cardOf = (
  product: Product,
  source: StockSource | undefined,
  stock: StockFacts,
  name = '',
): ProductCard => {
  const [first, ...rest] = product.variants
  const cheapest = rest.reduce(
    (best, variant) => (best !== undefined && variant.listPrice.minor < best.listPrice.minor ? variant : best),
    first,
  )
  return {
    productId: product.productId,
    title: product.title,
    brand: product.brand,
    price: cheapest?.listPrice ?? null,
    imageUrl: product.media.find(({ kind }) => kind === 'image')?.url ?? null,
    categoryIds: product.categoryIds,
    skus: product.variants.map(({ sku }) => sku),
    inStock: product.variants.some((variant) => (stockOf(source, stock, variant, name) ?? 1) > 0),
    standing: product.standing ?? noStanding,
  }
}
