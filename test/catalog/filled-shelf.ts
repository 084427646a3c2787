import { commitChanges, put, readFacts, row } from 'shopwright'
import { expect } from 'vitest'
import { importProducts } from '../../src/catalog/import/import-products.js'
import type { ImportRow } from '../../src/catalog/import/import-row.js'
import type { CatalogPorts } from '../../src/catalog/ports.js'
import { products } from '../../src/catalog/product.schema.js'
import type { ProductStanding } from '../../src/catalog/product-standing.js'
import { staff } from './open-shop.js'

/** Imports rows and puts them on sale. */
export const fill = async (ports: CatalogPorts, rows: readonly ImportRow[]): Promise<void> => {
  const request = { importId: 'i', format: 'rows', merchantId: 'self', currency: 'CNY', source: rows } as const
  const report = await importProducts(ports, staff, request)
  expect(report._unsafeUnwrap().errors).toEqual([])
}

export const shelf: readonly ImportRow[] = [
  {
    externalId: 'buds',
    title: { en: 'Tidal One wireless earbuds', 'zh-CN': '潮声 One 真无线降噪耳机' },
    brand: 'Tidal',
    categoryPath: ['Audio', 'Headphones'],
    price: 499,
    attributes: { colour: 'Black', connection: 'Bluetooth 5.3' },
  },
  {
    externalId: 'cable',
    title: { en: 'USB-C charging cable 2 m', 'zh-CN': 'USB-C 充电线 2米' },
    brand: 'Knot',
    categoryPath: ['Phones', 'Cables'],
    price: 39,
    attributes: { colour: 'White' },
  },
  {
    externalId: 'case',
    title: { en: 'Case for Nova 12 phone', 'zh-CN': 'Nova12 手机壳 防摔' },
    brand: 'Knot',
    categoryPath: ['Phones', 'Cases'],
    price: 59,
    attributes: { colour: 'Red' },
  },
  {
    externalId: 'shoes',
    title: { en: 'Trail running shoes', 'zh-CN': '越野跑鞋' },
    brand: 'Sola',
    categoryPath: ['Sports', 'Shoes'],
    price: 599,
    attributes: { colour: 'Red' },
    description: 'For wet paths; goes well with a phone case and earbuds.',
  },
]

/** Writes how a product stands, as `rankProducts` does; undefined as rows were stored before any was known. */
export const stand = async (
  ports: CatalogPorts,
  productId: string,
  standing: ProductStanding | undefined,
): Promise<void> => {
  const at = ports.clock.now()
  const plan = { product: row(products, productId) }
  const { product } = (
    await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan })
  )._unsafeUnwrap()
  if (product === undefined) throw new Error(productId)
  const { standing: _, ...rest } = product.state
  const state = { ...rest, ...(standing === undefined ? {} : { standing }), updatedAt: at }
  const changes = [put(products, { ...product, state })]
  expect((await commitChanges(ports.storage, { shop: ports.shop, at, changes })).isOk()).toBe(true)
}

export const idsOf = (found: { readonly hits: readonly { readonly productId: string }[] }): readonly string[] =>
  found.hits.map(({ productId }) => productId.replace('prd_self.', ''))
