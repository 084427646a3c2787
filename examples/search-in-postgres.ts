import { createShop } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { openDatabase } from './support/database.js'
import { by, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

const { pool, schema, close } = await openDatabase()

// #region move
const storage = createPostgresStorage({ pool, schema })
must(await storage.migrate())
const shop = createShop({ ...examplePorts, storage, catalogIndex: storage.catalogIndex })
// #endregion

await sellMugs(shop, 5)
const find = async (text: string): Promise<number> => must(await shop.catalog.searchProducts(by('ann'), { text })).total
const before = await find('mug')

// #region seal
// Once at first, then now and then: when some hundredth of the catalog has changed.
const { status, products } = must(await shop.upkeep.sealCatalog({ leastChanged: 1 }))
// #endregion

const after = await find('mug')
await close()
console.log(`${status}: ${products} product, found ${before} before and ${after} after`)
