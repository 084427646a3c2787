import fc from 'fast-check'
import { errAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { archiveProduct } from '../../src/catalog/archive-product.js'
import type { Category } from '../../src/catalog/category.js'
import { categories } from '../../src/catalog/category.schema.js'
import { importProducts } from '../../src/catalog/import/import-products.js'
import { listCategories } from '../../src/catalog/list-categories.js'
import { type GoodsPage, listGoods } from '../../src/catalog/list-goods.js'
import type { ListGoodsInput } from '../../src/catalog/list-goods.schema.js'
import { listProducts } from '../../src/catalog/list-products.js'
import type { CatalogPorts } from '../../src/catalog/ports.js'
import type { KitPart, Product } from '../../src/catalog/product.js'
import { products } from '../../src/catalog/product.schema.js'
import { publishProduct } from '../../src/catalog/publish-product.js'
import { saveCategory } from '../../src/catalog/save-category.js'
import { saveProduct } from '../../src/catalog/save-product.js'
import { searchProducts } from '../../src/catalog/search/search-products.js'
import { settleCategories } from '../../src/catalog/settle-categories.js'
import { showProduct } from '../../src/catalog/show-product.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { find, row } from '../../src/shared/read-plan.js'
import type { QueryContext } from '../../src/shared/run-query.js'
import { byCustomer, byStaff, category, content, openShop, receive, staff } from './open-shop.js'

const productOf = async (ports: CatalogPorts, productId: string): Promise<Product | undefined> => {
  const plan = { product: row(products, productId) }
  const facts = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: 0, plan })
  return facts._unsafeUnwrap().product?.state
}

const treeOf = async (ports: CatalogPorts): Promise<readonly Category[]> => {
  const plan = { all: find(categories, { where: [], limit: 1_000 }) }
  const facts = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: 0, plan })
  return facts._unsafeUnwrap().all.map(({ state }) => state)
}

const save = (ports: CatalogPorts, externalId: string, stated = content()) =>
  saveProduct(ports, byStaff(), { externalId, merchantId: 'self', content: stated })

