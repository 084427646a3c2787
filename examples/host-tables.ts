import { createShop, describeError } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { openDatabase } from './support/database.js'
import { createHostTables, goodsParts, shelfParts } from './support/host-goods.js'
import { by, chooseMugs, examplePorts, openPost } from './support/mug-shop.js'
import { must } from './support/must.js'

// The pottery has kept its goods and shelves in tables of its own for years; its clerks go on writing to them.
const { pool, hostSchema, schema, close } = await openDatabase()
await pool.query(createHostTables(hostSchema))
await pool.query(
  "insert into goods (goods_no, name_en, name_zh, on_sale, price_fen) values ('M1', 'Mug', '马克杯', 'active', 1990)",
)
await pool.query("insert into shelf (goods_no, room, on_hand) values ('M1', 'main', 5)")

// #region replace
const storage = createPostgresStorage({
  pool,
  schema,
  replace: {
    collections: { product: goodsParts(hostSchema) },
    counters: { stock: shelfParts(hostSchema) },
  },
})
// #endregion
must(await storage.migrate())
const shop = createShop({ ...examplePorts, storage })
await openPost(shop)

const onShelf = async () => Number((await pool.query('select on_hand from shelf')).rows[0]?.on_hand)
const goods = { productId: 'M1', sku: 'M1' }
const { product, stock } = must(await shop.storefront.productPage(by('ann'), { productId: 'M1' }))
console.log(`the shop sells what the pottery entered: ${product.title.en}, ${stock[0]?.available} in stock`)

const order = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 3, goods)))
console.log(`ann ordered 3 for ${order.payableMinor} fen; on the shelf are ${await onShelf()}`)

await pool.query('update goods set price_fen = 2490, revision = revision + 1, changed_at = now()')
const bob = await chooseMugs(shop, 'bob', 2, goods)
console.log(`the pottery raised its price; bob is asked ${bob.expectedTotalMinor} fen for 2`)

await pool.query('update shelf set on_hand = on_hand - 1')
const refused = await shop.orders.place(by('bob'), bob)
if (refused.isErr()) console.log(`one was sold over the counter: ${describeError(refused.error, 'en')}`)

const cem = must(await shop.orders.place(by('cem'), await chooseMugs(shop, 'cem', 1, goods)))
const left = await onShelf()
await close()
console.log(`cem ordered the last one for ${cem.payableMinor} fen; on the shelf are ${left}`)
