import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IndexedVariant, SearchDocument } from '../../../src/catalog/search/index/search-document.js'
import { sortedColumnOf } from '../../../src/catalog/search/index/sorted-column.js'
import { priceStepsOf } from '../../../src/catalog/search/query/price-steps.js'
import { pricedSegment, type ViewerPrices } from '../../../src/catalog/search/query/viewer-prices.js'
import { document, indexOf } from './documents.js'

const goods = (number: number, variants: readonly IndexedVariant[]): SearchDocument =>
  document(`p${String(number).padStart(3, '0')}`, 'lamp', {
    variants,
    priceMinor: variants.length === 0 ? null : Math.min(...variants.map(({ minor }) => minor)),
  })

/** The prices of whoever has a list: of some SKUs its own, of the others the catalog's where that is in their currency. */
const pricesBy = (
  listed: ReadonlyMap<string, number | null>,
  currency: string | null,
): ViewerPrices & { readonly asked: string[] } => {
  const asked: string[] = []
  return {
    key: 'theirs',
    skus: new Set(listed.keys()),
    currency,
    asked,
    priceOf: (variant) => {
      asked.push(variant.sku)
      const own = listed.get(variant.sku)
      if (own !== undefined) return own
      return currency === null || variant.currency === currency ? variant.minor : null
    },
  }
}

const segmentOf = (documents: readonly SearchDocument[]) => {
  const [segment] = indexOf(...documents).segments
  if (segment === undefined) throw new Error('An index of products has a segment')
  return segment
}

const minor = fc.constantFrom(0, 1, 999, 1_000, 1_500, 2_000, 70_000)
const variantsOf = (number: number) =>
  fc
    .array(fc.record({ currency: fc.constantFrom('CNY', 'CNY', 'CNY', 'JPY'), minor }), { maxLength: 3 })
    .map((all) => all.map((each, place) => ({ sku: `sku-${number}-${place}`, ...each })))
const catalogs = fc
  .integer({ min: 1, max: 60 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, number) => variantsOf(number))))

describe('the prices of whoever looks', () => {
  it('are those of the list where it names a variant, and what the catalog says else', () => {
    const segment = segmentOf([
      goods(1, [{ sku: 'a', currency: 'CNY', minor: 500 }]),
      goods(2, [
        { sku: 'b', currency: 'CNY', minor: 900 },
        { sku: 'c', currency: 'CNY', minor: 700 },
      ]),
      goods(3, [{ sku: 'd', currency: 'CNY', minor: 800 }]),
    ])
    const prices = pricesBy(new Map([['b', 300]]), null)
    const priced = pricedSegment(segment, prices)
    expect([...priced.prices]).toEqual([500, 300, 800])
    expect([...sortedColumnOf(priced.prices).documents]).toEqual([1, 0, 2])
    // Of what no list names nothing is worked out.
    expect(prices.asked).toEqual(['b', 'c'])
    expect([...segment.prices]).toEqual([500, 700, 800])
  })

  it('are, with their order and their steps, what pricing every variant of every product gives', () => {
    const lists = fc.array(fc.tuple(fc.nat({ max: 62 }), fc.nat({ max: 2 }), fc.option(minor)), { maxLength: 40 })
    const currencies = fc.constantFrom(null, 'CNY', 'JPY', 'EUR')
    fc.assert(
      fc.property(catalogs, lists, currencies, (catalog, list, currency) => {
        const segment = segmentOf(catalog.map((variants, number) => goods(number, variants)))
        const listed = new Map(list.map(([number, place, price]) => [`sku-${number}-${place}`, price]))
        const prices = pricesBy(listed, currency)
        const { prices: column } = pricedSegment(segment, prices)
        const expected = catalog.map((variants) => {
          const all = variants.flatMap((variant) => prices.priceOf(variant) ?? [])
          return all.length === 0 ? Number.NaN : Math.min(...all)
        })
        expect([...column]).toEqual(expected)
        // Made of numbers that were never anything else.
        const fresh = Float64Array.from(expected)
        expect(sortedColumnOf(column)).toEqual(sortedColumnOf(fresh))
        expect(priceStepsOf(column)).toEqual(priceStepsOf(fresh))
      }),
      { numRuns: 300 },
    )
  })

  it('are found by their SKUs in a large catalog too, where few are named', () => {
    const catalog = Array.from({ length: 400 }, (_, number) =>
      number % 7 === 0 ? [] : [{ sku: `sku-${number}`, currency: 'CNY', minor: 1_000 + number }],
    )
    const segment = segmentOf(catalog.map((variants, number) => goods(number, variants)))
    const own = (number: number) => `sku-${number}`
    const prices = pricesBy(new Map([1, 200, 398].map((number) => [own(number), number])), null)
    const { prices: column } = pricedSegment(segment, prices)
    const expected = catalog.map(([variant], number) =>
      variant === undefined ? Number.NaN : [1, 200, 398].includes(number) ? number : variant.minor,
    )
    expect([...column]).toEqual(expected)
    expect(prices.asked.sort()).toEqual([own(1), own(200), own(398)])
  })
})
