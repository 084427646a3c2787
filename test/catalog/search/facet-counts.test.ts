import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProductFilter } from '../../../src/catalog/product-filter.js'
import { type CatalogIndex, emptyIndex, updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import type { SearchDocument } from '../../../src/catalog/search/index/search-document.js'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { compareCodePoints } from '../../../src/shared/json.js'

const brands = ['Orrin', 'Knot', 'Tidal'] as const
const places = [['home'], ['home', 'home/desk'], ['home', 'home/lamp'], ['garden'], []] as const
const prices = [null, 0, 1, 999, 1_000, 1_999, 2_000, 5_000, 70_000] as const
const sorts = ['newest', 'launched', 'priceAscending', 'priceDescending', 'hot'] as const

type Drawn = {
  readonly brand: number
  readonly place: number
  readonly price: number
  readonly rare: boolean
  readonly at: number
}

const drawn = fc.record({
  brand: fc.nat({ max: brands.length }),
  place: fc.nat({ max: places.length - 1 }),
  price: fc.nat({ max: prices.length - 1 }),
  rare: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
  at: fc.nat({ max: 3 }),
})

const documentOf = ({ brand, place, price, rare, at }: Drawn, number: number): SearchDocument => {
  const facet = (name: string, value: string) => ({ facet: name, value, label: value })
  return {
    id: `p${number}`,
    texts: { title: ['Lamp'], brand: [], category: [], codes: [], attributes: [], description: [] },
    facets: [
      ...[brands[brand] ?? []].flat().map((name) => facet('brand', name)),
      ...(places[place] ?? []).map((name) => facet('category', name)),
      ...(rare ? [facet('attribute:rare', 'yes')] : []),
    ],
    priceMinor: prices[price] ?? null,
    createdAt: at,
    trend: (7 * number) % 5,
    ...(rare ? { launchedAt: 2 } : {}),
  }
}

const filters = fc.record(
  {
    categoryId: fc.constantFrom('home', 'home/lamp', 'cellar'),
    brands: fc.subarray([...brands]),
    minPriceMinor: fc.constantFrom(0, 1, 1_000, 1_001),
    maxPriceMinor: fc.constantFrom(0, 999, 1_999, 2_000, 100_000),
    attributes: fc.constant({ rare: ['yes'] }),
  },
  { requiredKeys: [] },
)

/** Products by id as they came to be, and the index that was told of it in turns. */
const grow = (turns: readonly (readonly Drawn[])[]) => {
  const held = new Map<string, SearchDocument>()
  let index: CatalogIndex = emptyIndex()
  for (const [turn, goods] of turns.entries()) {
    // Every turn changes some of what is there, takes one away, and adds.
    const changed = goods.map((each, at) => documentOf(each, turn * 17 + at))
    const gone = turn === 0 ? [] : ['p3']
    const left = gone.filter((id) => !changed.some((each) => each.id === id))
    index = updateIndex(index, { changed, gone: left })
    for (const id of left) held.delete(id)
    for (const each of changed) held.set(each.id, each)
  }
  return { index, held: [...held.values()] }
}

const values = (each: SearchDocument, facet: string): readonly string[] =>
  each.facets.filter((stated) => stated.facet === facet).map(({ value }) => value)

const conditions = (filter: ProductFilter) => ({
  category: (each: SearchDocument) =>
    filter.categoryId === undefined || values(each, 'category').includes(filter.categoryId),
  brand: (each: SearchDocument) =>
    (filter.brands ?? []).length === 0 || values(each, 'brand').some((brand) => filter.brands?.includes(brand)),
  'attribute:rare': (each: SearchDocument) =>
    filter.attributes === undefined || values(each, 'attribute:rare').length > 0,
  price: ({ priceMinor }: SearchDocument) =>
    (filter.minPriceMinor === undefined && filter.maxPriceMinor === undefined) ||
    (priceMinor !== null &&
      priceMinor >= (filter.minPriceMinor ?? 0) &&
      priceMinor <= (filter.maxPriceMinor ?? Number.POSITIVE_INFINITY)),
})

const tally = (all: readonly string[]): readonly (readonly [string, number])[] =>
  [...new Set(all)]
    .map((value) => [value, all.filter((each) => each === value).length] as const)
    .sort(([a, most], [b, more]) => more - most || compareCodePoints(a, b))

const ask = (index: CatalogIndex, filter: ProductFilter, sort: (typeof sorts)[number], limit = 500) =>
  searchIndex(index, { text: '', filter, within: [], sort, offset: 0, limit })

describe('counts by facet', () => {
  it('are those of a look at every product, each under all conditions but its own', () => {
    const turns = fc.array(fc.array(drawn, { minLength: 1, maxLength: 70 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(turns, filters, (goods, filter) => {
        const { index, held } = grow(goods)
        const { facets, total } = ask(index, filter, 'newest')
        const meets = conditions(filter)
        const under = (own: keyof typeof meets | null) =>
          held.filter((each) => Object.entries(meets).every(([name, holds]) => name === own || holds(each)))
        expect(total).toBe(under(null).length)
        expect(facets.brands.map(({ brand, count }) => [brand, count])).toEqual(
          tally(under('brand').flatMap((each) => values(each, 'brand'))),
        )
        expect(facets.categories.map(({ categoryId, count }) => [categoryId, count])).toEqual(
          tally(under('category').flatMap((each) => values(each, 'category'))),
        )
        const rare = under('attribute:rare').filter((each) => values(each, 'attribute:rare').length > 0)
        expect(facets.attributes).toEqual(
          rare.length === 0
            ? []
            : [
                {
                  name: 'rare',
                  values: [{ value: 'yes', count: rare.length }],
                  notStated: under('attribute:rare').length - rare.length,
                },
              ],
        )
        const priced = under('price').flatMap(({ priceMinor }) => (priceMinor === null ? [] : [priceMinor]))
        expect(facets.prices.reduce((sum, { count }) => sum + count, 0)).toBe(priced.length)
        for (const { fromMinor, belowMinor, count } of facets.prices) {
          expect(count).toBe(priced.filter((price) => price >= fromMinor && price < belowMinor).length)
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('an order by price or age', () => {
  it('is that of a sort of everything, ties by id, wherever the page ends', () => {
    const turns = fc.array(fc.array(drawn, { minLength: 1, maxLength: 70 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(turns, filters, fc.constantFrom(...sorts), fc.nat({ max: 90 }), (goods, filter, sort, limit) => {
        const { index, held } = grow(goods)
        const meets = Object.values(conditions(filter))
        const keys = {
          newest: ({ createdAt }: SearchDocument) => -createdAt,
          launched: ({ createdAt, launchedAt = createdAt }: SearchDocument) => -launchedAt,
          priceAscending: ({ priceMinor }: SearchDocument) => priceMinor ?? 0,
          priceDescending: ({ priceMinor }: SearchDocument) => -(priceMinor ?? 0),
          hot: ({ trend = 0 }: SearchDocument) => -trend,
        }
        const key = keys[sort]
        const expected = held
          .filter((each) => meets.every((holds) => holds(each)))
          .sort((a, b) => key(a) - key(b) || compareCodePoints(a.id, b.id))
          .map(({ id }) => id)
        const { found } = ask(index, filter, sort, limit)
        expect(found.map(({ productId }) => productId)).toEqual(expected.slice(0, limit))
        const last = found.at(-1)
        if (last === undefined) return
        const after = { key: last.key, id: last.productId }
        const behind = searchIndex(index, { text: '', filter, within: [], sort, after, offset: 0, limit: 500 })
        expect(behind.found.map(({ productId }) => productId)).toEqual(expected.slice(limit))
      }),
      { numRuns: 150 },
    )
  })
})
