import type { CatalogIndex } from '../index/catalog-index.js'
import { changedColumn } from '../index/changed-column.js'
import type { IndexedVariant } from '../index/search-document.js'
import type { Segment } from '../index/segment.js'
import { documentsSoldAs } from '../index/sku-places.js'
import { type VariantColumn, variantAt } from '../index/variant-column.js'

/** What pieces cost whoever looks, where that is not what the catalog says; as a module that knows of prices tells it. */
export type ViewerPrices = {
  /** The same for all whom everything costs the same, for as long as it does. */
  readonly key: string
  /** The SKUs that have a price of their own for them; whatever else is sold has the catalog's. */
  readonly skus: ReadonlySet<string>
  /** What everything is to be paid in; null for the currency of each. */
  readonly currency: string | null
  /** The price of a piece, minor units; null where it is not sold to them. */
  readonly priceOf: (variant: IndexedVariant) => number | null
}

/** How many prices are kept for different viewers of a segment, and for how many viewers of a small one. */
const mostKept = 4_000_000
const mostViewers = 64

const made = /* @__PURE__ */ new WeakMap<VariantColumn, Map<string, Float64Array>>()

/**
 * A segment at the prices of whoever looks. What it holds never changes, so neither do they for as long as the key is the
 * same: they are made once for all who look at it so, and so is their order.
 */
export const pricedSegment = (segment: Segment, prices: ViewerPrices): Segment => {
  const { variants } = segment
  if (variants === null) return segment
  const kept = made.get(variants) ?? new Map<string, Float64Array>()
  made.set(variants, kept)
  const column = kept.get(prices.key) ?? pricesIn(segment, variants, prices)
  // Who looked last goes last.
  kept.delete(prices.key)
  kept.set(prices.key, column)
  const room = Math.min(mostViewers, Math.max(2, Math.floor(mostKept / column.length)))
  for (const key of kept.keys()) {
    if (kept.size <= room) break
    kept.delete(key)
  }
  return { ...segment, prices: column }
}

/** An index at the prices of whoever looks. */
export const pricedIndex = <Index extends Pick<CatalogIndex, 'segments'>>(
  index: Index,
  prices: ViewerPrices | undefined,
): Index =>
  prices === undefined ? index : { ...index, segments: index.segments.map((each) => pricedSegment(each, prices)) }

const pricesIn = (segment: Segment, column: VariantColumn, { skus, currency, priceOf }: ViewerPrices): Float64Array =>
  changedColumn(catalogPrices(segment, column, currency), documentsSoldAs(column, skus), (document) => {
    let lowest = Number.NaN
    const end = column.offsets[document + 1] ?? 0
    for (let at = column.offsets[document] ?? 0; at < end; at += 1) {
      const price = priceOf(variantAt(column, at))
      if (price !== null && !(price >= lowest)) lowest = price
    }
    return lowest
  })

const inCurrency = /* @__PURE__ */ new WeakMap<VariantColumn, Map<string, Float64Array>>()

/** What products cost by the catalog alone: in a currency, what is not sold in it costs nothing that could be told. */
const catalogPrices = (segment: Segment, column: VariantColumn, currency: string | null): Float64Array => {
  if (currency === null) return segment.prices
  const kept = inCurrency.get(column) ?? new Map<string, Float64Array>()
  inCurrency.set(column, kept)
  const prices = kept.get(currency) ?? pricesOfCurrency(segment, column, currency)
  kept.set(currency, prices)
  return prices
}

const pricesOfCurrency = (segment: Segment, column: VariantColumn, currency: string): Float64Array => {
  const { offsets, currencies, minors } = column
  const prices = segment.prices.slice()
  for (let document = 0; document < prices.length; document += 1) {
    const end = offsets[document + 1] ?? 0
    let lowest = Number.NaN
    let isAsItIs = true
    for (let at = offsets[document] ?? 0; at < end; at += 1) {
      const minor = minors[at] ?? 0
      if (currencies[at] !== currency) isAsItIs = false
      else if (Number.isNaN(lowest) || minor < lowest) lowest = minor
    }
    if (!isAsItIs) prices[document] = lowest
  }
  return prices
}
