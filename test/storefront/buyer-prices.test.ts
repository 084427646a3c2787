import fc from 'fast-check'
import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createCatalogShelf } from '../../src/catalog/search/catalog-shelf.js'
import { publishSections } from '../../src/catalog/sections/publish-sections.js'
import { members } from '../../src/membership/member.collection.schema.js'
import type { Member } from '../../src/membership/member.js'
import type { PriceList } from '../../src/pricing/price-list.js'
import { put } from '../../src/shared/commit.js'
import { commitChanges } from '../../src/shared/storage.js'
import { cardPrices } from '../../src/storefront/card-prices.js'
import { compareProducts } from '../../src/storefront/compare-products.js'
import { listCards } from '../../src/storefront/list-cards.js'
import { searchCards } from '../../src/storefront/search-cards.js'
import { sectionCards } from '../../src/storefront/section-cards.js'
import { byStaff } from '../catalog/product-content.js'
import { openStorage } from '../support/storages.js'
import { catalogs, expectAsNaive, looks, pricedShop, priceLists, publish, saveAll } from './priced-world.js'

const open = async () => pricedShop(await openStorage(), createCatalogShelf())

const trade: PriceList = {
  listId: 'trade',
  kind: 'override',
  currency: 'CNY',
  groups: ['trade'],
  prices: [
    { sku: 'sku-1-0', unitMinor: 9_500 },
    { sku: 'sku-3-1', unitMinor: 400 },
  ],
}
const japan: PriceList = {
  listId: 'japan',
  kind: 'base',
  currency: 'JPY',
  prices: [
    { sku: 'sku-1-0', unitMinor: 300 },
    { sku: 'sku-2-0', unitMinor: 200 },
  ],
}
const three = [
  { number: 1, minors: [1_000] },
  { number: 2, minors: [2_000] },
  { number: 3, minors: [3_000, 3_500] },
]

const tom = { actor: { kind: 'customer', accountId: 'tom', groups: ['trade'] } } as const
const ann = { actor: { kind: 'customer', accountId: 'ann' } } as const

