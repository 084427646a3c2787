import { createPostgresStorage, type PostgresStorage } from 'shopwright/adapters/postgres'
import { createSealer } from 'shopwright/adapters/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultAccountsPolicy } from '../../../../src/accounts/accounts-policy.js'
import { catalogAccess } from '../../../../src/catalog/access.js'
import { archiveProduct } from '../../../../src/catalog/archive-product.js'
import type { HistoryPorts } from '../../../../src/catalog/history/read-history.js'
import type { CatalogPorts } from '../../../../src/catalog/ports.js'
import { publishProduct } from '../../../../src/catalog/publish-product.js'
import { saveCategory } from '../../../../src/catalog/save-category.js'
import { saveProduct } from '../../../../src/catalog/save-product.js'
import { createSealedShelf } from '../../../../src/catalog/search/catalog-shelf.js'
import { sealCatalog } from '../../../../src/catalog/search/sealed/seal-catalog.js'
import { searchProducts } from '../../../../src/catalog/search/search-products.js'
import { suggest } from '../../../../src/catalog/search/suggest/suggest.js'
import { byStaff, category, content, staff } from '../../../catalog/product-content.js'
import { openTestDatabase, type TestDatabase } from '../../../postgres/database.js'
import { createTestPorts, type TestPorts } from '../../../support/core-ports.js'

let database: TestDatabase
let storage: PostgresStorage
let shops = 0

beforeAll(async () => {
  database = await openTestDatabase()
  storage = createPostgresStorage(database)
})
afterAll(() => database.close())

type Ports = TestPorts & CatalogPorts & HistoryPorts

const open = async (): Promise<Ports> => {
  shops += 1
  const ports = {
    ...createTestPorts(storage, catalogAccess),
    shop: `shop-${shops}`,
    shelf: createSealedShelf(storage.catalogIndex),
    catalogIndex: storage.catalogIndex,
    sealer: createSealer({ current: { keyId: 'k1', key: new Uint8Array(32).fill(7) } }),
    accountsPolicy: defaultAccountsPolicy,
  }
  ;(await saveCategory(ports, byStaff(), category('cat_home')))._unsafeUnwrap()
  return ports
}

/** Another process of the same shop. */
const another = (ports: Ports): Ports => ({ ...ports, shelf: createSealedShelf(storage.catalogIndex) })

const save = async (ports: Ports, externalId: string, en: string, brand = 'Orrin'): Promise<string> => {
  const variants = content().variants.map((each) => ({ ...each, sku: externalId }))
  const stated = content({ title: { en, 'zh-CN': '' }, variants, brand })
  const input = { externalId, merchantId: 'self', content: stated }
  const { productId } = (await saveProduct(ports, byStaff(), input))._unsafeUnwrap()
  ;(await publishProduct(ports, byStaff(), { productId }))._unsafeUnwrap()
  return productId
}

const seal = async (ports: Ports, options = {}) => (await sealCatalog(ports, options))._unsafeUnwrap()

const found = async (ports: Ports, text: string, more = {}): Promise<readonly string[]> =>
  (await searchProducts(ports, staff, { text, ...more }))._unsafeUnwrap().hits.map(({ productId }) => productId)

/** Time enough that what was saved before is no news. */
const pass = (ports: Ports): void => ports.setNow(ports.clock.now() + 600_000)

const rowsOf = async (table: string, shop: string): Promise<number> => {
  const text = `select count(*)::int as rows from "${database.schema}"."${table}" where shop = $1`
  return (await database.pool.query<{ rows: number }>(text, [shop])).rows[0]?.rows ?? -1
}

