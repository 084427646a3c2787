import type { FacetCounts } from './catalog-query.js'
import type { Filtered } from './filter-documents.js'

/** Counts found products by price, in steps of 1, 2 and 5, under all parts of the filter but that of the price. */
export const countPrices = (filtered: readonly Filtered[], part: number): FacetCounts['prices'] => {
  const counts = new Uint32Array(edges.length)
  for (const { segment, documents, failing } of filtered) {
    for (let at = 0; at < documents.length; at += 1) {
      const failed = failing[at]
      if (failed !== 0 && failed !== part + 1) continue
      const price = segment.prices[documents[at] ?? 0] ?? Number.NaN
      if (Number.isNaN(price)) continue
      const step = stepOf(price)
      counts[step] = (counts[step] ?? 0) + 1
    }
  }
  return edges.flatMap((fromMinor, step) => {
    const count = counts[step] ?? 0
    return count === 0 ? [] : [{ fromMinor, belowMinor: edges[step + 1] ?? Number.MAX_SAFE_INTEGER, count }]
  })
}

// 0, 1,000, 2,000, 5,000, 10,000 and so on, up to what a price can be.
const edges: readonly number[] = [
  0,
  ...Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** (power + 3))).flat(),
].filter((edge) => edge <= Number.MAX_SAFE_INTEGER)

const stepOf = (minor: number): number => {
  let low = 0
  let high = edges.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((edges[middle] ?? 0) <= minor) low = middle
    else high = middle - 1
  }
  return low
}
