// An order that leaves in two parcels: one is lost, its money goes back to where it came from, the rest is completed.
import { createShop } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

const shop = createShop({ ...examplePorts, storage: createMemoryStorage() })
await sellMugs(shop, 10)
const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 3)))
must(await shop.orders.pay(by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
const { lines } = must(await shop.orders.page(by('ann'), { orderId }))
const lineId = lines[0]?.lineId ?? ''

// #region parcels
const one = [{ lineId, quantity: 1 }]
const post = { orderId, carrier: 'post' }
const first = must(await shop.orders.ship(byStaff(), { ...post, trackingNumber: 'P1', lines: one }))
const second = must(await shop.orders.ship(byStaff(), { ...post, trackingNumber: 'P2' }))
console.log(`${first.status}, then ${second.status}`)
must(await shop.orders.recordLoss(byStaff(), { parcelId: first.parcelId }))
must(await shop.orders.recordDelivery(byStaff(), { parcelId: second.parcelId }))
// #endregion

// #region refund
const refund = must(await shop.orders.refund(byStaff(), { orderId, reason: 'lost', lines: one }))
console.log(`refund of ${refund.cashMinor} fen: ${refund.status}`)
must(await shop.orders.complete(byStaff(), { orderId }))
// #endregion
const page = must(await shop.orders.page(by('ann'), { orderId }))
console.log(`the order is ${page.state}, refunded ${page.refund}`)
