import { compareCodePoints } from '../../../shared/json.js'
import type { Bits } from './bits.js'
import type { CodeColumn } from './code-column.js'
import type { VariantColumn } from './variant-column.js'

/** The values of one facet over the products of a segment. Products with the same values share a set of them. */
export type FacetColumn = {
  /** Products that state it, ascending; null where so many do that every product has a place in `sets`. */
  readonly documents: Uint32Array | null
  /** By product, or by place in `documents`: the number of its set of values, 0 for none. */
  readonly sets: Uint16Array | Uint32Array
  /** Where the values of each set begin in `values`; they ascend. */
  readonly offsets: Uint32Array
  readonly values: Uint32Array
  /** By set: how many products have it. */
  readonly totals: Uint32Array
}

/** A part of an index that never changes, but that products of it cease to count. Its products stand in order of ids. */
export type Segment = CodeColumn & {
  readonly ids: readonly string[]
  /** The products that are still what they were when the segment was made. */
  readonly alive: Bits
  /** How many are not. */
  readonly dead: number
  /** Numbers of the words that occur, ascending; `offsets` says where the products of each begin. */
  readonly terms: Uint32Array
  readonly offsets: Uint32Array
  readonly documents: Uint32Array
  /** What the word says of the product, 1 to 255. */
  readonly impacts: Uint8Array
  /** The words of each title in their order, with `forMark` where they say what the product is for. */
  readonly titleOffsets: Uint32Array
  readonly titleTerms: Uint32Array
  /** Lowest price, minor units; NaN without one. */
  readonly prices: Float64Array
  /** What products are sold as; null where nothing is known of it, as of an index that was loaded. */
  readonly variants: VariantColumn | null
  readonly createdAt: Float64Array
  /** Pieces sold, and the recommendation grade by its Wilson lower bound. */
  readonly sold: Float64Array
  readonly recommendation: Float64Array
  /** How much each sold lately, and when it was launched. */
  readonly trend: Float64Array
  readonly launchedAt: Float64Array
  readonly facets: ReadonlyMap<number, FacetColumn>
}

/** Added to the number of a word of a title that says what the product is for; numbers of words stay far below. */
export const forMark = 0x80000000

/** Where the products of a word stand in a segment. */
export type Postings = { readonly begin: number; readonly end: number }

/** The products of a word. */
export const postingsOf = ({ terms, offsets }: Segment, term: number): Postings => {
  const at = placeIn(terms, term)
  return at === undefined ? nothing : { begin: offsets[at] ?? 0, end: offsets[at + 1] ?? 0 }
}

const nothing: Postings = { begin: 0, end: 0 }

/** Where a number stands in ascending ones. */
export const placeIn = (ascending: Uint32Array, wanted: number): number | undefined => {
  let low = 0
  let high = ascending.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = ascending[middle] ?? 0
    if (found === wanted) return middle
    if (found < wanted) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

/** Where a product stands in a segment. */
export const documentIn = ({ ids }: Segment, id: string): number | undefined => {
  let low = 0
  let high = ids.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const order = compareCodePoints(ids[middle] ?? '', id)
    if (order === 0) return middle
    if (order < 0) low = middle + 1
    else high = middle - 1
  }
  return undefined
}
