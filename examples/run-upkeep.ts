// What a host starts every minute: an order is not paid in time, and one turn closes it, frees its mugs and tells the buyer.
import { createShop } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

let now = Date.UTC(2026, 10, 11, 2)
const shop = createShop({ ...examplePorts, clock: { now: () => now }, storage: createMemoryStorage() })
await sellMugs(shop, 10)
const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))

// #region turn
const runTurn = async () => {
  const { done, troubles } = must(await shop.upkeep.runAll({ worker: 'server-1' }))
  for (const { task, id, reason } of troubles) console.error(`${task} ${id ?? ''}: ${reason}`)
  return done
}
// One turn after the other, never two at once: for (;;) { await runTurn(); await sleep(60_000) }
// #endregion

now += 31 * 60_000
const { closeUnpaidOrders, relay } = await runTurn()
console.log(`closed ${closeUnpaidOrders?.done}; events delivered: ${relay?.delivered}`)
console.log(`the order is ${must(await shop.orders.page(by('ann'), { orderId })).state}`)