describe('a product', () => {
  it('is a draft that no buyer sees until it is published', async () => {
    const ports = await openShop()
    await saveCategory(ports, byStaff(), category('cat_home'))
    const saved = (await save(ports, 'kettle'))._unsafeUnwrap()
    expect(saved).toEqual({ productId: 'prd_self.kettle', status: 'draft', version: 1 })
    expect((await listProducts(ports, staff, {}))._unsafeUnwrap().products).toEqual([])
    const published = await publishProduct(ports, byStaff(), { productId: 'prd_self.kettle' })
    expect(published._unsafeUnwrap().status).toBe('active')
    const listed = (await listProducts(ports, byCustomer('a'), {}))._unsafeUnwrap().products
    expect(listed.map(({ productId, price }) => [productId, price?.minor])).toEqual([['prd_self.kettle', 12_900]])
    await archiveProduct(ports, byStaff(), { productId: 'prd_self.kettle' })
    expect((await listProducts(ports, staff, {}))._unsafeUnwrap().products).toEqual([])
  })

  it('is read back by staff whatever its status, with what it lacks, and saved over the version that was read', async () => {
    const ports = await openShop()
    await saveCategory(ports, byStaff(), category('cat_home'))
    const productId = 'prd_self.kettle'
    await save(ports, 'kettle', content({ brand: 'Brew', homeCategoryIds: [] }))
    const read = async () => (await showProduct(ports, staff, { productId }))._unsafeUnwrap()
    const first = await read()
    expect(first).toMatchObject({ version: 1, missing: ['category'], product: { status: 'draft', brand: 'Brew' } })
    const stated = { externalId: 'kettle', merchantId: 'self', content: content({ brand: 'Boil' }) }
    const over = (expectedVersion: number) => saveProduct(ports, byStaff(), { ...stated, expectedVersion })
    expect((await over(first.version))._unsafeUnwrap().version).toBe(2)
    expect((await over(first.version))._unsafeUnwrapErr()).toEqual({
      type: 'ProductChanged',
      productId,
      expectedVersion: 1,
      actualVersion: 2,
    })
    expect((await over(0))._unsafeUnwrapErr().type).toBe('ProductChanged')
    expect(await read()).toMatchObject({ version: 2, missing: [], product: { brand: 'Boil' } })
    await publishProduct(ports, byStaff(), { productId })
    await archiveProduct(ports, byStaff(), { productId })
    expect(await read()).toMatchObject({ version: 4, product: { status: 'archived' } })
    const other = { actor: { kind: 'merchant', merchantId: 'other' } } as const
    expect((await showProduct(ports, other, { productId }))._unsafeUnwrapErr().type).toBe('NotFound')
  })

  it('stands among the goods of its seller by status, the last changed first, page by page', async () => {
    const ports = await openShop()
    await saveCategory(ports, byStaff(), category('cat_home'))
    for (const externalId of ['one', 'two', 'three']) {
      const variants = content().variants.map((variant) => ({ ...variant, sku: externalId }))
      await save(ports, externalId, content({ variants }))
      ports.setNow(ports.clock.now() + 1_000)
    }
    await publishProduct(ports, byStaff(), { productId: 'prd_self.two' })
    const goods = async (input: ListGoodsInput, context: QueryContext = staff) =>
      (await listGoods(ports, context, input))._unsafeUnwrap()
    const idsOf = ({ goods: page }: GoodsPage) => page.map(({ externalId, status }) => `${externalId} ${status}`)
    const first = await goods({ limit: 2 })
    expect(idsOf(first)).toEqual(['two active', 'three draft'])
    expect(first.next).not.toBeNull()
    expect(idsOf(await goods({ limit: 2, ...(first.next === null ? {} : { after: first.next }) }))).toEqual([
      'one draft',
    ])
    expect(idsOf(await goods({ status: 'draft' }))).toEqual(['three draft', 'one draft'])
    const as = (merchantId: string) => goods({}, { actor: { kind: 'merchant', merchantId } })
    expect((await as('self')).goods).toHaveLength(3)
    expect((await as('other')).goods).toEqual([])
  })

  it('shows pictures over https, of this machine, or by a name of the host’s own store, and by no other link', async () => {
    const ports = await openShop()
    await saveCategory(ports, byStaff(), category('cat_home'))
    const tagOf = async (url: string) => {
      const saved = await save(ports, 'kettle', content({ media: [{ kind: 'image', url }] }))
      return saved.isOk() ? 'ok' : saved.error.type
    }
    for (const url of [
      'https://img.example/1.jpg',
      'http://localhost:9000/1.jpg',
      '/图片/1 号.jpg'.replace(' ', '%20'),
      'k/1.jpg',
    ]) {
      expect(await tagOf(url), url).toBe('ok')
    }
    for (const url of [
      'http://img.example/1.jpg',
      'javascript:alert(1)',
      '//img.example/1.jpg',
      'data:text/html,x',
      'a b',
    ]) {
      expect(await tagOf(url), url).toBe('InvalidInput')
    }
  })

  it('is not published before everything is stated, and everything missing is named', async () => {
    const ports = await openShop()
    await saveCategory(ports, byStaff(), category('cat_home', null, ['voltage']))
    await saveCategory(ports, byStaff(), category('cat_kettles', 'cat_home'))
    const free = content().variants.map((variant) => ({ ...variant, listPrice: { minor: 0, currency: 'CNY' } }))
    await save(
      ports,
      'kettle',
      content({ title: { en: '', 'zh-CN': '' }, variants: free, homeCategoryIds: ['cat_kettles'] }),
    )
    const refused = await publishProduct(ports, byStaff(), { productId: 'prd_self.kettle' })
    expect(refused._unsafeUnwrapErr()).toEqual({
      type: 'ProductIncomplete',
      productId: 'prd_self.kettle',
      missing: ['title', 'price:KET-1', 'attribute:voltage'],
    })
  })

  it('states attributes of the kinds its categories define, those above included, before it is on sale', async () => {
    const ports = await openShop()
    const volume = { name: 'volume', title: { en: 'Volume', 'zh-CN': '容量' }, kind: 'number', unit: 'ml' } as const
    await saveCategory(ports, byStaff(), { ...category('cat_home'), attributes: [volume] })
    await saveCategory(ports, byStaff(), { ...category('cat_kettles'), parentId: 'cat_home' })
    const stated = (value: string | number) =>
      content({ homeCategoryIds: ['cat_kettles'], attributes: { volume: value } })
    await save(ports, 'kettle', stated('much'))
    const refused = await publishProduct(ports, byStaff(), { productId: 'prd_self.kettle' })
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'ProductIncomplete', missing: ['attributeKind:volume'] })
    await save(ports, 'kettle', stated(500))
    expect((await publishProduct(ports, byStaff(), { productId: 'prd_self.kettle' })).isOk()).toBe(true)
    for (const asked of ['0.5 l', '500ml', '0.5升']) {
      const page = await listProducts(ports, staff, { filter: { attributes: { volume: [asked] } } })
      expect(page._unsafeUnwrap().products, asked).toHaveLength(1)
    }
    const twice = { ...category('cat_home'), attributes: [volume, volume] } as const
    expect((await saveCategory(ports, byStaff(), twice))._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
  })

  it('on sale is not saved without what it needs', async () => {
    const ports = await openShop()
    await saveCategory(ports, byStaff(), category('cat_home'))
    await save(ports, 'kettle')
    await publishProduct(ports, byStaff(), { productId: 'prd_self.kettle' })
    const refused = await save(ports, 'kettle', content({ variants: [] }))
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'ProductIncomplete', missing: ['variants'] })
  })

  it('does not take the SKU of another, and gives back one it no longer has', async () => {
    const ports = await openShop()
    await saveCategory(ports, byStaff(), category('cat_home'))
    await save(ports, 'one')
    expect((await save(ports, 'two'))._unsafeUnwrapErr()).toEqual({ type: 'SkuTaken', sku: 'KET-1' })
    const other = content().variants.map((variant) => ({ ...variant, sku: 'KET-2' }))
    expect((await save(ports, 'one', content({ variants: other }))).isOk()).toBe(true)
    expect((await save(ports, 'two')).isOk()).toBe(true)
  })

  it('of another merchant is as if absent', async () => {
    const ports = await openShop()
    await saveCategory(ports, byStaff(), category('cat_home'))
    await save(ports, 'kettle')
    const stranger = { actor: { kind: 'merchant', merchantId: 'other' }, key: 'k' } as const
    const notFound = { type: 'NotFound', entity: 'product', id: 'prd_self.kettle' }
    expect((await publishProduct(ports, stranger, { productId: 'prd_self.kettle' }))._unsafeUnwrapErr()).toEqual(
      notFound,
    )
    expect(
      (
        await saveProduct(ports, stranger, { externalId: 'kettle', merchantId: 'self', content: content() })
      )._unsafeUnwrapErr(),
    ).toEqual(notFound)
    expect(
      (await publishProduct(ports, byCustomer('a'), { productId: 'prd_self.kettle' }))._unsafeUnwrapErr().type,
    ).toBe('Denied')
  })
})

