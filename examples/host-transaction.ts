import { okAsync } from 'neverthrow'
import { createShop, describeError, type HostReaction, type PlaceOrderInput } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { openDatabase } from './support/database.js'
import { by, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

// A pottery books courses in a table of its own; whoever books a course orders the mugs for it in the same transaction.
const { pool, schema, close } = await openDatabase()
await pool.query('create table booking (guest text primary key, course text not null, order_number text)')
const storage = createPostgresStorage({ pool, schema })
must(await storage.migrate())
// #region reaction
const packing: HostReaction<'order/OrderPlaced'> = {
  name: 'pottery.pack',
  listensTo: ['order/OrderPlaced'],
  react: (_, { body }) => {
    console.log(`the relay: an order of ${body.facts.lines.length} line to pack`)
    return okAsync(undefined)
  },
}
const shop = createShop({ ...examplePorts, storage, reactions: [packing] })
// #endregion
await sellMugs(shop, 5)

// #region within
/** Books a course and orders its mugs. Where the mugs have run out the guest is booked without them; else it is both or neither. */
const book = async (guest: string, choice: PlaceOrderInput) => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const placed = await shop.within(client).orders.place(by(guest), choice)
    if (placed.isErr() && placed.error.type !== 'OutOfStock') {
      await client.query('rollback')
      return placed
    }
    const orderNumber = placed.map((order) => order.orderNumber).unwrapOr(null)
    const row = [guest, 'Throwing a mug', orderNumber]
    await client.query('insert into booking (guest, course, order_number) values ($1, $2, $3)', row)
    await client.query('commit')
    return placed
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}
// #endregion

const annChoice = await chooseMugs(shop, 'ann', 3)
const bobChoice = await chooseMugs(shop, 'bob', 3)

const ann = must(await book('ann', annChoice))
console.log(`ann: booked, with an order of ${ann.payableMinor} fen`)

const bob = await book('bob', bobChoice)
if (bob.isErr()) console.log(`bob: booked without mugs: ${describeError(bob.error, 'en')}`)

// Nobody is booked twice: the host's own constraint takes the order back with the booking.
const outcome = await book('ann', await chooseMugs(shop, 'ann', 1)).then(
  () => 'booked twice',
  () => 'refused by the pottery, and the order is gone with it',
)
console.log(`ann again: ${outcome}`)

// What was committed is delivered afterwards; what was rolled back never happened.
while (must(await shop.upkeep.relay({ worker: 'example' })).delivered > 0);

const bookings = await pool.query('select guest, order_number from booking order by guest')
const orders = must(await shop.orders.list(by('ann'), { limit: 10 })).orders.length
const { lines } = must(await shop.inventory.stockOf(by('ann'), { skus: ['mug'] }))
await close()
const booked = bookings.rows.map((row) => `${row.guest} ${row.order_number === null ? 'without' : 'with'} mugs`)
console.log(`booked: ${booked.join(', ')}; orders: ${orders}; mugs left: ${lines[0]?.available}`)
