import fc from 'fast-check'
import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { type SearchedProducts, searchProducts } from '../../src/catalog/search/search-products.js'
import { suggest } from '../../src/catalog/search/suggest/suggest.js'
import { unchecked } from '../support/unchecked.js'
import { fill, idsOf, shelf } from './filled-shelf.js'
import { openShop, staff } from './open-shop.js'

describe('a search', () => {
  it.each([
    ['earbuds', 'buds'],
    ['wireless earbud', 'buds'],
    ['降噪耳机', 'buds'],
    ['潮声 耳机', 'buds'],
    ['usb c cable', 'cable'],
    ['充电线', 'cable'],
    ['nova12 case', 'case'],
    ['nova 12 手机壳', 'case'],
    ['手机壳', 'case'],
    ['running shoe', 'shoes'],
    ['跑鞋', 'shoes'],
    ['cable', 'cable'],
  ])('for %s finds %s first', async (text, expected) => {
    const ports = await openShop()
    await fill(ports, shelf)
    const found = (await searchProducts(ports, staff, { text }))._unsafeUnwrap()
    expect(idsOf(found)[0]).toBe(expected)
    expect(found.dropped).toEqual([])
  })

  it('puts a word in the title before the same word in a description', async () => {
    const ports = await openShop()
    await fill(ports, shelf)
    const found = (await searchProducts(ports, staff, { text: 'phone case' }))._unsafeUnwrap()
    expect(idsOf(found).slice(0, 2)).toEqual(['case', 'shoes'])
  })

  it('is paged through to its end, each product once, by any sort', async () => {
    const ports = await openShop()
    await fill(ports, shelf)
    for (const sort of ['relevance', 'priceAscending', 'newest', 'hot']) {
      const whole = idsOf(
        (await searchProducts(ports, staff, { text: 'phone case', sort: unchecked(sort) }))._unsafeUnwrap(),
      )
      const seen: string[] = []
      let after: string | null = null
      do {
        const asked: object = { text: 'phone case', sort, limit: 1, ...(after === null ? {} : { after }) }
        const page: SearchedProducts = (await searchProducts(ports, staff, unchecked(asked)))._unsafeUnwrap()
        seen.push(...idsOf(page))
        after = page.next
      } while (after !== null)
      expect([sort, seen]).toEqual([sort, whole])
    }
    const refused = async (input: object) =>
      (await searchProducts(ports, staff, { text: 'case', ...input }))._unsafeUnwrapErr()
    expect(await refused({ after: 'newest~1~x' })).toMatchObject({ issues: [{ path: 'after' }] })
    expect(await refused({ sort: 'newest', after: 'newest~1~x', offset: 1 })).toMatchObject({
      issues: [{ path: 'offset' }],
    })
  })

  it('leaves out a word that nothing has, and says so', async () => {
    const ports = await openShop()
    await fill(ports, shelf)
    const found = (await searchProducts(ports, staff, { text: 'wireless earbuds zeppelin' }))._unsafeUnwrap()
    expect(found.dropped).toEqual(['zeppelin'])
    expect(idsOf(found)[0]).toBe('buds')
    const several = (await searchProducts(ports, staff, { text: 'zeppelin quasar cable' }))._unsafeUnwrap()
    expect(several.dropped).toEqual(['zeppelin', 'quasar'])
    expect(idsOf(several)).toEqual(['cable'])
    const nothing = (await searchProducts(ports, staff, { text: 'zeppelin quasar' }))._unsafeUnwrap()
    expect(nothing).toMatchObject({ hits: [], total: 0 })
  })

  it('counts brands, categories and prices, each without its own filter', async () => {
    const ports = await openShop()
    await fill(ports, shelf)
    const found = (
      await searchProducts(ports, staff, { text: 'phone case', filter: { brands: ['Knot'] } })
    )._unsafeUnwrap()
    expect(idsOf(found)).toEqual(['case', 'cable'])
    expect(found.total).toBe(2)
    expect(found.facets.brands).toEqual([
      { brand: 'Knot', count: 2 },
      { brand: 'Sola', count: 1 },
    ])
    expect(found.facets.categories).toEqual([
      { categoryId: 'cat_phones', count: 2 },
      { categoryId: 'cat_phones/cables', count: 1 },
      { categoryId: 'cat_phones/cases', count: 1 },
    ])
    expect(found.facets.prices).toEqual([
      { fromMinor: 2_000, belowMinor: 5_000, count: 1 },
      { fromMinor: 5_000, belowMinor: 10_000, count: 1 },
    ])
    expect(found.facets.attributes).toEqual([
      {
        name: 'colour',
        values: [
          { value: 'Red', count: 1 },
          { value: 'White', count: 1 },
        ],
        notStated: 0,
      },
    ])
  })

  it('answers any text, with every hit at most once', async () => {
    const ports = await openShop()
    await fill(ports, shelf)
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
      fc
        .array(fc.constantFrom('手机', '耳', '壳', 'usb-c', 'constructor', '__proto__', 'case', '5g', '%'), {
          minLength: 1,
          maxLength: 6,
        })
        .map((words) => words.join(' ')),
    )
    await fc.assert(
      fc.asyncProperty(text, async (query) => {
        const answer = await searchProducts(ports, staff, { text: query })
        if (answer.isErr()) {
          expect(answer.error.type).toBe('InvalidInput')
          return
        }
        const ids = idsOf(answer.value)
        expect(new Set(ids).size).toBe(ids.length)
        expect(answer.value.total).toBe(ids.length)
      }),
    )
  })
})

describe('suggestions', () => {
  it('offer names, what was searched for before, and products, and only what is within reach', async () => {
    const ports = await openShop()
    await fill(ports, shelf)
    const ask = async (input: unknown) => (await suggest(ports, staff, unchecked(input)))._unsafeUnwrap()
    const typed = await ask({ text: 'pho', history: ['phone case', 'phonograph xyzzy', 'cable'] })
    expect(typed.completions.slice(0, 2)).toEqual([
      { text: 'phone case', kind: 'history', products: 3 },
      { text: 'Phones', kind: 'category', products: 2 },
    ])
    expect(idsOf({ hits: typed.products })[0]).toBe('case')
    expect(idsOf({ hits: (await ask({ text: 'taoer' })).products })).toEqual([])
    expect(idsOf({ hits: (await ask({ text: 'fangshuai' })).products })).toEqual(['case'])
    const scope = { kind: 'fields', fields: { brand: ['Sola'] } } as const
    const inside = { ...ports, authorizer: { authorize: () => okAsync(scope) } }
    const elsewhere = (await suggest(inside, staff, { text: 'ti', history: ['tidal'] }))._unsafeUnwrap()
    expect(elsewhere).toEqual({ completions: [], related: [], products: [] })
  })
})