describe('a kit', () => {
  const [simple] = content().variants
  const variant = (sku: string, parts?: readonly KitPart[]) => [
    { ...simple!, sku, ...(parts === undefined ? {} : { parts }) },
  ]
  const part = (sku: string, quantity: number) => ({ sku, quantity })

  it('is made of goods of its merchant that are no kits themselves, and is in stock as they are', async () => {
    const ports = await openShop()
    await saveCategory(ports, byStaff(), category('cat_home'))
    await save(ports, 'cup', content({ variants: variant('CUP') }))
    await save(ports, 'pot', content({ variants: variant('POT') }))
    const set = content({ variants: variant('SET', [part('CUP', 2), part('POT', 1)]) })
    expect((await save(ports, 'set', set)).isOk()).toBe(true)
    await publishProduct(ports, byStaff(), { productId: 'prd_self.set' })
    const unknown = (sku: string, wrong: string) => ({ type: 'KitPartUnknown', sku, part: wrong })
    const refused = async (parts: readonly KitPart[]) =>
      (await save(ports, 'box', content({ variants: variant('BOX', parts) })))._unsafeUnwrapErr()
    expect(await refused([part('CUP', 6), part('LID', 1)])).toEqual(unknown('BOX', 'LID'))
    expect(await refused([part('SET', 1)])).toEqual(unknown('BOX', 'SET'))
    expect(await refused([part('BOX', 1)])).toEqual(unknown('BOX', 'BOX'))
    expect(await refused([part('CUP', 1), part('CUP', 2)])).toMatchObject({ type: 'InvalidInput' })
    // Whoever has a part takes of its stock.
    const box = content({ variants: variant('BOX', [part('CUP', 6)]) })
    const stranger = { actor: { kind: 'merchant', merchantId: 'other' }, key: 'k1' } as const
    const theirs = { externalId: 'box', merchantId: 'other', content: box }
    expect((await saveProduct(ports, stranger, theirs))._unsafeUnwrapErr()).toEqual(unknown('BOX', 'CUP'))

    const inStock = async () =>
      (await listProducts(ports, staff, {}))._unsafeUnwrap().products.map((card) => card.inStock)
    await receive(ports, 'SET', 5)
    await receive(ports, 'CUP', 3)
    expect(await inStock()).toEqual([false])
    await receive(ports, 'POT', 1)
    expect(await inStock()).toEqual([true])
    const found = (await searchProducts(ports, staff, { text: 'kettle' }))._unsafeUnwrap().hits
    expect(found.map((hit) => hit.inStock)).toEqual([true])
    // A file that speaks of no parts leaves it a kit.
    const row = { externalId: 'set', sku: 'SET', title: 'Set', categoryPath: ['Home'], price: '99.00' }
    const file = { importId: 'i1', merchantId: 'self', currency: 'CNY', format: 'jsonl' } as const
    const report = await importProducts(ports, staff, { ...file, source: [`${JSON.stringify(row)}\n`] })
    expect(report._unsafeUnwrap().counts.updated).toBe(1)
    const kept = (await productOf(ports, 'prd_self.set'))?.variants[0]
    expect(kept).toMatchObject({ listPrice: { minor: 9_900 }, parts: [part('CUP', 2), part('POT', 1)] })
  })
})

