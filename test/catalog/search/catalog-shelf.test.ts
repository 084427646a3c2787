import { errAsync, ok, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { archiveProduct } from '../../../src/catalog/archive-product.js'
import type { HistoryPorts } from '../../../src/catalog/history/read-history.js'
import { listProducts } from '../../../src/catalog/list-products.js'
import type { CatalogPorts } from '../../../src/catalog/ports.js'
import type { ProductContent } from '../../../src/catalog/product.js'
import { products } from '../../../src/catalog/product.schema.js'
import { publishProduct } from '../../../src/catalog/publish-product.js'
import { saveCategory } from '../../../src/catalog/save-category.js'
import { saveProduct } from '../../../src/catalog/save-product.js'
import { createCatalogShelf } from '../../../src/catalog/search/catalog-shelf.js'
import { searchProducts } from '../../../src/catalog/search/search-products.js'
import { suggest } from '../../../src/catalog/search/suggest/suggest.js'
import type { Scope } from '../../../src/shared/actor.js'
import { put } from '../../../src/shared/commit.js'
import type { JsonObject } from '../../../src/shared/json.js'
import { readFacts } from '../../../src/shared/read-facts.js'
import { row } from '../../../src/shared/read-plan.js'
import { commitChanges } from '../../../src/shared/storage.js'
import { byStaff, category, content, openShop, staff } from '../open-shop.js'

const save = async (ports: CatalogPorts, externalId: string, en: string, changed: Partial<ProductContent> = {}) => {
  const variants = content().variants.map((each) => ({ ...each, sku: externalId }))
  const stated = content({ title: { en, 'zh-CN': '' }, variants, ...changed })
  const input = { externalId, merchantId: 'self', content: stated }
  const { productId } = (await saveProduct(ports, byStaff(), input))._unsafeUnwrap()
  ;(await publishProduct(ports, byStaff(), { productId }))._unsafeUnwrap()
  return productId
}

const found = async (ports: CatalogPorts & HistoryPorts, text: string): Promise<readonly string[]> =>
  (await searchProducts(ports, staff, { text }))._unsafeUnwrap().hits.map(({ productId }) => productId)

const openWithCategory = async () => {
  const ports = await openShop()
  ;(await saveCategory(ports, byStaff(), category('cat_home')))._unsafeUnwrap()
  return ports
}

describe('the index of a shop', () => {
  it('has what was committed at the next question, in every process', async () => {
    const here = await openWithCategory()
    const there = { ...here, shelf: createCatalogShelf() }
    const lamp = await save(here, 'lamp', 'Lantern of brass')
    expect([await found(here, 'lantern'), await found(there, 'lantern')]).toEqual([[lamp], [lamp]])
    await save(there, 'lamp', 'Chandelier of brass')
    expect([await found(here, 'lantern'), await found(here, 'chandelier')]).toEqual([[], [lamp]])
    ;(await archiveProduct(there, byStaff(), { productId: lamp }))._unsafeUnwrap()
    expect([await found(here, 'chandelier'), await found(there, 'chandelier')]).toEqual([[], []])
  })

  it('searches a renamed category by its new name, in every process', async () => {
    const here = await openWithCategory()
    const there = { ...here, shelf: createCatalogShelf() }
    const named = async (en: string) =>
      (await saveCategory(here, byStaff(), { ...category('cat_home'), name: { en, 'zh-CN': '' } }))._unsafeUnwrap()
    await named('Furniture')
    const lamp = await save(here, 'lamp', 'Lantern of brass')
    expect([await found(here, 'furniture'), await found(there, 'furniture')]).toEqual([[lamp], [lamp]])
    here.setNow(here.clock.now() + 60_000)
    expect(await named('Antiques')).toEqual({ categoryId: 'cat_home', moved: false, renamed: true })
    expect([await found(here, 'antiques'), await found(there, 'antiques')]).toEqual([[lamp], [lamp]])
    expect([await found(here, 'furniture'), await found(there, 'furniture')]).toEqual([[], []])
  })

  it('keeps what a fork was told of names to the fork', async () => {
    const [here, there] = [await openWithCategory(), await openWithCategory()]
    const named = async (ports: CatalogPorts, en: string) =>
      (await saveCategory(ports, byStaff(), { ...category('cat_home'), name: { en, 'zh-CN': '' } }))._unsafeUnwrap()
    await named(here, 'Furniture')
    const lamp = await save(here, 'lamp', 'Lantern of brass')
    const offered = async (ports: CatalogPorts & HistoryPorts) =>
      (await suggest(ports, staff, { text: 'fu' }))._unsafeUnwrap().completions.map(({ text }) => text)
    expect(await offered(here)).toEqual(['Furniture'])
    // What the storage of the fork has never comes to be in the shop's.
    const fork = { ...there, shelf: here.shelf.fork() }
    await named(there, 'Antiques')
    await save(there, 'lamp', 'Lantern of brass')
    there.setNow(there.clock.now() + 60_000)
    await named(there, 'Fuel')
    await save(there, 'lamp', 'Lantern of tin')
    expect([await found(fork, 'tin'), await offered(fork)]).toEqual([[lamp], ['Fuel']])
    expect(await offered(here)).toEqual(['Furniture'])
  })

  it('passes over a product that cannot be read, tells of it, and finds it again when it is mended', async () => {
    const ports = await openWithCategory()
    const [lamp, torch] = [await save(ports, 'lamp', 'Lantern'), await save(ports, 'torch', 'Lantern of iron')]
    expect([...(await found(ports, 'lantern'))].sort()).toEqual([lamp, torch])
    const plan = { torch: row(products, torch) }
    const read = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: 0, plan })
    const sound = read._unsafeUnwrap().torch
    if (sound === undefined) throw new Error('no product')
    const write = async (version: number, changed: object) => {
      const at = ports.clock.now() + 1
      ports.setNow(at)
      const state: JsonObject = JSON.parse(JSON.stringify({ ...sound.state, ...changed, updatedAt: at }))
      const changes = [put({ ...products, parse: () => ok(state) }, { id: torch, version, state })]
      ;(await commitChanges(ports.storage, { shop: ports.shop, at, changes }))._unsafeUnwrap()
    }
    await write(sound.version, { status: 'archived' })
    expect(await found(ports, 'lantern')).toEqual([lamp])
    expect((await suggest(ports, staff, { text: 'lant' }))._unsafeUnwrap().products).toMatchObject([
      { productId: lamp },
    ])
    expect(ports.shelf.unreadable()).toMatchObject([{ type: 'StoredDataInvalid', collection: 'product', id: torch }])
    await write(sound.version + 1, {})
    expect([...(await found(ports, 'lantern'))].sort()).toEqual([lamp, torch])
    expect(ports.shelf.unreadable()).toEqual([])
  })

  it('understands the conditions that a query states, and leaves out those that nothing meets', async () => {
    const ports = await openWithCategory()
    const [each] = content().variants
    const at = (minor: number, sku: string) =>
      each === undefined ? [] : [{ ...each, sku, listPrice: { minor, currency: 'CNY' } }]
    const cheap = await save(ports, 'cheap', 'Lantern small', { variants: at(4_900, 'cheap') })
    const dear = await save(ports, 'dear', 'Lantern grand', { variants: at(90_000, 'dear'), brand: 'Knot' })
    expect(await found(ports, 'lantern 50元以内')).toEqual([cheap])
    expect(await found(ports, '价格:500元以上+品牌:knot lantern')).toEqual([dear])
    const search = async (text: string, literally: readonly string[]) =>
      (await searchProducts(ports, staff, { text, literally }))._unsafeUnwrap()
    expect((await search('lantern 50元以内', ['50元以内'])).understood).toEqual([])
    const none = await search('lantern 3元以内', [])
    expect(none.hits).toHaveLength(2)
    expect(none.understood).toMatchObject([{ kind: 'price', to: 3, applied: false, written: '3元以内' }])
  })

  it('pins for what was asked, whole, and no pin makes a condition met', async () => {
    const ports = await openWithCategory()
    const [each] = content().variants
    const at = (minor: number, sku: string) =>
      each === undefined ? [] : [{ ...each, sku, listPrice: { minor, currency: 'CAD' } }]
    const lantern = await save(ports, 'lantern', 'Lantern', { variants: at(90_000, 'lantern') })
    const kettle = await save(ports, 'kettle', 'Kettle', { variants: at(1_000, 'kettle') })
    const ask = async (text: string, queries?: readonly string[]) => {
      const rules = [{ ...(queries === undefined ? {} : { queries }), pinned: [kettle] }]
      const answer = (await searchProducts({ ...ports, search: { rules } }, staff, { text }))._unsafeUnwrap()
      return [answer.hits.map(({ productId }) => productId), answer.understood.map(({ applied }) => applied)]
    }
    expect(await ask('lantern under $5000', ['Lantern under $5000'])).toEqual([[kettle, lantern], [true]])
    expect(await ask('lantern under $5000', ['lantern'])).toEqual([[lantern], [true]])
    expect(await ask('lantern under $50')).toEqual([[kettle, lantern], [false]])
  })

  it('finds out what was saved by a machine whose clock is behind', async () => {
    const ports = await openWithCategory()
    await save(ports, 'first', 'Lantern')
    expect(await found(ports, 'lantern')).toHaveLength(1)
    const now = ports.clock.now()
    ports.setNow(now - 20_000)
    const late = await save(ports, 'late', 'Gramophone')
    ports.setNow(now + 1_000)
    expect(await found(ports, 'gramophone')).toEqual([late])
  })

  it('answers many who ask at once, each with what was committed before', async () => {
    const ports = await openWithCategory()
    const ids = []
    for (const name of ['one', 'two', 'three']) ids.push(await save(ports, name, `Lantern ${name}`))
    const answers = await Promise.all(Array.from({ length: 12 }, () => found(ports, 'lantern')))
    for (const answer of answers) expect([...answer].sort()).toEqual([...ids].sort())
  })

  it('is no answer where it could not be read again for those who waited for it', async () => {
    const ports = await openWithCategory()
    await save(ports, 'lamp', 'Lantern')
    expect(await found(ports, 'lantern')).toHaveLength(1)
    const answers = [true, false, false, true]
    const read: typeof ports.storage.read = (request) =>
      answers.shift() === false ? errAsync({ type: 'StorageUnavailable', detail: 'gone' }) : ports.storage.read(request)
    const failing = { ...ports, storage: { ...ports.storage, read } }
    const looks = await Promise.all([1, 2, 3].map(() => ports.shelf.follow(failing)))
    expect(looks.map((look) => look.isOk())).toEqual([true, false, false])
    // Who waits for one that fails is answered by the next.
    const later = await Promise.all([1, 2].map(() => ports.shelf.follow(failing)))
    expect(later.map((look) => look.isOk())).toEqual([false, true])
  })

  it('shows nobody what lies outside the scope that the host gave', async () => {
    const ports = await openWithCategory()
    const lamp = await save(ports, 'lamp', 'Lantern')
    const asked = async (fields: Extract<Scope, { kind: 'fields' }>['fields']) => {
      const within = { ...ports, authorizer: { authorize: () => okAsync({ kind: 'fields', fields } as const) } }
      const listed = (await listProducts(within, staff, { counted: true }))._unsafeUnwrap()
      expect(listed.counted?.total).toBe(listed.products.length)
      return [await found(within, 'lantern'), listed.products.map(({ productId }) => productId)]
    }
    expect(await asked({ merchantId: ['self'] })).toEqual([[lamp], [lamp]])
    expect(await asked({ merchantId: ['other'] })).toEqual([[], []])
    expect(await asked({ unheardOf: ['self'] })).toEqual([[], []])
    expect(await asked({ categoryIds: ['cat_home'], merchantId: ['other', 'self'] })).toEqual([[lamp], [lamp]])
    expect(await asked({ categoryIds: ['cat_away', 'cat_home'] })).toEqual([[lamp], [lamp]])
    expect(await asked({ categoryIds: ['cat_away', 'cat_sale'] })).toEqual([[], []])
  })
})
