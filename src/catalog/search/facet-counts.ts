import type { Product } from '../product.js'
import { meetsChoices, type ProductFilter } from '../product-filter.js'

/** How many of the found products stand under each value. */
export type FacetCounts = {
  /** By brand, most first, then by name. */
  readonly brands: readonly { readonly brand: string; readonly count: number }[]
  /** By category, those above included, most first, then by id. */
  readonly categories: readonly { readonly categoryId: string; readonly count: number }[]
  /** By price in steps of 1, 2 and 5, from the lower end up to and without the upper, minor units. */
  readonly prices: readonly { readonly fromMinor: number; readonly belowMinor: number; readonly count: number }[]
}

/**
 * Counts found products by brand, category and price; each count is made under all filters but its own, so that it says
 * what choosing another value would give.
 */
export const countFacets = (found: readonly Product[], filter: ProductFilter): FacetCounts => {
  const { categoryId: _category, ...noCategory } = filter
  const { brands: _brands, ...noBrand } = filter
  const { minPriceMinor: _min, maxPriceMinor: _max, ...noPrice } = filter
  return {
    brands: countBy(found, noBrand, ({ brand }) => (brand === '' ? [] : [brand])).map(([brand, count]) => ({
      brand,
      count,
    })),
    categories: countBy(found, noCategory, ({ categoryIds }) => categoryIds).map(([categoryId, count]) => ({
      categoryId,
      count,
    })),
    prices: countPrices(found.filter((product) => meetsFilter(product, noPrice))),
  }
}

/** Whether a product on sale meets a filter, as `filterConditions` say it to a storage. */
export const meetsFilter = (product: Product, filter: ProductFilter): boolean =>
  (filter.categoryId === undefined || product.categoryIds.includes(filter.categoryId)) &&
  (filter.brands === undefined || filter.brands.length === 0 || filter.brands.includes(product.brand)) &&
  (filter.minPriceMinor === undefined || (product.minPriceMinor ?? -1) >= filter.minPriceMinor) &&
  (filter.maxPriceMinor === undefined || (product.minPriceMinor ?? Number.POSITIVE_INFINITY) <= filter.maxPriceMinor) &&
  meetsChoices(product, filter)

const countBy = (
  found: readonly Product[],
  filter: ProductFilter,
  valuesOf: (product: Product) => readonly string[],
): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>()
  for (const product of found) {
    if (!meetsFilter(product, filter)) continue
    for (const value of valuesOf(product)) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}

const countPrices = (found: readonly Product[]): FacetCounts['prices'] => {
  const counts = new Map<number, { readonly belowMinor: number; count: number }>()
  for (const { minPriceMinor } of found) {
    if (minPriceMinor === null) continue
    const [fromMinor, belowMinor] = stepOf(minPriceMinor)
    const step = counts.get(fromMinor) ?? { belowMinor, count: 0 }
    counts.set(fromMinor, { belowMinor, count: step.count + 1 })
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([fromMinor, { belowMinor, count }]) => ({ fromMinor, belowMinor, count }))
}

const stepOf = (minor: number): readonly [number, number] => {
  if (minor < 1_000) return [0, 1_000]
  let power = 1_000
  while (power * 10 <= minor) power *= 10
  if (minor < power * 2) return [power, power * 2]
  return minor < power * 5 ? [power * 2, power * 5] : [power * 5, power * 10]
}
