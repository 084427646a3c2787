import fc from 'fast-check'
import { createPostgresStorage, type PostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSealedShelf } from '../../../../src/catalog/search/catalog-shelf.js'
import { sealCatalog } from '../../../../src/catalog/search/sealed/seal-catalog.js'
import { searchCards } from '../../../../src/storefront/search-cards.js'
import { openTestDatabase, type TestDatabase } from '../../../postgres/database.js'
import {
  catalogs,
  expectAsNaive,
  looks,
  pricedShop,
  priceLists,
  publish,
  saveAll,
} from '../../../storefront/priced-world.js'

let database: TestDatabase
let storage: PostgresStorage
let shops = 0

beforeAll(async () => {
  database = await openTestDatabase()
  storage = createPostgresStorage(database)
})
afterAll(() => database.close())

const open = (): ReturnType<typeof pricedShop> => {
  shops += 1
  return pricedShop(storage, createSealedShelf(storage.catalogIndex), `priced-${shops}`)
}

const seal = async (ports: ReturnType<typeof pricedShop>): Promise<unknown> => {
  ports.setNow(ports.clock.now() + 600_000)
  return (await sealCatalog({ ...ports, catalogIndex: storage.catalogIndex }))._unsafeUnwrap()
}

describe('a sealed catalog of a shop with price lists', () => {
  it('has each product once, whether it is listed, changed since, or both', async () => {
    const ports = open()
    const versions = new Map<number, number>()
    const saved = [1, 2, 3].map((number) => ({ number, minors: [1_000 * number, 9_000] }))
    await saveAll(ports, saved, versions)
    const prices = [
      { sku: 'sku-3-0', unitMinor: 400 },
      { sku: 'sku-1-0', unitMinor: 5_000 },
    ]
    await publish(ports, 0, [{ listId: 'trade', kind: 'override', currency: 'CNY', groups: ['trade'], prices }])
    await seal(ports)
    const shown = async () => {
      const tom = { actor: { kind: 'customer', accountId: 'tom', groups: ['trade'] } } as const
      const page = (await searchCards(ports, tom, { text: '', sort: 'priceAscending' }))._unsafeUnwrap()
      return [page.total, ...page.hits.map(({ productId, price }) => `${productId} ${price.minor}`)]
    }
    expect(await shown()).toEqual([3, 'p3 400', 'p2 2000', 'p1 5000'])
    ports.setNow(ports.clock.now() + 1_000)
    // The third is cheapest by its other variant now, and the second is cheaper than that.
    await saveAll(ports, [{ number: 3, minors: [3_000, 300] }], versions)
    await saveAll(ports, [{ number: 2, minors: [100, 200] }], versions)
    expect(await shown()).toEqual([3, 'p2 100', 'p3 300', 'p1 5000'])
    await seal(ports)
    expect(await shown()).toEqual([3, 'p2 100', 'p3 300', 'p1 5000'])
  })

  it('is still listed when everything in it has changed, by lists that do not hold yet', async () => {
    const ports = open()
    const versions = new Map<number, number>()
    const all = [0, 1, 2, 3, 4, 5].map((number) => ({ number, minors: [500, 500] }))
    await saveAll(ports, all.slice(0, 5), versions)
    const from = ports.clock.now() + 4e10
    const prices = [{ sku: 'sku-0-0', unitMinor: 400 }]
    await publish(ports, 0, [{ listId: 'later', kind: 'base', currency: 'CNY', from, prices }])
    await seal(ports)
    ports.setNow(ports.clock.now() + 1_000)
    await saveAll(ports, all, versions)
    const look = { viewer: { groups: ['staff'], where: {} }, text: '', sort: 'priceAscending', filter: {} } as const
    await expectAsNaive(ports, all, look)
  })

  it('is sorted, bounded and counted by what things cost whoever looks, also when products have changed since', async () => {
    const turns = fc.record({
      catalog: catalogs,
      lists: priceLists,
      later: catalogs,
      asked: fc.array(looks, { minLength: 6, maxLength: 6, size: 'max' }),
    })
    await fc.assert(
      fc.asyncProperty(turns, async ({ catalog, lists, later, asked }) => {
        const ports = open()
        const versions = new Map<number, number>()
        await saveAll(ports, catalog, versions)
        await publish(ports, 0, lists)
        expect(await seal(ports)).toEqual({ status: 'sealed', products: catalog.length })
        for (const look of asked.slice(0, 3)) await expectAsNaive(ports, catalog, look)
        ports.setNow(ports.clock.now() + 1_000)
        const changed = new Map(catalog.map((each) => [each.number, each]))
        for (const each of later) changed.set(each.number, each)
        await saveAll(ports, later, versions)
        for (const look of asked.slice(3)) await expectAsNaive(ports, [...changed.values()], look)
      }),
      { numRuns: 6 },
    )
  })
})
