import type { ProductFilter } from '../../product-filter.js'
import type { Arrangement } from './arrangement.js'
import type { ScorePart } from './explain-score.js'
import type { WithinPart } from './filter-documents.js'
import type { ViewerPrices } from './viewer-prices.js'

/** How found products are ordered; ties by id. `launched` is the latest first, by `launchOf`. */
export type SearchSort =
  | 'relevance'
  | 'newest'
  | 'launched'
  | 'priceAscending'
  | 'priceDescending'
  | 'sales'
  | 'hot'
  | 'rating'

/** What an index is asked: filter, counts, order and page in one. */
export type CatalogQuery = {
  /** Empty to browse. */
  readonly text: string
  readonly filter: ProductFilter
  /** What the asker may see at all; nothing outside it is found or counted. */
  readonly within: readonly WithinPart[]
  /** The only products in question, where there are such. */
  readonly among?: ReadonlySet<string>
  readonly sort: SearchSort
  /** What pieces cost whoever asks; as the catalog says when absent. */
  readonly prices?: ViewerPrices
  /** Only what comes behind this; from the beginning when absent. Of an order that hangs on the product, not by relevance. */
  readonly after?: OrderEnd
  readonly offset: number
  readonly limit: number
  /** Whether nothing but the total is wanted; no facet need be counted then. */
  readonly isTotalOnly?: boolean
  /** Whether scores are taken apart. */
  readonly isExplained?: boolean
  /** What the shop wants of the order by relevance. */
  readonly arrangement?: Arrangement
}

/** Where a part of an order ends: what its last product stands by, and its id. */
export type OrderEnd = { readonly key: number; readonly id: string }

/** A product found. */
export type FoundProduct = {
  readonly productId: string
  /** What it stands by, more comes first: its score, or by what is sorted, below 0 where less comes first. */
  readonly key: number
  /** What it scored; a whole number, 0 where nothing was searched for. */
  readonly score: number
  /** What the score is made of, where that was asked for. */
  readonly parts?: readonly ScorePart[]
}

/** What an index answers. */
export type CatalogAnswer = {
  readonly found: readonly FoundProduct[]
  /** How many products meet the query and the filter. */
  readonly total: number
  /** Words of the query that nothing among the best has, as the shopper wrote them, folded. */
  readonly dropped: readonly string[]
  /**
   * Words that were looked for under another writing, because nothing has them as they are; Latin letters may have been
   * read as pinyin.
   */
  readonly corrected: readonly { readonly from: string; readonly to: string }[]
  /** The words that were looked for, in the writing of the index, to be marked by `highlight`. */
  readonly terms: readonly string[]
  readonly facets: FacetCounts
  /** What each part of the filter took away, in the order of the filter. */
  readonly filters: readonly FilterEffect[]
  /** Where nothing was found, the part of the filter to lift first; null where something was, or there is no filter. */
  readonly relax: string | null
}

/** What a part of a filter took away. */
export type FilterEffect = {
  /** `category`, `brand`, `tag`, `rating`, `grade`, `price`, or `attribute:` and the name of an attribute or option. */
  readonly filter: string
  /** Products that would be found without it, and are not. */
  readonly removed: number
}

/** How many of the found products stand under each value; each count is made under all filters but its own. */
export type FacetCounts = {
  /** By brand, most first, then by name. */
  readonly brands: readonly { readonly brand: string; readonly count: number }[]
  /** By category, those above included, most first, then by id. */
  readonly categories: readonly { readonly categoryId: string; readonly count: number }[]
  /** By price in steps of 1, 2 and 5, from the lower end up to and without the upper, minor units. */
  readonly prices: readonly { readonly fromMinor: number; readonly belowMinor: number; readonly count: number }[]
  /** By attribute or option, those that most of the found products state first; at most `mostAttributes`. */
  readonly attributes: readonly AttributeCounts[]
}

/** How many of the found products stand under each value of an attribute. */
export type AttributeCounts = {
  readonly name: string
  /** Most first, then by value; at most `mostValues`. */
  readonly values: readonly { readonly value: string; readonly count: number }[]
  /** Found products that do not state it. */
  readonly notStated: number
}

/** The most attributes that are counted. */
export const mostAttributes = 20

/** The most values of an attribute that are told. */
export const mostValues = 50