describe('lists and searches of a shop with price lists', () => {
  it('stand in the order of what things cost whoever looks, and are bounded and counted by it', async () => {
    const ports = await open()
    await saveAll(ports, three, new Map())
    await publish(ports, 0, [trade, japan])
    const searched = async (who: typeof tom | typeof ann, more = {}) =>
      (await searchCards(ports, who, { text: '', sort: 'priceAscending', ...more }))._unsafeUnwrap()
    const shown = async (who: typeof tom | typeof ann, more = {}) => {
      const { hits } = await searched(who, more)
      const listed = (await listCards(ports, who, { sort: 'priceAscending', ...more }))._unsafeUnwrap().products
      const told = hits.map(({ productId, price }) => [productId, price.minor])
      expect(listed.map(({ productId, price }) => [productId, price.minor])).toEqual(told)
      return told
    }
    expect(await shown(ann)).toEqual([
      ['p1', 1_000],
      ['p2', 2_000],
      ['p3', 3_000],
    ])
    // For the trade the third is the cheapest, by its second variant, and the first the dearest.
    expect(await shown(tom)).toEqual([
      ['p3', 400],
      ['p2', 2_000],
      ['p1', 9_500],
    ])
    expect(await shown(tom, { filter: { maxPriceMinor: 1_000 } })).toEqual([['p3', 400]])
    expect(await shown(ann, { filter: { maxPriceMinor: 1_000 } })).toEqual([['p1', 1_000]])
    expect(await shown(ann, { currency: 'JPY' })).toEqual([
      ['p2', 200],
      ['p1', 300],
    ])
    const abroad = await searched(ann, { currency: 'JPY' })
    expect([abroad.total, abroad.facets.brands]).toEqual([2, [{ brand: 'Orrin', count: 2 }]])
    expect((await searched(tom)).facets.prices).toEqual([
      { fromMinor: 0, belowMinor: 1_000, count: 1 },
      { fromMinor: 2_000, belowMinor: 5_000, count: 1 },
      { fromMinor: 5_000, belowMinor: 10_000, count: 1 },
    ])
    const worded = (await searchCards(ports, tom, { text: 'desk 10元以内' }))._unsafeUnwrap()
    expect(worded.hits.map(({ productId }) => productId)).toEqual(['p3'])
  })

  it('show sections so too, whose own bounds are in the currency of the catalog', async () => {
    const ports = await open()
    await saveAll(ports, three, new Map())
    await publish(ports, 0, [trade, japan])
    const title = { en: 'x', 'zh-CN': 'x' }
    const cheap = { sectionId: 'cheap', title, rule: { kind: 'filter' }, filter: { maxPriceMinor: 2_000 } } as const
    const all = { sectionId: 'all', title, rule: { kind: 'filter' }, filter: {} } as const
    const sections = [cheap, all].map((each) => ({ ...each, sort: 'priceAscending' }) as const)
    ;(await publishSections(ports, byStaff(), { expectedRevision: 0, sections }))._unsafeUnwrap()
    const shown = async (who: typeof tom | typeof ann, sectionId: string, more = {}) =>
      (await sectionCards(ports, who, { sectionId, ...more }))
        ._unsafeUnwrap()
        .products.map(({ card }) => [card.productId, card.price.minor])
    expect(await shown(tom, 'cheap')).toEqual([
      ['p3', 400],
      ['p2', 2_000],
    ])
    expect(await shown(ann, 'cheap')).toEqual([
      ['p1', 1_000],
      ['p2', 2_000],
    ])
    expect(await shown(ann, 'all', { currency: 'JPY' })).toEqual([
      ['p2', 200],
      ['p1', 300],
    ])
    // In fen it is the first that is cheaper.
    expect(await shown(ann, 'cheap', { currency: 'JPY' })).toEqual([
      ['p1', 300],
      ['p2', 200],
    ])
  })

  it('follow a price that begins at a moment, a list that is published and a product that is saved', async () => {
    const ports = await open()
    const versions = new Map<number, number>()
    await saveAll(ports, three, versions)
    const begins = ports.clock.now() + 5_000
    await publish(ports, 0, [{ ...trade, from: begins }])
    const first = async () =>
      (await searchCards(ports, tom, { text: '', sort: 'priceAscending' }))._unsafeUnwrap().hits[0]?.productId
    expect(await first()).toBe('p1')
    ports.setNow(begins)
    expect(await first()).toBe('p3')
    await publish(ports, 1, [{ ...trade, prices: [{ sku: 'sku-2-0', unitMinor: 1 }] }])
    expect(await first()).toBe('p2')
    await publish(ports, 2, [trade])
    await saveAll(ports, [{ number: 3, minors: [3_000] }], versions)
    expect(await first()).toBe('p2')
  })

  it('refuse a currency that is not sold in, whatever is found', async () => {
    const ports = await open()
    await saveAll(ports, three, new Map())
    await publish(ports, 0, [trade, japan])
    const asked = { text: '', sort: 'priceAscending', currency: 'EUR' } as const
    const refusal = { type: 'CurrencyNotSold', currency: 'EUR' }
    const nothing = { filter: { brands: ['nobody'] } }
    expect((await searchCards(ports, ann, asked))._unsafeUnwrapErr()).toMatchObject(refusal)
    expect((await searchCards(ports, ann, { ...asked, ...nothing }))._unsafeUnwrapErr()).toMatchObject(refusal)
    expect((await listCards(ports, ann, { currency: 'EUR', ...nothing }))._unsafeUnwrapErr()).toMatchObject(refusal)
    expect((await listCards(ports, ann, { currency: 'CNY' }))._unsafeUnwrap().products).toHaveLength(3)
    expect(
      (await cardPrices(ports, ann, { productIds: ['nothing'], currency: 'EUR' }))._unsafeUnwrapErr(),
    ).toMatchObject(refusal)
    // Where something is priced in it, that is shown, and no page is refused for what else stands on it.
    await saveAll(ports, [{ number: 4, minors: [700], currency: 'EUR' }], new Map())
    const pricesIn = async (currency: string) => {
      const listed = (await listCards(ports, ann, { currency, sort: 'priceAscending' }))._unsafeUnwrap().products
      const { hits } = (await searchCards(ports, ann, { ...asked, currency }))._unsafeUnwrap()
      expect(hits.map(({ price }) => price)).toEqual(listed.map(({ price }) => price))
      return listed.map(({ price }) => [price.minor, price.currency])
    }
    expect(await pricesIn('EUR')).toEqual([[700, 'EUR']])
    expect(await pricesIn('CNY')).toEqual([
      [1_000, 'CNY'],
      [2_000, 'CNY'],
      [3_000, 'CNY'],
    ])
  })

  it('show a member the prices of their level, also where the host lets them see a part of the catalog', async () => {
    const ports = await open()
    await saveAll(ports, three, new Map())
    const { groups: _, ...list } = trade
    await publish(ports, 0, [{ ...list, levels: ['gold'] }])
    const at = ports.clock.now()
    const gold: Member = {
      status: 'member',
      accountId: 'tom',
      joinedAt: at,
      termsRevision: 1,
      levelId: 'gold',
      rank: 0,
      levelSince: at,
      steps: [{ from: at, levelId: 'gold', rank: 0 }],
      nextStepAt: null,
      birthday: null,
      streak: null,
      earned: null,
      benefits: {},
      birthdayAt: 0,
      birthdayFrom: null,
    }
    const changes = [put(members, { id: 'tom', version: 0, state: gold })]
    ;(await commitChanges(ports.storage, { shop: ports.shop, at, changes }))._unsafeUnwrap()
    const fields = { kind: 'fields', fields: { merchantId: ['self'] } } as const
    const within = { ...ports, authorizer: { authorize: () => okAsync(fields) } }
    for (const each of [ports, within]) {
      const sort = 'priceAscending' as const
      const listed = (await listCards(each, tom, { sort }))._unsafeUnwrap().products
      const { hits } = (await searchCards(each, tom, { text: '', sort }))._unsafeUnwrap()
      const compared = (await compareProducts(each, tom, { productIds: ['p3', 'p2', 'p1'] }))._unsafeUnwrap().products
      const priced = (await cardPrices(each, tom, { productIds: ['p3', 'p2', 'p1'] }))._unsafeUnwrap()
      for (const told of [listed, hits, compared, priced]) {
        expect(told.map(({ productId, price }) => [productId, price.minor])).toEqual([
          ['p3', 400],
          ['p2', 2_000],
          ['p1', 9_500],
        ])
      }
    }
  })

  it('do not stand by prices of a transaction that never came to be', async () => {
    const [ports, other] = [await open(), await open()]
    for (const each of [ports, other]) await saveAll(each, three, new Map())
    const first = async (of: typeof ports) =>
      (await searchCards(of, tom, { text: '', sort: 'priceAscending' }))._unsafeUnwrap().hits[0]?.productId
    expect(await first(ports)).toBe('p1')
    // What the other storage has stands for what a transaction sees: the same products, and lists of the next revision.
    await publish(other, 0, [trade])
    expect(await first({ ...other, shelf: ports.shelf.fork() })).toBe('p3')
    await publish(ports, 0, [{ ...trade, prices: [{ sku: 'sku-2-0', unitMinor: 1 }] }])
    expect(await first(ports)).toBe('p2')
  })

  it('are, page by page, what a naive shop would sort, bound and count, for whoever looks', async () => {
    const turns = fc.record({
      catalog: catalogs,
      lists: priceLists,
      later: catalogs,
      asked: fc.array(looks, { minLength: 6, maxLength: 6, size: 'max' }),
    })
    await fc.assert(
      fc.asyncProperty(turns, async ({ catalog, lists, later, asked }) => {
        const ports = await open()
        const versions = new Map<number, number>()
        await saveAll(ports, catalog, versions)
        await publish(ports, 0, lists)
        for (const look of asked.slice(0, 3)) await expectAsNaive(ports, catalog, look)
        const changed = new Map(catalog.map((each) => [each.number, each]))
        const news = later.filter(({ number }) => changed.has(number))
        for (const each of news) changed.set(each.number, each)
        if (news.length > 0) await saveAll(ports, news, versions)
        for (const look of asked.slice(3)) await expectAsNaive(ports, [...changed.values()], look)
      }),
      { numRuns: 8 },
    )
  })
})
