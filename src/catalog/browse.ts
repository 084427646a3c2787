import type { Search } from '../shared/read-plan.js'
import type { ProductFilter } from './product-filter.js'
import type { SearchSort } from './search/query/catalog-query.js'

/**
 * How a list is ordered; ties by id. `sales` is by pieces sold, `hot` by those sold lately, each counting half as much with
 * every week, `rating` by the recommendation grade: the Wilson lower
 * bound of the good rate, by which one good review of one does not come before 980 of 1,000.
 */
export type ProductSort = 'newest' | 'priceAscending' | 'priceDescending' | 'sales' | 'hot' | 'rating'

/** What `listProducts` is asked. */
export type ListProductsInput = {
  readonly filter?: ProductFilter
  /** Leaves out what is sold out. */
  readonly inStockOnly?: boolean
  /** `newest` when absent. */
  readonly sort?: ProductSort
  /** The most products, 1 to 100; 24 when absent. */
  readonly limit?: number
  /** `next` of the page before, under the same filter and sort. */
  readonly after?: string
  /** Whether it is told how many products meet the filter and what each part of it took away, whatever is in stock. */
  readonly counted?: boolean
}

/** What `searchProducts` is asked. */
export type SearchProductsInput = {
  /** Empty to look through the catalog by filters and counts alone. */
  readonly text: string
  /**
   * Parts of the text that are searched for as words and not understood as conditions: what is left when a shopper takes
   * away one of `understood`; the whole text, where nothing of it is to be understood.
   */
  readonly literally?: readonly string[]
  readonly filter?: ProductFilter
  /**
   * Leaves out what is sold out. Found and counted is then what is in stock of the best `mostCandidates` under the filter, and
   * of the best as many without it.
   */
  readonly inStockOnly?: boolean
  /** `relevance` when absent. */
  readonly sort?: SearchSort
  /**
   * False: facets stand in the order that everybody sees. Else what a customer who agreed to personalisation has a habit of
   * looking at comes first among them. What is found, and in which order, hangs on nobody's profile.
   */
  readonly profiled?: boolean
  /** Whether each score is told with what it is made of. */
  readonly explain?: boolean
  /** How many hits to leave out; 0 when absent, and always with `after`. */
  readonly offset?: number
  /** `next` of the page before, of the same query and sort: every product that stays as it is comes once. */
  readonly after?: string
  /** The most hits, 1 to 100; 24 when absent. */
  readonly limit?: number
}

/** What `suggest` is asked. */
export type SuggestInput = {
  /** What was typed so far. */
  readonly text: string
  /** What the shopper searched for before, the latest first, where they agreed that it is kept. */
  readonly history?: readonly string[]
  /** The most completions, and the most related searches, 1 to 20; 8 when absent. */
  readonly limit?: number
}

/** Ordering of each sort, as a storage knows it. */
export const sortOrders: Readonly<Record<ProductSort, NonNullable<Search['orderBy']>>> = {
  newest: { field: 'createdAt', direction: 'descending' },
  priceAscending: { field: 'minPriceMinor', direction: 'ascending' },
  priceDescending: { field: 'minPriceMinor', direction: 'descending' },
  sales: { field: 'sold', direction: 'descending' },
  hot: { field: 'trend', direction: 'descending' },
  rating: { field: 'recommendation', direction: 'descending' },
}
