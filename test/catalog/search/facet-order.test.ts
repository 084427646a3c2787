import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { facetOf } from '../../../src/catalog/product-facets.js'
import { facetTallies, orderFacets, profileOf, usedFacet } from '../../../src/catalog/search/facet-order.js'
import type { FacetCounts } from '../../../src/catalog/search/query/catalog-query.js'
import { readFacts } from '../../../src/shared/read-facts.js'
import { counters } from '../../../src/shared/read-plan.js'
import { must } from '../../shop/open-shop.js'
import { by, clerk, content, join } from '../../shop/world.js'
import { openStall } from '../../support/open-stall.js'

const counts: FacetCounts = {
  brands: [
    { brand: 'Knot', count: 9 },
    { brand: 'Orrin', count: 4 },
    { brand: 'Tidal', count: 1 },
  ],
  categories: [
    { categoryId: 'home', count: 9 },
    { categoryId: 'home/tea', count: 3 },
  ],
  prices: [{ fromMinor: 100, belowMinor: 200, count: 9 }],
  attributes: [
    {
      name: 'Colour',
      values: [
        { value: 'Red', count: 6 },
        { value: 'Black', count: 3 },
      ],
      notStated: 0,
    },
    {
      name: 'volume',
      values: [
        { value: '1 l', count: 5 },
        { value: '500 ml', count: 2 },
      ],
      notStated: 2,
    },
    { name: 'material', values: [{ value: 'glass', count: 1 }], notStated: 8 },
  ],
}
const namesOf = ({ attributes }: FacetCounts) => attributes.map(({ name }) => name)
const viewed = (brand: string, ...facets: readonly string[]) => ({ brand, categoryIds: ['home', 'home/tea'], facets })

describe('the order of facets', () => {
  it('is by use, and as before where none is used', () => {
    expect(orderFacets(counts, new Map(), null)).toEqual(counts)
    const used = orderFacets(
      counts,
      new Map([
        ['attribute:material', 7],
        ['attribute:volume', 2],
      ]),
      null,
    )
    expect(namesOf(used)).toEqual(['material', 'volume', 'Colour'])
  })

  it('has first what the shopper has a habit of; what was looked at once is none', () => {
    const profile = profileOf([
      viewed('Tidal', 'colour=black', facetOf('volume', '500 ml')),
      viewed('Tidal', 'colour=red', facetOf('volume', '500ml')),
      viewed('Orrin', 'colour=blue', facetOf('Volume', '0.5 l')),
    ])
    const ordered = orderFacets(counts, new Map([['attribute:material', 7]]), profile)
    expect(ordered.brands.map(({ brand }) => brand)).toEqual(['Tidal', 'Knot', 'Orrin'])
    expect(namesOf(ordered)).toEqual(['volume', 'material', 'Colour'])
    expect(ordered.attributes[0]?.values.map(({ value }) => value)).toEqual(['500 ml', '1 l'])
    expect(ordered.attributes[2]?.values.map(({ value }) => value)).toEqual(['Red', 'Black'])
  })

  it('loses and changes no count, whatever the use and the profile', () => {
    const facet = fc.constantFrom('colour=red', 'volume=1l', 'material=glass', 'colour=pink')
    const looks = fc.array(
      fc
        .record({ brand: fc.constantFrom('Knot', 'Tidal', ''), facets: fc.array(facet) })
        .map((each) => ({ ...each, categoryIds: ['home'] })),
    )
    const use = fc.dictionary(fc.constantFrom('attribute:colour', 'attribute:volume', 'brand'), fc.nat(9))
    const sorted = (values: readonly unknown[]) => values.map((each) => JSON.stringify(each)).sort()
    fc.assert(
      fc.property(looks, use, (products, uses) => {
        const ordered = orderFacets(counts, new Map(Object.entries(uses)), profileOf(products))
        expect(sorted(ordered.brands)).toEqual(sorted(counts.brands))
        expect(
          sorted(ordered.attributes.flatMap(({ name, values }) => values.map((each) => ({ name, ...each })))),
        ).toEqual(sorted(counts.attributes.flatMap(({ name, values }) => values.map((each) => ({ name, ...each })))))
      }),
    )
  })
})

it('goes by the habits of who agreed, and one option leads to the order of everybody; the hits are the same', async () => {
  const stall = await openStall([])
  const { shop, ports } = stall
  const list = async (sku: string, brand: string, attributes: Readonly<Record<string, string>>) => {
    const said = { ...content(sku, 'home'), brand, attributes } as const
    const product = { externalId: sku, merchantId: 'self', content: said } as const
    const { productId } = must(await shop.catalog.saveProduct(by(clerk), product))
    must(await shop.catalog.publishProduct(by(clerk), { productId }))
    return productId
  }
  const glass = [await list('jug', 'Tidal', { material: 'glass' }), await list('bowl', 'Tidal', { material: 'glass' })]
  await list('pan', 'Brew', { material: 'iron' })
  const ann = await join(stall, 'ann@example.com', 'Ann')
  const look = async (asked: object = {}) => {
    const found = must(await shop.catalog.searchProducts(ann, { text: 'kettle', ...asked }))
    const { brands, attributes } = found.facets
    return { found, told: [brands[0]?.brand, attributes[0]?.name, found.profiled] }
  }
  const before = await look()
  expect(before.told).toEqual(['Brew', 'colour', false])
  const consent = { purpose: 'personalisation', decision: 'given', noticeVersion: 'v1' } as const
  must(await shop.accounts.setConsent(by(ann.actor), consent))
  for (const productId of glass) must(await shop.history.record(by(ann.actor), { kind: 'product', productId }))
  const after = await look()
  expect(after.told).toEqual(['Tidal', 'material', true])
  expect((await look({ profiled: false })).told).toEqual(['Brew', 'colour', false])
  expect(after.found.hits.map(({ productId, score }) => [productId, score])).toEqual(
    before.found.hits.map(({ productId, score }) => [productId, score]),
  )
  // What shoppers filter by comes first for everybody, counted once a search.
  const filters = ['attribute:Volume', 'brand', 'attribute:thought up by somebody']
  const search = { kind: 'search', text: 'kettle', filters } as const
  for (const _ of [1, 2]) must(await shop.history.record(by(ann.actor), search))
  expect((await look({ profiled: false })).told).toEqual(['Brew', 'volume', false])
  // A name that nothing is sold with would be kept for ever.
  const plan = { used: counters(facetTallies, filters.map(usedFacet)) }
  const { used } = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan }))
  expect([...used.keys()].sort()).toEqual(['attribute:volume', 'brand'])
  const kept = must(await shop.history.mine(ann)).items.find(({ kind }) => kind === 'search')
  expect(Object.keys(kept ?? {}).sort()).toEqual(['at', 'itemId', 'kind', 'text'])
})
