import { err, ok, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import type { Category } from '../../src/catalog/category.js'
import { categories } from '../../src/catalog/category.schema.js'
import { listCategories } from '../../src/catalog/list-categories.js'
import { type GoodsPage, listGoods } from '../../src/catalog/list-goods.js'
import type { ListGoodsInput } from '../../src/catalog/list-goods.schema.js'
import { listProducts, type ProductPage } from '../../src/catalog/list-products.js'
import type { CatalogPorts } from '../../src/catalog/ports.js'
import { products } from '../../src/catalog/product.schema.js'
import { publishProduct } from '../../src/catalog/publish-product.js'
import { saveCategory } from '../../src/catalog/save-category.js'
import { saveProduct } from '../../src/catalog/save-product.js'
import { settleCategories } from '../../src/catalog/settle-categories.js'
import { showProduct } from '../../src/catalog/show-product.js'
import { type Change, put } from '../../src/shared/commit.js'
import type { JsonObject } from '../../src/shared/json.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { row } from '../../src/shared/read-plan.js'
import { commitChanges } from '../../src/shared/storage.js'
import type { TestPorts } from '../support/core-ports.js'
import { byStaff, category, content, openShop, staff } from './open-shop.js'

type Ports = TestPorts & CatalogPorts

const commit = async (ports: Ports, changes: readonly Change[]) =>
  (await commitChanges(ports.storage, { shop: ports.shop, at: ports.clock.now(), changes }))._unsafeUnwrap()

const read = async (ports: Ports, productId: string) => {
  const plan = { product: row(products, productId) }
  const facts = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: 0, plan })
  const stored = facts._unsafeUnwrap().product
  if (stored === undefined) throw new Error(`no ${productId}`)
  return stored
}

const named = (categoryId: string, changed: Partial<Category> = {}): Category => ({
  ...category(categoryId),
  status: 'settled',
  ...changed,
})

const save = async (ports: Ports, externalId: string, home: string, published = true) => {
  ports.setNow(ports.clock.now() + 1_000)
  const variants = content().variants.map((each) => ({ ...each, sku: externalId }))
  const stated = content({ title: { en: externalId, 'zh-CN': '' }, homeCategoryIds: [home], variants })
  const input = { externalId, merchantId: 'self', content: { ...stated, attributes: { washable: 'yes' } } }
  const { productId } = (await saveProduct(ports, byStaff(), input))._unsafeUnwrap()
  if (published) (await publishProduct(ports, byStaff(), { productId }))._unsafeUnwrap()
  return productId
}

/** Makes the row of a product one that cannot be read. */
const spoil = async (ports: Ports, productId: string) => {
  const { state, version } = await read(ports, productId)
  const spoilt: JsonObject = JSON.parse(JSON.stringify({ ...state, title: 'no text' }))
  await commit(ports, [put({ ...products, parse: () => ok(spoilt) }, { id: productId, version, state: spoilt })])
}

const washable: Partial<Category> = {
  attributes: [{ name: 'washable', title: { en: 'Washable', 'zh-CN': '' }, kind: 'boolean' }],
}

/** A branch that was moved, whose products do not know it yet. */
const move = (ports: Ports, categoryId: string, parentId: string) =>
  commit(ports, [
    put(categories, { id: categoryId, version: 1, state: named(categoryId, { parentId, status: 'moving' }) }),
  ])

describe('a draft whose category was moved', () => {
  it('is published by what the categories above it ask now, and stands under them', async () => {
    const ports = await openShop()
    const required = named('cat_b', { requiredAttributes: ['fuel'] })
    await commit(
      ports,
      [named('cat_a'), required, named('cat_tea', { parentId: 'cat_a' })].map((state) =>
        put(categories, { id: state.categoryId, version: 0, state }),
      ),
    )
    const productId = await save(ports, 'pot', 'cat_tea', false)
    await move(ports, 'cat_tea', 'cat_b')
    expect((await showProduct(ports, staff, { productId }))._unsafeUnwrap().missing).toEqual(['attribute:fuel'])
    const refused = (await publishProduct(ports, byStaff(), { productId }))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ type: 'ProductIncomplete', missing: ['attribute:fuel'] })
    await commit(ports, [put(categories, { id: 'cat_b', version: 1, state: named('cat_b') })])
    ;(await publishProduct(ports, byStaff(), { productId }))._unsafeUnwrap()
    expect((await read(ports, productId)).state.categoryIds).toEqual(['cat_b', 'cat_tea'])
  })

  it('has its attributes read as the categories above it define them, once it follows', async () => {
    const ports = await openShop()
    const states = [named('cat_a'), named('cat_b', washable), named('cat_tea', { parentId: 'cat_a' })]
    await commit(
      ports,
      states.map((state) => put(categories, { id: state.categoryId, version: 0, state })),
    )
    const productId = await save(ports, 'pot', 'cat_tea')
    const { state: before } = await read(ports, productId)
    await move(ports, 'cat_tea', 'cat_b')
    expect((await settleCategories(ports, { limit: 10 }))._unsafeUnwrap()).toMatchObject({ placed: 1, failed: [] })
    const { state: after } = await read(ports, productId)
    expect(after.categoryIds).toEqual(['cat_b', 'cat_tea'])
    const saved = (
      await saveProduct(ports, byStaff(), {
        externalId: 'pot',
        merchantId: 'self',
        content: content({
          title: before.title,
          homeCategoryIds: ['cat_tea'],
          variants: before.variants,
          attributes: before.attributes,
        }),
      })
    )._unsafeUnwrap()
    const { state: anew } = await read(ports, saved.productId)
    expect([after.attributes, after.facets]).toEqual([anew.attributes, anew.facets])
    expect(after.attributes).not.toEqual(before.attributes)
  })
})