describe('the category tree', () => {
  it('moves a branch with its products', async () => {
    const ports = await openShop()
    for (const [id, parent] of [
      ['cat_home', null],
      ['cat_kitchen', 'cat_home'],
      ['cat_kettles', 'cat_kitchen'],
      ['cat_sale', null],
    ] as const) {
      await saveCategory(ports, byStaff(), category(id, parent))
    }
    await save(ports, 'kettle', content({ homeCategoryIds: ['cat_kettles'] }))
    expect((await productOf(ports, 'prd_self.kettle'))?.categoryIds).toEqual(['cat_home', 'cat_kettles', 'cat_kitchen'])
    const moved = await saveCategory(ports, byStaff(), category('cat_kitchen', 'cat_sale'))
    expect(moved._unsafeUnwrap()).toEqual({ categoryId: 'cat_kitchen', moved: true, renamed: false })
    expect((await productOf(ports, 'prd_self.kettle'))?.categoryIds).toEqual(['cat_kettles', 'cat_kitchen', 'cat_sale'])
    const tree = (await listCategories(ports, staff))._unsafeUnwrap()
    expect(tree.map(({ categoryId }) => categoryId)).toEqual(['cat_home', 'cat_sale'])
    expect(tree[1]?.children[0]?.children[0]?.categoryId).toBe('cat_kettles')
    expect((await treeOf(ports)).map(({ status }) => status)).toEqual(['settled', 'settled', 'settled', 'settled'])
  })

  it('finishes an interrupted move or new name in turns, each going on where the one before came to', async () => {
    const ports = await openShop()
    for (const id of ['cat_home', 'cat_sale', 'cat_other']) await saveCategory(ports, byStaff(), category(id))
    const ids = ['one', 'two', 'three', 'four', 'five']
    for (const id of ids) {
      const [variant] = content().variants
      const variants = variant === undefined ? [] : [{ ...variant, sku: id }]
      ;(await save(ports, id, content({ variants })))._unsafeUnwrap()
    }
    const interrupt = async (changed: object) => {
      ports.setNow(ports.clock.now() + 1_000)
      // The commits of products do not come through any more.
      const gone = { type: 'StorageUnavailable', detail: 'gone' } as const
      const storage = { ...ports.storage, commitEach: () => errAsync(gone) }
      const input = { ...category('cat_home'), ...changed }
      const saved = await saveCategory({ ...ports, storage }, byStaff(), input)
      expect(saved._unsafeUnwrapErr()).toEqual(gone)
    }
    const turns = async () => {
      const reports = []
      for (let turn = 0; turn < 5; turn += 1)
        reports.push((await settleCategories(ports, { limit: 2 }))._unsafeUnwrap())
      return reports
    }
    const expected = [
      { placed: 2, settled: [], failed: [] },
      { placed: 2, settled: [], failed: [] },
      { placed: 1, settled: ['cat_home'], failed: [] },
      { placed: 0, settled: [], failed: [] },
      { placed: 0, settled: [], failed: [] },
    ]
    await interrupt({ parentId: 'cat_sale' })
    expect(await turns()).toEqual(expected)
    for (const id of ids) {
      expect((await productOf(ports, `prd_self.${id}`))?.categoryIds).toEqual(['cat_home', 'cat_sale'])
    }
    await interrupt({ parentId: 'cat_sale', name: { en: 'Household', 'zh-CN': '' } })
    expect(await turns()).toEqual(expected)
    expect((await treeOf(ports)).map(({ status }) => status)).toEqual(['settled', 'settled', 'settled'])
  })

  it('refuses a circle', async () => {
    const ports = await openShop()
    await saveCategory(ports, byStaff(), category('cat_a'))
    await saveCategory(ports, byStaff(), category('cat_b', 'cat_a'))
    const refused = await saveCategory(ports, byStaff(), category('cat_a', 'cat_b'))
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'CategoryCycle', categoryId: 'cat_a', parentId: 'cat_b' })
  })

  it('closes no circle when ends of two branches move under each other at once', async () => {
    const ports = await openShop()
    for (const [id, parent] of [
      ['cat_a', null],
      ['cat_a1', 'cat_a'],
      ['cat_a2', 'cat_a1'],
      ['cat_b', null],
      ['cat_b1', 'cat_b'],
      ['cat_b2', 'cat_b1'],
    ] as const)
      await saveCategory(ports, byStaff(), category(id, parent))
    // Neither writes what the other looks at directly: only what stands between.
    const both = await Promise.all([
      saveCategory(ports, byStaff(), category('cat_a', 'cat_b2')),
      saveCategory(ports, byStaff(), category('cat_b', 'cat_a2')),
    ])
    expect(both.map((each) => each.isOk()).sort()).toEqual([false, true])
  })

  it('closes no circle when two branches move under each other at once', async () => {
    const ports = await openShop()
    for (const id of ['cat_a', 'cat_b']) await saveCategory(ports, byStaff(), category(id))
    const both = await Promise.all([
      saveCategory(ports, byStaff(), category('cat_a', 'cat_b')),
      saveCategory(ports, byStaff(), category('cat_b', 'cat_a')),
    ])
    expect(both.map((each) => each.isOk()).sort()).toEqual([false, true])
  })

  it('stays a tree whose products name every ancestor, whatever moves are tried', async () => {
    const ids = ['cat_a', 'cat_b', 'cat_c', 'cat_d', 'cat_e']
    const move = fc.record({ id: fc.constantFrom(...ids), to: fc.option(fc.constantFrom(...ids)) })
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 8 }), async (moves) => {
        const ports = await openShop()
        for (const [index, id] of ids.entries()) {
          await saveCategory(ports, byStaff(), category(id, ids[index - 1] ?? null))
          const variants = content().variants.map((variant) => ({ ...variant, sku: id }))
          await save(ports, id, content({ homeCategoryIds: [id], variants }))
        }
        for (const { id, to } of moves) await saveCategory(ports, byStaff(), category(id, to))
        const tree = new Map((await treeOf(ports)).map((each) => [each.categoryId, each]))
        for (const each of tree.values()) {
          const expected: string[] = []
          for (let above = each.parentId; above !== null; above = tree.get(above)?.parentId ?? null) {
            expect(expected, 'a circle').not.toContain(above)
            expected.push(above)
          }
          const product = await productOf(ports, `prd_self.${each.categoryId}`)
          expect(product?.categoryIds).toEqual([...expected, each.categoryId].sort())
        }
      }),
      { numRuns: 40 },
    )
  })
})
