import type { CounterFamily } from '../../shared/collection.js'
import type { Product } from '../product.js'
import { comparable, facetOf } from '../product-facets.js'
import type { FacetCounts } from './query/catalog-query.js'

/** How often shoppers filtered by each facet, by its name as `filters` of a search tell it. */
export const facetTallies: CounterFamily = { name: 'facetTally', rank: 13, minimum: 0 }

/** A facet under which its use is counted. */
export const usedFacet = (name: string): string => comparable(name)

/** What a shopper looks at: how many of the products they looked at last have each brand, category and value. */
export type ShopperProfile = {
  readonly brands: ReadonlyMap<string, number>
  readonly categories: ReadonlyMap<string, number>
  /** By facet, as products hold it. */
  readonly facets: ReadonlyMap<string, number>
}

/** How many of the products that were looked at last make a profile. */
export const profiledProducts = 20

/** What once was looked at is chance; what as many products have is a habit. */
const habit = 2

/** Makes a profile of products that somebody looked at. */
export const profileOf = (viewed: readonly Pick<Product, 'brand' | 'categoryIds' | 'facets'>[]): ShopperProfile => {
  const brands = new Map<string, number>()
  const categories = new Map<string, number>()
  const facets = new Map<string, number>()
  const count = (counts: Map<string, number>, value: string): Map<string, number> =>
    counts.set(value, (counts.get(value) ?? 0) + 1)
  for (const { brand, categoryIds, facets: stated } of viewed) {
    if (brand !== '') count(brands, brand)
    for (const categoryId of categoryIds) count(categories, categoryId)
    for (const facet of stated) count(facets, facet)
  }
  return { brands, categories, facets }
}

/**
 * Orders facets by use, those that shoppers filter by most first, and values by how many products have them. With a profile what
 * the shopper has a habit of comes before: facets, and values, brands and categories within theirs.
 */
export const orderFacets = (
  { brands, categories, prices, attributes }: FacetCounts,
  uses: ReadonlyMap<string, number>,
  profile: ShopperProfile | null,
): FacetCounts => {
  const habitOf = (counts: ReadonlyMap<string, number> | undefined, value: string): number => {
    const count = counts?.get(value) ?? 0
    return count < habit ? 0 : count
  }
  // What is alike by it keeps its order.
  const first = <Item>(items: readonly Item[], worth: (item: Item) => number): readonly Item[] =>
    [...items].sort((a, b) => worth(b) - worth(a))
  const ordered = attributes.map((attribute) => {
    const habitOfValue = ({ value }: { readonly value: string }): number =>
      habitOf(profile?.facets, facetOf(attribute.name, value))
    return {
      attribute: { ...attribute, values: first(attribute.values, habitOfValue) },
      // Where all have the same there is nothing to choose.
      most:
        attribute.values.length < 2 && attribute.notStated === 0
          ? 0
          : Math.max(0, ...attribute.values.map(habitOfValue)),
    }
  })
  const byUse = first(ordered, ({ attribute }) => uses.get(usedFacet(`attribute:${attribute.name}`)) ?? 0)
  return {
    brands: first(brands, ({ brand }) => habitOf(profile?.brands, brand)),
    categories: first(categories, ({ categoryId }) => habitOf(profile?.categories, categoryId)),
    prices,
    attributes: first(byUse, ({ most }) => most).map(({ attribute }) => attribute),
  }
}
