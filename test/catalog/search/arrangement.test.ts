import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyIndex, updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import type { Arrangement } from '../../../src/catalog/search/query/arrangement.js'
import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { arrangementFor } from '../../../src/catalog/search/search-policy.js'

type Goods = { readonly id: string; readonly title: string; readonly brand: string }

const indexOf = (goods: readonly Goods[]) =>
  updateIndex(emptyIndex(), {
    changed: goods.map(({ id, title, brand }) => ({
      id,
      texts: { title: [title], brand: [brand], category: [], codes: [], attributes: [], description: [] },
      facets: brand === '' ? [] : [{ facet: 'brand', value: brand, label: brand }],
      priceMinor: 1_000,
      createdAt: 0,
    })),
    gone: [],
  })

const search = (goods: readonly Goods[], arrangement: Arrangement, page = { offset: 0, limit: 100 }, filter = {}) =>
  searchIndex(indexOf(goods), { text: 'lamp', filter, within: [], sort: 'relevance', arrangement, ...page })

const idsOf = (...given: Parameters<typeof search>) => search(...given).found.map(({ productId }) => productId)

// Equal but for their ids, so that they stand in order of these.
const lamps = (ids: string, brand: string): readonly Goods[] => [...ids].map((id) => ({ id, title: 'Lamp', brand }))

describe('the order that a shop wants', () => {
  it('leaves a brand its share of the first places, and what waits comes right behind them', () => {
    const goods = [...lamps('abcde', 'Orrin'), ...lamps('fgh', 'Knot')]
    expect(idsOf(goods, { brands: { first: 4, most: 2 } }).join('')).toBe('abfgcdeh')
    expect(idsOf(lamps('abcde', 'Orrin'), { brands: { first: 4, most: 2 } }).join('')).toBe('abcde')
    expect(idsOf(lamps('abcde', ''), { brands: { first: 4, most: 2 } }).join('')).toBe('abcde')
  })

  it('has pins first and what is buried last, and no pin that the filter leaves out', () => {
    const goods = [...lamps('abc', 'Orrin'), { id: 'd', title: 'Kettle', brand: 'Knot' }]
    const { found, total } = search(goods, { pinned: ['d', 'c', 'gone'], buried: ['a', 'd'] })
    expect([found.map(({ productId }) => productId).join(''), total]).toEqual(['dcba', 4])
    expect(idsOf(goods, { pinned: ['d', 'c'] }, undefined, { brands: ['Orrin'] }).join('')).toBe('cab')
  })

  it('counts a boost, and never more of it than a part of what the words say', () => {
    const goods = lamps('abc', 'Orrin')
    expect(idsOf(goods, { boost: (id) => (id === 'b' ? 0.1 : id === 'a' ? Number.NaN : -0.1) }).join('')).toBe('bac')
    const [plain] = search(goods, {}).found
    const [most] = search(goods, { boost: () => 1_000 }).found
    const share = (most?.score ?? 0) / (plain?.score ?? 1)
    expect(share).toBeGreaterThan(1.14)
    expect(share).toBeLessThan(1.16)
  })

  it('is an order of the same products, on every page, each once', () => {
    const goods = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom(...'abcdefghij'),
        title: fc.constantFrom('Lamp', 'Desk lamp', 'Kettle'),
        brand: fc.constantFrom('', 'Orrin', 'Knot'),
      }),
      { selector: ({ id }) => id },
    )
    const wanted = fc.record({
      brands: fc.record({ first: fc.integer({ min: 0, max: 6 }), most: fc.integer({ min: 0, max: 3 }) }),
      pinned: fc.array(fc.constantFrom(...'abcz'), { maxLength: 3 }),
      buried: fc.array(fc.constantFrom(...'cdez'), { maxLength: 3 }),
      boost: fc.constantFrom(
        () => 0,
        (id: string) => (id < 'd' ? 0.1 : -2),
      ),
    })
    fc.assert(
      fc.property(goods, wanted, (held, arrangement) => {
        const all = idsOf(held, arrangement)
        const pages = [0, 3, 6, 9].flatMap((offset) => idsOf(held, arrangement, { offset, limit: 3 }))
        expect(pages).toEqual(all)
        expect(new Set(all).size).toBe(all.length)
        const plain = idsOf(held, {})
        const pinned = arrangement.pinned.filter((id) => held.some((each) => each.id === id))
        expect([...all].sort()).toEqual([...new Set([...plain, ...pinned])].sort())
      }),
    )
  })
})

describe('a policy of searches', () => {
  const asked = { text: 'Lamp', isOfBrand: false, now: 50 }

  it('spreads brands, unless one was asked for', () => {
    expect(arrangementFor({}, asked)).toEqual({ brands: { first: 10, most: 4 } })
    expect(arrangementFor({}, { ...asked, isOfBrand: true })).toEqual({})
    expect(arrangementFor({ brands: null }, asked)).toEqual({})
  })

  it('has a rule for a query while it holds', () => {
    const rules = [
      { queries: ['ｌａｍｐ'], from: 10, until: 50, pinned: ['early'] },
      { queries: ['LAMP '], from: 50, until: 60, pinned: ['now'], buried: ['old'] },
      { pinned: ['always'] },
    ]
    const pinnedAt = (now: number, text = 'Lamp') => arrangementFor({ rules }, { ...asked, text, now }).pinned
    expect([pinnedAt(49), pinnedAt(50), pinnedAt(60), pinnedAt(50, 'desk lamp')]).toEqual([
      ['early'],
      ['now'],
      ['always'],
      ['always'],
    ])
  })
})
