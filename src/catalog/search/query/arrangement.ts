import { hasBit } from '../index/bits.js'
import { setIn, valuesOfSet } from '../index/facet-columns.js'
import { documentIn, type Segment } from '../index/segment.js'
import type { Vocabulary } from '../index/vocabulary.js'
import type { Placed } from './select-top.js'

/** What a shop wants of an order by relevance beyond relevance. */
export type Arrangement = {
  /** Of the `first` places one brand takes at most `most`, as long as others are found. */
  readonly brands?: BrandShare
  /** Products that come first, in this order, where they meet the filter; they need not have the words. */
  readonly pinned?: readonly string[]
  /** Products that come last. */
  readonly buried?: readonly string[]
  /** By which share a product counts for more or less than its words say; no more than `mostBoost` either way. */
  readonly boost?: (productId: string) => number
}

/** How many of the first places one brand may take. */
export type BrandShare = { readonly first: number; readonly most: number }

/** The most that a boost adds or takes, so that what a product is stays before what it earns. */
export const mostBoost = 0.15

/** A score with what the shop adds to it; a whole number as before. */
export const boostedScore = (score: number, boost: number): number => {
  const share = Number.isNaN(boost) ? 0 : Math.max(-mostBoost, Math.min(mostBoost, boost))
  return Math.floor((score * (1_024 + Math.round(1_024 * share))) / 1_024)
}

/** Moves products of a brand that has its share of the first places behind those places; all else keeps its order. */
export const spreadBrands = (
  vocabulary: Vocabulary,
  placed: readonly Placed[],
  { first, most }: BrandShare,
): readonly Placed[] => {
  const brandOf = createBrandOf(vocabulary)
  const taken = new Map<number, number>()
  const front: Placed[] = []
  const waiting: Placed[] = []
  let at = 0
  for (; at < placed.length && front.length < first; at += 1) {
    const each = placed[at]
    if (each === undefined) break
    const brand = brandOf(each)
    const count = brand === 0 ? 0 : (taken.get(brand) ?? 0)
    if (count >= most) waiting.push(each)
    else {
      taken.set(brand, count + 1)
      front.push(each)
    }
  }
  return [...front, ...waiting, ...placed.slice(at)]
}

/** The number of a product's brand plus one; nought without any. */
const createBrandOf = ({ facets }: Vocabulary): ((placed: Placed) => number) => {
  const id = facets.find('brand')
  return ({ segment, document }) => {
    const column = id === undefined ? undefined : segment.facets.get(id)
    const [brand] = column === undefined ? [] : valuesOfSet(column, setIn(column, document))
    return brand === undefined ? 0 : brand + 1
  }
}

/** Where a product stands in an index, while it is alive. */
export const placeOf = (
  segments: readonly Segment[],
  productId: string,
): { readonly segment: Segment; readonly document: number } | undefined => {
  for (const segment of segments) {
    const document = documentIn(segment, productId)
    if (document !== undefined && hasBit(segment.alive, document)) return { segment, document }
  }
  return undefined
}