describe('a shop whose searches Postgres answers', () => {
  it('finds the same before and after its catalog is sealed, and what changes afterwards at the next search', async () => {
    const ports = await open()
    const lamp = await save(ports, 'lamp', 'Lantern of brass', 'Knot')
    const other = await save(ports, 'other', 'Lantern of oak')
    expect([...(await found(ports, 'lantern'))].sort()).toEqual([lamp, other].sort())
    pass(ports)
    expect(await seal(ports)).toEqual({ status: 'sealed', products: 2 })
    const there = another(ports)
    for (const each of [ports, there]) {
      expect([...(await found(each, 'lantern'))].sort()).toEqual([lamp, other].sort())
      expect(await found(each, 'lantern', { filter: { brands: ['Knot'] } })).toEqual([lamp])
      expect(await found(each, '品牌:knot lantern')).toEqual([lamp])
    }
    pass(ports)
    await save(there, 'lamp', 'Gramophone of brass', 'Tidal')
    expect(await found(ports, 'gramophone')).toEqual([lamp])
    expect(await found(ports, 'lantern')).toEqual([other])
    ;(await archiveProduct(there, byStaff(), { productId: other }))._unsafeUnwrap()
    for (const each of [ports, there, another(ports)]) {
      expect(await found(each, 'lantern')).toEqual([])
      expect(await found(each, '')).toEqual([lamp])
    }
    const answer = (await searchProducts(ports, staff, { text: '' }))._unsafeUnwrap()
    expect(answer.facets.brands).toEqual([{ brand: 'Tidal', count: 1 }])
  })

  it('says when the epoch in use was sealed, and how many products changed since', async () => {
    const ports = await open()
    expect(ports.shelf.standing()).toEqual({ status: 'unasked' })
    const lamp = await save(ports, 'lamp', 'Lantern')
    const other = await save(ports, 'other', 'Lantern of oak')
    await save(ports, 'third', 'Lantern of tin')
    await found(ports, 'lantern')
    expect(ports.shelf.standing()).toEqual({ status: 'unsealed', products: 3 })
    pass(ports)
    const sealedAt = ports.clock.now()
    await seal(ports)
    // The first search tells that there is a newer one, and the next begins with it.
    for (let time = 0; time < 2; time += 1) await found(ports, 'lantern')
    expect(ports.shelf.standing()).toEqual({ status: 'sealed', sealedAt, changed: 0 })
    pass(ports)
    await save(ports, 'lamp', 'Gramophone')
    await save(ports, 'lamp', 'Gramophone of brass')
    await save(ports, 'new', 'Lantern, new')
    ;(await archiveProduct(ports, byStaff(), { productId: other }))._unsafeUnwrap()
    // A process tells what it knows; until it looks it knows of nothing.
    expect(ports.shelf.standing()).toEqual({ status: 'sealed', sealedAt, changed: 0 })
    expect(await found(ports, 'gramophone')).toEqual([lamp])
    expect(ports.shelf.standing()).toEqual({ status: 'sealed', sealedAt, changed: 3 })
    pass(ports)
    const anew = ports.clock.now()
    await seal(ports)
    for (let time = 0; time < 2; time += 1) await found(ports, 'lantern')
    expect(ports.shelf.standing()).toEqual({ status: 'sealed', sealedAt: anew, changed: 0 })
  })

  it('mends slips and completes words, and offers nothing that leads nowhere', async () => {
    const ports = await open()
    for (const name of ['one', 'two']) await save(ports, name, `Bluetooth speaker ${name}`)
    const gone = await save(ports, 'gone', 'Bluegrass banjo', 'Banjoman')
    pass(ports)
    await seal(ports)
    expect(await found(ports, 'bluetoth speaker')).toHaveLength(2)
    const offered = async () =>
      (await suggest(ports, staff, { text: 'blueg' }))._unsafeUnwrap().completions.map(({ text }) => text)
    expect(await offered()).toEqual(['bluegrass'])
    ;(await archiveProduct(ports, byStaff(), { productId: gone }))._unsafeUnwrap()
    expect(await offered()).toEqual([])
    expect((await suggest(ports, staff, { text: 'banjom' }))._unsafeUnwrap().completions).toEqual([])
  })

  it('is sealed once by many machines, anew only when something has changed, and a turn at a time', async () => {
    const ports = await open()
    const ids = []
    for (const name of ['one', 'two', 'three']) ids.push(await save(ports, name, `Lantern ${name}`))
    pass(ports)
    const turns = await Promise.all(Array.from({ length: 4 }, () => seal(another(ports))))
    expect(turns.filter(({ status }) => status === 'sealed').length).toBeGreaterThan(0)
    expect(await rowsOf('search_document', ports.shop)).toBe(3)
    expect(await rowsOf('search_epoch', ports.shop)).toBe(1)
    expect(await seal(ports)).toEqual({ status: 'current', products: 0 })
    pass(ports)
    await save(ports, 'one', 'Gramophone one')
    expect(await seal(ports, { leastChanged: 2 })).toEqual({ status: 'current', products: 0 })
    expect(await seal(ports, { limit: 1 })).toEqual({ status: 'underway', products: 3 })
    // What is being written is nobody's answer yet.
    expect(await found(another(ports), 'gramophone')).toEqual([ids[0]])
    expect(await seal(another(ports), { limit: 1 })).toEqual({ status: 'sealed', products: 0 })
    expect(await found(ports, 'gramophone')).toEqual([ids[0]])
    expect((await found(ports, 'lantern')).length).toBe(2)
  })

  it('goes on where the epoch it knows was replaced more than once meanwhile', async () => {
    const ports = await open()
    const idle = another(ports)
    const lamp = await save(ports, 'lamp', 'Lantern')
    await seal(ports)
    expect(await found(idle, 'lantern')).toEqual([lamp])
    for (const name of ['two', 'three']) {
      pass(ports)
      await save(ports, name, `Lantern ${name}`)
      expect((await seal(ports)).status).toBe('sealed')
    }
    expect(await rowsOf('search_epoch', ports.shop)).toBe(2)
    expect(await rowsOf('search_document', ports.shop)).toBe(5)
    expect(await found(idle, 'lantern')).toHaveLength(3)
  })

  it('shows what a transaction of the host has saved inside it alone', async () => {
    const ports = await open()
    const lamp = await save(ports, 'lamp', 'Lantern')
    await seal(ports)
    expect(await found(ports, 'lantern')).toEqual([lamp])
    const offered = async (of: Ports) =>
      (await suggest(of, staff, { text: 'hear' }))._unsafeUnwrap().completions.map(({ text }) => text)
    const client = await database.pool.connect()
    try {
      await client.query('begin')
      const inside = { ...ports, storage: storage.within(client), shelf: ports.shelf.fork(), attempts: 1 }
      const drum = await save(inside, 'drum', 'Lantern of tin')
      expect([...(await found(inside, 'lantern'))].sort()).toEqual([drum, lamp].sort())
      const renamed = { ...category('cat_home'), name: { en: 'Hearth', 'zh-CN': '' } }
      ;(await saveCategory(inside, byStaff(), renamed))._unsafeUnwrap()
      await save(inside, 'tin', 'Tin box')
      expect(await offered(inside)).toEqual(['Hearth'])
      expect(await found(ports, 'lantern')).toEqual([lamp])
      await client.query('rollback')
    } finally {
      client.release()
    }
    expect(await found(ports, 'lantern')).toEqual([lamp])
    expect(await offered(ports)).toEqual([])
  })

  it('answers whatever is asked, within bounds', async () => {
    const ports = await open()
    await save(ports, 'lamp', 'Constructor set')
    await seal(ports)
    const source = (await ports.shelf.follow(ports))._unsafeUnwrap()
    const ask = async (text: string, more = {}) =>
      (
        await source.ask({ text, filter: {}, within: [], sort: 'relevance', offset: 0, limit: 10, ...more })
      )._unsafeUnwrap()
    expect((await ask('constructor')).total).toBe(1)
    for (const text of ["set'); drop table x; --", '\u0000\ud800 set', 'set '.repeat(250_000), 'set & | ! <-> :*']) {
      expect((await ask(text)).total).toBe(1)
    }
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`a${at}`, ['x', null]]))
    expect((await ask('set', { filter: { attributes: many } })).total).toBe(1)
    const odd = ['\u0000', '\ud800', 'p']
    expect((await ask('set', { among: new Set(odd) })).total).toBe(0)
    expect((await ask('set', { arrangement: { pinned: odd, buried: odd } })).total).toBe(1)
    expect((await ask('', { sort: 'newest', after: { key: 1e300, id: '\u0000' } })).found).toHaveLength(1)
    const price = { minPriceMinor: 0, maxPriceMinor: Number.MAX_SAFE_INTEGER }
    expect((await ask('', { filter: price })).total).toBe(1)
  })

  it('writes nothing where the index is in process or the catalog is empty', async () => {
    const ports = await open()
    expect(await seal(ports)).toEqual({ status: 'nothing', products: 0 })
    const { catalogIndex: _, ...inProcess } = ports
    expect((await sealCatalog(inProcess))._unsafeUnwrap()).toEqual({ status: 'inProcess', products: 0 })
  })
})
