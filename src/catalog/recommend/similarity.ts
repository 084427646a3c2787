import { compareCodePoints } from '../../shared/json.js'
import type { Product } from '../product.js'

/** How much two products are alike, and in what. */
export type Similarity = {
  readonly productId: string
  /** 0 to 10000: what both state among what either does, and a little for the brand and a price near by. */
  readonly alikeBasisPoints: number
  /** Names of attributes and options in which they agree, sorted. */
  readonly shared: readonly string[]
}

/** What of a product is compared. */
export type ComparableProduct = Pick<Product, 'productId' | 'facets' | 'brand' | 'minPriceMinor'>

const weights = { facets: 8_000, brand: 1_000, price: 1_000 }

/** Compares two products by what they state, their brand and their price. */
export const similarityOf = (to: ComparableProduct, other: ComparableProduct): Similarity => {
  const own = new Set(to.facets)
  const both = other.facets.filter((facet) => own.has(facet))
  const either = new Set([...to.facets, ...other.facets]).size
  const isSameBrand = to.brand !== '' && to.brand === other.brand
  const points =
    (either === 0 ? 0 : Math.floor((weights.facets * both.length) / either)) +
    (isSameBrand ? weights.brand : 0) +
    nearness(to.minPriceMinor, other.minPriceMinor)
  const names = both.map((facet) => facet.slice(0, facet.indexOf('='))).filter((name) => name !== '#')
  return {
    productId: other.productId,
    alikeBasisPoints: points,
    shared: [...new Set(names)].sort(compareCodePoints),
  }
}

const nearness = (left: number | null, right: number | null): number => {
  if (left === null || right === null || left <= 0 || right <= 0) return 0
  return Math.floor((weights.price * Math.min(left, right)) / Math.max(left, right))
}

/** The products that are most like another; those that share nothing with it are left out. */
export const mostSimilar = (to: ComparableProduct, others: readonly ComparableProduct[]): readonly Similarity[] =>
  others
    .filter(({ productId }) => productId !== to.productId)
    .map((other) => similarityOf(to, other))
    .filter(({ shared }) => shared.length > 0)
    .sort((a, b) => b.alikeBasisPoints - a.alikeBasisPoints || compareCodePoints(a.productId, b.productId))