describe('a product that cannot be read', () => {
  const open = async () => {
    const ports = await openShop()
    for (const id of ['cat_home', 'cat_sale']) (await saveCategory(ports, byStaff(), category(id)))._unsafeUnwrap()
    const ids = []
    for (const id of ['a', 'b', 'c', 'd']) ids.push(await save(ports, id, 'cat_home'))
    await spoil(ports, 'prd_self.b')
    return { ports, sound: ids.filter((id) => id !== 'prd_self.b') }
  }

  it('keeps no other from following its category, and is told of', async () => {
    const { ports, sound } = await open()
    ports.setNow(ports.clock.now() + 1_000)
    const moved = await saveCategory(ports, byStaff(), category('cat_home', 'cat_sale'))
    expect(moved._unsafeUnwrap().moved).toBe(true)
    for (const id of sound) expect((await read(ports, id)).state.categoryIds).toEqual(['cat_home', 'cat_sale'])
    await commit(ports, [
      put(categories, { id: 'cat_home', version: 3, state: named('cat_home', { status: 'moving' }) }),
    ])
    expect((await settleCategories(ports, { limit: 10 }))._unsafeUnwrap()).toEqual({
      settled: ['cat_home'],
      placed: 3,
      failed: [{ id: 'prd_self.b', reason: 'StoredDataInvalid' }],
    })
  })

  it('is passed over in every list, page by page', async () => {
    const { ports, sound } = await open()
    for (const limit of [1, 2, 3, 10]) {
      const listed: string[] = []
      let after: string | null = null
      do {
        const more: { readonly after?: string } = after === null ? {} : { after }
        const page: ProductPage = (await listProducts(ports, staff, { limit, ...more }))._unsafeUnwrap()
        listed.push(...page.products.map(({ productId }) => productId))
        after = page.next
      } while (after !== null)
      expect(listed).toEqual([...sound].reverse())
      const goods: string[] = []
      let behind: GoodsPage['next'] = null
      do {
        const more: ListGoodsInput = behind === null ? {} : { after: behind }
        const page: GoodsPage = (await listGoods(ports, staff, { limit, ...more }))._unsafeUnwrap()
        goods.push(...page.goods.map(({ productId }) => productId))
        behind = page.next
      } while (behind !== null)
      expect([...goods].sort()).toEqual(sound)
    }
  })
})

describe('a turn that settles categories', () => {
  it('goes on with the others where one cannot be settled', async () => {
    const ports = await openShop()
    const states = ['cat_a', 'cat_b'].map((id) => named(id, { status: 'moving' }))
    await commit(
      ports,
      states.map((state) => put(categories, { id: state.categoryId, version: 0, state })),
    )
    await save(ports, 'one', 'cat_a')
    await save(ports, 'two', 'cat_b')
    ports.setNow(ports.clock.now() + 1_000)
    for (const { categoryId } of states) {
      const state = named(categoryId, { status: 'moving', movingSince: ports.clock.now() })
      await commit(ports, [put(categories, { id: categoryId, version: 1, state })])
    }
    // Somebody else writes the product of the first again and again.
    const commitEach: typeof ports.storage.commitEach = (commits) => {
      const isLost = commits.some(({ puts }) => puts.some(({ key }) => key.id === 'prd_self.one'))
      if (!isLost) return ports.storage.commitEach(commits)
      const conflict = {
        type: 'VersionConflict',
        index: 0,
        key: { collection: 'product', id: 'prd_self.one' },
      } as const
      return okAsync(commits.map(() => err(conflict)))
    }
    const storage = { ...ports.storage, commitEach }
    const report = (await settleCategories({ ...ports, storage }, { limit: 10 }))._unsafeUnwrap()
    expect(report).toMatchObject({ settled: ['cat_b'], failed: [{ id: 'cat_a', reason: 'Busy' }] })
  })
})

describe('a tree of more categories than are read at once', () => {
  it('is whole', async () => {
    const ports = await openShop()
    // What stands above all of them is read last.
    const below = Array.from({ length: 5_003 }, (_, at) => named(`cat_${at}`, { parentId: 'cat_z' }))
    for (let at = 0; at < below.length; at += 2_000) {
      const some = [...(at === 0 ? [named('cat_z')] : []), ...below.slice(at, at + 2_000)]
      await commit(
        ports,
        some.map((state) => put(categories, { id: state.categoryId, version: 0, state })),
      )
    }
    const tree = (await listCategories(ports, staff))._unsafeUnwrap()
    expect(tree.map(({ categoryId, children }) => [categoryId, children.length])).toEqual([['cat_z', 5_003]])
  }, 60_000)
})
