import { createShop } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { openDatabase } from './support/database.js'
import { by, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

const { pool, schema, close } = await openDatabase()

// #region storage
const storage = createPostgresStorage({ pool, schema })
must(await storage.migrate())

// Two shops in one database: each sees its own rows, and no call can cross.
const north = createShop({ ...examplePorts, storage, shop: 'north' })
const south = createShop({ ...examplePorts, storage, shop: 'south' })
// #endregion

await sellMugs(north, 5)
await sellMugs(south, 9)
must(await north.orders.place(by('ann'), await chooseMugs(north, 'ann', 2)))
const leftIn = async (shop: typeof north) =>
  must(await shop.inventory.stockOf(by('ann'), { skus: ['mug'] })).lines[0]?.available
const left = { north: await leftIn(north), south: await leftIn(south) }
await close()
console.log(`mugs left: ${left.north} in the north, ${left.south} in the south`)
