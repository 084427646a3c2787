import { type Product, products, readFacts, row, stockCounters } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type CollectionUnderTest,
  type CountersUnderTest,
  collectionCases,
  counterCases,
} from '../../adapters/contract/index.js'
import { createHostTables, goodsParts, shelfParts } from '../../examples/support/host-goods.js'
import { must } from '../../examples/support/must.js'
import { openTestDatabase, type TestDatabase } from '../postgres/database.js'
import { runContract } from '../support/run-contract.js'

const host = 'pottery'
const replace = { collections: { product: goodsParts(host) }, counters: { stock: shelfParts(host) } }

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase({ empty: true })
  await database.pool.query(`create schema ${host}; ${createHostTables(host)}`)
  must(await createPostgresStorage({ pool: database.pool, schema: database.schema, replace }).migrate())
})
afterAll(async () => {
  await database.close()
})

const stateOf = (productId: string, version: number): Product => {
  const minor = productId.length * 100 + version
  const title = { en: `Mug ${productId}`, 'zh-CN': `马克杯 ${version}` }
  const variant = { sku: productId, options: { glaze: 'ash' }, weightGrams: 350, taxClass: 'goods', discountable: true }
  return {
    status: version % 2 === 0 ? 'archived' : 'active',
    archivedAt: 5,
    publishedAt: 4,
    productId,
    externalId: `external ${productId}`,
    merchantId: 'me',
    title,
    description: title,
    brand: `maker of ${productId}`,
    homeCategoryIds: ['kitchen'],
    categoryIds: ['kitchen', productId],
    variants: [{ ...variant, listPrice: { minor, currency: 'CNY' } }],
    attributes: { volume: '0.3 l' },
    media: [],
    perPersonLimit: null,
    facets: [`glaze=ash`],
    minPriceMinor: minor,
    createdAt: 1_790_000_000_001 + minor,
    updatedAt: 1_790_000_000_002 - minor,
  }
}

it('are read as they stand when a clerk has put them on sale or away', async () => {
  const storage = createPostgresStorage({ pool: database.pool, schema: database.schema, replace })
  await database.pool.query(`truncate ${host}.goods`)
  await database.pool.query(
    `insert into ${host}.goods (goods_no, name_en, name_zh, on_sale, price_fen) values ('M1', 'Mug', '', 'draft', 1)`,
  )
  const change = "revision = revision + 1, changed_at = changed_at + interval '1 second'"
  for (const status of ['draft', 'active', 'archived'] as const) {
    await database.pool.query(`update ${host}.goods set on_sale = '${status}', ${change}`)
    const plan = { goods: row(products, 'M1') }
    const { goods } = must(await readFacts(storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan }))
    expect(goods?.state.status).toBe(status)
  }
})

it('are refused where a declared field has no column', () => {
  const { sold: _, ...columns } = goodsParts(host).columns
  const lacking = { collections: { product: { ...goodsParts(host), columns } } }
  expect(() => createPostgresStorage({ pool: database.pool, schema: database.schema, replace: lacking })).toThrow(
    'replace.collections.product has no column for sold',
  )
})

for (const form of ['transaction', 'statement', 'function'] as const) {
  const open = async () => {
    await database.pool.query(`truncate ${host}.goods, ${host}.shelf`)
    return createPostgresStorage({ pool: database.pool, schema: database.schema, replace, form })
  }
  const openGoods = async (): Promise<CollectionUnderTest<Product>> => ({
    storage: await open(),
    shop: 'main',
    collection: products,
    idOf: (place) => 'mug'.padEnd(3 + place, 'g'),
    stateOf,
  })
  const openShelf = async (): Promise<CountersUnderTest> => ({
    storage: await open(),
    shop: 'main',
    family: stockCounters,
    idOf: (place) => `mug@${place}@main`,
  })
  runContract(`products in the host's own table, by ${form}`, collectionCases<Product>(), openGoods)
  runContract(`stock in the host's own table, by ${form}`, counterCases, openShelf)
}
