import { describe, expect, it } from 'vitest'
import { categories } from '../../src/catalog/category.schema.js'
import { depthsOf } from '../../src/catalog/category-lineage.js'
import { buildTree, type CategoryNode, listCategories } from '../../src/catalog/list-categories.js'
import { listProducts } from '../../src/catalog/list-products.js'
import type { CatalogPorts } from '../../src/catalog/ports.js'
import { products } from '../../src/catalog/product.schema.js'
import { publishProduct } from '../../src/catalog/publish-product.js'
import { deepestLevel, saveCategory } from '../../src/catalog/save-category.js'
import { saveProduct } from '../../src/catalog/save-product.js'
import { searchProducts } from '../../src/catalog/search/search-products.js'
import { put } from '../../src/shared/commit.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { row } from '../../src/shared/read-plan.js'
import { commitChanges } from '../../src/shared/storage.js'
import { byStaff, category, content, openShop, staff } from './open-shop.js'

const levelId = (level: number): string => `level-${level}`

/** A tree of one category a level, the top at level 1. */
const growTree = async (ports: CatalogPorts, levels: number): Promise<void> => {
  const all = Array.from({ length: levels }, (_, place) => {
    const parentId = place === 0 ? null : levelId(place)
    const state = { ...category(levelId(place + 1), parentId), status: 'settled' as const }
    return put(categories, { id: state.categoryId, version: 0, state })
  })
  for (let from = 0; from < all.length; from += 1_000) {
    const changes = all.slice(from, from + 1_000)
    ;(await commitChanges(ports.storage, { shop: ports.shop, at: 0, changes }))._unsafeUnwrap()
  }
}

const categoriesOf = async (ports: CatalogPorts, productId: string): Promise<readonly string[]> => {
  const plan = { product: row(products, productId) }
  const facts = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: 0, plan })
  return facts._unsafeUnwrap().product?.state.categoryIds ?? []
}

const depthOf = (tree: readonly CategoryNode[]): number => {
  let depth = 0
  for (let level = tree; level.length > 0; level = level.flatMap(({ children }) => children)) depth += 1
  return depth
}

describe('a tree of 5,000 levels', () => {
  it('is sold from, shown and searched, and a branch in the middle of it moves with its products', async () => {
    const ports = await openShop()
    await growTree(ports, 5_000)
    expect(depthOf((await listCategories(ports, staff))._unsafeUnwrap())).toBe(5_000)
    const stated = { externalId: 'kettle', merchantId: 'self', content: content({ homeCategoryIds: [levelId(5_000)] }) }
    ;(await saveProduct(ports, byStaff(), stated))._unsafeUnwrap()
    ;(await publishProduct(ports, byStaff(), { productId: 'prd_self.kettle' }))._unsafeUnwrap()
    expect(await categoriesOf(ports, 'prd_self.kettle')).toHaveLength(5_000)

    const isUnder = async (level: number): Promise<readonly number[]> => {
      const filter = { categoryId: levelId(level) }
      const listed = (await listProducts(ports, staff, { filter }))._unsafeUnwrap().products.length
      return [listed, (await searchProducts(ports, staff, { text: 'kettle', filter }))._unsafeUnwrap().total]
    }
    expect(await isUnder(1)).toEqual([1, 1])
    ports.setNow(ports.clock.now() + 1_000)
    const moved = await saveCategory(ports, byStaff(), category(levelId(2_501), levelId(1)))
    expect(moved._unsafeUnwrap()).toMatchObject({ moved: true })
    expect(await categoriesOf(ports, 'prd_self.kettle')).toHaveLength(2_501)
    expect([await isUnder(1), await isUnder(2_500), await isUnder(2_501)]).toEqual([
      [1, 1],
      [0, 0],
      [1, 1],
    ])
    const circle = await saveCategory(ports, byStaff(), category(levelId(2_501), levelId(5_000)))
    expect(circle._unsafeUnwrapErr()).toMatchObject({ type: 'CategoryCycle' })
  })

  it('ends where no shop has one: what is made or moved below that is refused', async () => {
    const ports = await openShop()
    await growTree(ports, deepestLevel)
    const refused = { type: 'CategoryTooDeep', maximum: deepestLevel }
    const added = await saveCategory(ports, byStaff(), category('more', levelId(deepestLevel)))
    expect(added._unsafeUnwrapErr()).toEqual({ ...refused, categoryId: 'more' })
    ;(await saveCategory(ports, byStaff(), category('last', levelId(deepestLevel - 1))))._unsafeUnwrap()
    ;(await saveCategory(ports, byStaff(), category('top')))._unsafeUnwrap()
    const moved = await saveCategory(ports, byStaff(), category('top', 'last'))
    expect(moved._unsafeUnwrapErr()).toEqual({ ...refused, categoryId: 'top' })
    // It may be named anew where it is.
    const named = { ...category(levelId(deepestLevel), levelId(deepestLevel - 1)), name: { en: 'Bottom', 'zh-CN': '' } }
    expect((await saveCategory(ports, byStaff(), named))._unsafeUnwrap()).toMatchObject({ renamed: true })
  })
})

describe('places in a tree', () => {
  const placed = (...pairs: readonly (readonly [string, string | null])[]) =>
    pairs.map(([categoryId, parentId]) => ({ ...category(categoryId, parentId), status: 'settled' as const }))

  it('count what is above them, in whichever order they come', () => {
    expect(depthsOf(placed(['c', 'b'], ['a', null], ['b', 'a'], ['x', 'gone'], ['y', 'x']))).toEqual(
      new Map([
        ['a', 0],
        ['b', 1],
        ['c', 2],
        ['x', 0],
        ['y', 1],
      ]),
    )
  })

  it('that stand in a circle are shown once each, and end', () => {
    const tree = buildTree(placed(['head', 'tail'], ['tail', 'head'], ['self', 'self'], ['top', null]))
    const shown: string[] = []
    for (let level = tree; level.length > 0; level = level.flatMap(({ children }) => children)) {
      shown.push(...level.map(({ categoryId }) => categoryId))
    }
    expect(shown.sort()).toEqual(['head', 'self', 'tail', 'top'])
  })
})
