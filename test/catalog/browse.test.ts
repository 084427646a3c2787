import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listProducts } from '../../src/catalog/list-products.js'
import { publishProduct } from '../../src/catalog/publish-product.js'
import { sellMore } from '../../src/catalog/recent-sales.js'
import { saveProduct } from '../../src/catalog/save-product.js'
import { mostCandidates, searchProducts } from '../../src/catalog/search/search-products.js'
import { unchecked } from '../support/unchecked.js'
import { fill, idsOf, shelf, stand } from './filled-shelf.js'
import { byStaff, content, openShop, receive, staff } from './open-shop.js'

describe('a list of products', () => {
  it.each([
    [{ categoryId: 'cat_phones' }, ['cable', 'case']],
    [{ categoryId: 'cat_phones/cases' }, ['case']],
    [{ brands: ['Knot', 'Sola'] }, ['cable', 'case', 'shoes']],
    [{ minPriceMinor: 5_900, maxPriceMinor: 49_900 }, ['case', 'buds']],
    [{ attributes: { colour: ['red'] } }, ['case', 'shoes']],
    [{ attributes: { colour: ['White', 'Black'] } }, ['cable', 'buds']],
    [{ attributes: { colour: ['Red'] }, brands: ['Sola'] }, ['shoes']],
    [{ categoryId: 'cat_nowhere' }, []],
  ])('meets the filter %j, by price', async (filter, expected) => {
    const ports = await openShop()
    await fill(ports, shelf)
    const page = (await listProducts(ports, staff, { filter, sort: 'priceAscending' }))._unsafeUnwrap()
    expect(page.products.map(({ productId }) => productId.replace('prd_self.', ''))).toEqual(expected)
    expect(page.next).toBeNull()
  })

  it('tells what each part of its filter took away, where that is asked for', async () => {
    const ports = await openShop()
    await fill(ports, shelf)
    const list = async (input: object) => (await listProducts(ports, staff, input))._unsafeUnwrap()
    const filter = { categoryId: 'cat_phones', attributes: { colour: ['red'] } }
    expect(await list({ filter, limit: 1, counted: true })).toMatchObject({
      products: [{ productId: 'prd_self.case' }],
      counted: {
        total: 1,
        filters: [
          { filter: 'category', removed: 1 },
          { filter: 'attribute:colour', removed: 1 },
        ],
        relax: null,
      },
    })
    const none = { ...filter, brands: ['Sola'] }
    expect((await list({ filter: none, counted: true })).counted).toMatchObject({ total: 0, relax: 'category' })
    expect((await list({ filter })).counted).toBeNull()
  })

  it('is sorted by sales and by the recommendation grade, and filtered by stars and grade, in lists and searches', async () => {
    const ports = await openShop()
    await fill(ports, shelf)
    const standings = {
      buds: {
        sold: 5,
        recent: sellMore(undefined, 5, ports.clock.now()),
        reviews: 1,
        ratingTenths: 50,
        goodRateBasisPoints: 10_000,
        recommendationBasisPoints: 2_065,
      },
      case: {
        sold: 900,
        recent: sellMore(undefined, 900, ports.clock.now() - 70 * 86_400_000),
        reviews: 1_000,
        ratingTenths: 47,
        goodRateBasisPoints: 9_800,
        recommendationBasisPoints: 9_693,
      },
      shoes: {
        sold: 7,
        recent: sellMore(undefined, 7, ports.clock.now() - 70 * 86_400_000),
        reviews: 4,
        ratingTenths: 29,
        goodRateBasisPoints: 2_500,
        recommendationBasisPoints: 455,
      },
    }
    for (const [name, standing] of Object.entries(standings)) await stand(ports, `prd_self.${name}`, standing)
    await stand(ports, 'prd_self.cable', undefined)
    const listed = async (input: object) =>
      (await listProducts(ports, staff, input))
        ._unsafeUnwrap()
        .products.map(({ productId }) => productId.replace('prd_self.', ''))
    expect(await listed({ sort: 'sales' })).toEqual(['case', 'shoes', 'buds', 'cable'])
    // Of the 900 that were sold ten weeks ago less than one counts.
    expect(await listed({ sort: 'hot' })).toEqual(['buds', 'case', 'shoes', 'cable'])
    const { next } = (await listProducts(ports, staff, { sort: 'hot', limit: 1 }))._unsafeUnwrap()
    expect(await listed({ sort: 'hot', limit: 1, after: next })).toEqual(['case'])
    expect(await listed({ sort: 'rating' })).toEqual(['case', 'buds', 'shoes', 'cable'])
    expect(await listed({ sort: 'rating', filter: { minRating: 4 } })).toEqual(['case', 'buds'])
    expect(await listed({ filter: { minGrade: 5 } })).toEqual(['case'])
    const searched = async (filter: object) =>
      [...idsOf((await searchProducts(ports, staff, { text: 'knot tidal sola', filter }))._unsafeUnwrap())].sort()
    expect(await searched({ minRating: 3 })).toEqual(['buds', 'case'])
    expect(await searched({ minGrade: 2 })).toEqual(['case'])
    const bySort = async (sort: string) =>
      idsOf((await searchProducts(ports, staff, { text: '', sort: unchecked(sort) }))._unsafeUnwrap())
    expect(await bySort('sales')).toEqual(await listed({ sort: 'sales' }))
    expect(await bySort('hot')).toEqual(await listed({ sort: 'hot' }))
    expect(await bySort('rating')).toEqual(await listed({ sort: 'rating' }))
  })

  it('is found by tags, by amounts in any unit and by what is not stated; each filter says what it took away', async () => {
    const ports = await openShop()
    await fill(ports, [
      ...shelf,
      {
        externalId: 'flask',
        title: 'Flask',
        categoryPath: ['Audio'],
        price: 20,
        attributes: { volume: '0.5 l', colour: 'Red' },
      },
      { externalId: 'jug', title: 'Jug', categoryPath: ['Audio'], price: 30, attributes: { volume: '500ml' } },
      { externalId: 'vat', title: 'Vat', categoryPath: ['Audio'], price: 40, attributes: { volume: '5 l' } },
    ])
    for (const [externalId, tags, attributes] of [
      ['camp', ['露营', 'summer'], { warranty: ' ' }],
      ['beach', ['summer'], { warranty: '1 year' }],
    ] as const) {
      const variants = content().variants.map((variant) => ({ ...variant, sku: externalId }))
      const tagged = {
        externalId,
        merchantId: 'self',
        content: content({ variants, tags, attributes, homeCategoryIds: ['cat_audio'] }),
      }
      expect((await saveProduct(ports, byStaff(), tagged)).isOk()).toBe(true)
      expect((await publishProduct(ports, byStaff(), { productId: `prd_self.${externalId}` })).isOk()).toBe(true)
    }
    const both = async (filter: object) => {
      const page = (await listProducts(ports, staff, { filter, limit: 50 }))._unsafeUnwrap().products
      const listed = page.map(({ productId }) => productId.replace('prd_self.', '')).sort()
      const found = (await searchProducts(ports, staff, { text: '', filter, limit: 50 }))._unsafeUnwrap()
      expect([...idsOf(found)].sort()).toEqual(listed)
      return listed
    }
    expect(await both({ tags: ['Summer'] })).toEqual(['beach', 'camp'])
    expect(await both({ tags: ['露营', 'winter'] })).toEqual(['camp'])
    expect(await both({ attributes: { volume: ['500 ml'] } })).toEqual(['flask', 'jug'])
    expect(await both({ attributes: { volume: ['5000 ml', '0.5L'] } })).toEqual(['flask', 'jug', 'vat'])
    expect(await both({ attributes: { volume: ['500 ml'], colour: [null] } })).toEqual(['jug'])
    expect(await both({ attributes: { volume: ['500 ml'], colour: ['red', null] } })).toEqual(['flask', 'jug'])
    // An attribute that is stated as nothing is not stated.
    expect(await both({ attributes: { warranty: [null] }, tags: ['summer'] })).toEqual(['camp'])
    expect(await both({ attributes: { warranty: [' '] }, tags: ['summer'] })).toEqual([])
    expect(await both({ attributes: { nowhere: [null] }, tags: ['summer'] })).toEqual(['beach', 'camp'])
    expect(await both({ amounts: { volume: { from: '0.4 l', to: '600 ml' } } })).toEqual(['flask', 'jug'])
    expect(await both({ amounts: { volume: { from: '501 ml' } } })).toEqual(['vat'])
    expect(await both({ amounts: { volume: { to: '5 l' } }, attributes: { colour: [null] } })).toEqual(['jug', 'vat'])
    expect(await both({ amounts: { volume: { from: '1 g' } } })).toEqual([])
    for (const range of [{}, { from: 'much' }, { from: '1 l', to: '1 kg' }]) {
      const refused = await listProducts(ports, staff, { filter: { amounts: { volume: range } } })
      expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    }

    const asked = async (filter: object) => (await searchProducts(ports, staff, { text: '', filter }))._unsafeUnwrap()
    expect((await asked({ tags: ['summer'] })).facets.attributes.find(({ name }) => name === 'warranty')).toEqual({
      name: 'warranty',
      values: [{ value: '1 year', count: 1 }],
      notStated: 1,
    })
    expect(await asked({ attributes: { volume: ['500 ml'], colour: ['red'] }, maxPriceMinor: 5_000 })).toMatchObject({
      total: 1,
      relax: null,
      // Without the volume the flask alone is red and cheap still; without the colour the jug comes.
      filters: [
        { filter: 'attribute:volume', removed: 0 },
        { filter: 'attribute:colour', removed: 1 },
        { filter: 'price', removed: 0 },
      ],
    })
    expect(await asked({ attributes: { volume: ['5 l'], colour: ['red'] }, maxPriceMinor: 5_000 })).toMatchObject({
      total: 0,
      relax: 'attribute:volume',
    })
    expect(await asked({ tags: ['露营'], brands: ['Knot'], categoryId: 'cat_sports' })).toMatchObject({
      total: 0,
      relax: expect.any(String),
    })
  })

  it('leaves out what is sold out when asked', async () => {
    const ports = await openShop()
    await fill(ports, shelf)
    await receive(ports, 'case', 2)
    const page = (await listProducts(ports, staff, { inStockOnly: true }))._unsafeUnwrap()
    expect(page.products.map(({ productId, inStock }) => [productId, inStock])).toEqual([['prd_self.case', true]])
    const all = (await listProducts(ports, staff, {}))._unsafeUnwrap()
    expect(all.products.filter(({ inStock }) => inStock)).toHaveLength(1)
  })

  it('tells of what is in stock alone what a filter took away, what is under each value, and what to lift', async () => {
    const ports = await openShop()
    await fill(ports, shelf)
    for (const sku of ['buds', 'case']) await receive(ports, sku, 2)
    const only = await openShop()
    await fill(
      only,
      shelf.filter(({ externalId }) => externalId === 'buds' || externalId === 'case'),
    )
    const asked = async (filter: object, inStockOnly = true, by = ports) => {
      const { hits, total, facets, filters, relax } = (
        await searchProducts(by, staff, { text: '', filter, inStockOnly })
      )._unsafeUnwrap()
      return { hits: hits.map(({ productId }) => productId), total, facets, filters, relax }
    }
    const ofTidal = await asked({ brands: ['Tidal'] })
    expect(ofTidal).toMatchObject({ total: 1, filters: [{ filter: 'brand', removed: 1 }] })
    expect(ofTidal.facets.brands).toEqual([
      { brand: 'Knot', count: 1 },
      { brand: 'Tidal', count: 1 },
    ])
    expect(await asked({ brands: ['Sola'] })).toMatchObject({
      total: 0,
      filters: [{ filter: 'brand', removed: 2 }],
      relax: 'brand',
    })
    for (const filter of [
      {},
      { brands: ['Knot'], maxPriceMinor: 5_000 },
      { brands: ['Sola'], attributes: { colour: ['Black'] } },
      { categoryId: 'cat_phones', attributes: { colour: ['Red'] } },
      { minPriceMinor: 100_000 },
    ]) {
      expect(await asked(filter)).toEqual(await asked(filter, false, only))
    }
  })

  it('finds what is in stock of a brand, however much there is of others', async () => {
    const ports = await openShop()
    const many = Array.from({ length: mostCandidates + 1 }, (_, at) => ({
      externalId: `a${at}`,
      title: 'Cup',
      brand: 'Orrin',
      categoryPath: ['Cups'],
      price: 5,
    }))
    await fill(ports, [...many, { externalId: 'z', title: 'Cup', brand: 'Knot', categoryPath: ['Cups'], price: 6 }])
    for (const sku of ['a0', 'z']) await receive(ports, sku, 1)
    const asked = { text: '', filter: { brands: ['Knot'] }, inStockOnly: true }
    expect((await searchProducts(ports, staff, asked))._unsafeUnwrap()).toMatchObject({
      hits: [{ productId: 'prd_self.z' }],
      total: 1,
      filters: [{ filter: 'brand', removed: 1 }],
    })
  })

  it('refuses the end of a page of another sort', async () => {
    const ports = await openShop()
    const refused = await listProducts(ports, staff, { sort: 'newest', after: 'priceAscending~100~prd_self.a' })
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput', issues: [{ path: 'after' }] })
  })

  it('shows each product once over its pages, in order', async () => {
    const goods = fc.array(
      fc.record({ price: fc.integer({ min: 1, max: 4 }), colour: fc.constantFrom('a', 'b', 'c') }),
      {
        maxLength: 25,
      },
    )
    const asked = fc.record({
      sort: fc.constantFrom('newest', 'priceAscending', 'priceDescending'),
      limit: fc.integer({ min: 1, max: 7 }),
      colours: fc.subarray(['a', 'b', 'c']),
    })
    await fc.assert(
      fc.asyncProperty(goods, asked, async (rows, { sort, limit, colours }) => {
        const ports = await openShop()
        await fill(
          ports,
          rows.map(({ price, colour }, index) => ({
            externalId: `p${index}`,
            title: `Thing ${index}`,
            categoryPath: ['Things'],
            price,
            attributes: { colour },
          })),
        )
        const seen: string[] = []
        const prices: number[] = []
        let after: string | undefined
        do {
          const filter = { attributes: { colour: colours } }
          const input = { filter, sort, limit, ...(after === undefined ? {} : { after }) }
          const page = (await listProducts(ports, staff, input))._unsafeUnwrap()
          expect(page.products.length).toBeLessThanOrEqual(limit)
          seen.push(...page.products.map(({ productId }) => productId))
          prices.push(...page.products.map(({ price }) => price?.minor ?? 0))
          after = page.next ?? undefined
        } while (after !== undefined)
        const wanted = rows.flatMap(({ colour }, index) =>
          colours.length === 0 || colours.includes(colour) ? [`prd_self.p${index}`] : [],
        )
        expect([...seen].sort()).toEqual(wanted.sort())
        if (sort !== 'newest') {
          const sign = sort === 'priceAscending' ? 1 : -1
          expect(prices).toEqual([...prices].sort((a, b) => sign * (a - b)))
        }
      }),
      { numRuns: 60 },
    )
  })
})
