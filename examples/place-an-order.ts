// Placing an order: an address that is kept, what the order comes to, a price that changed in between, and the shop's list.
import { createShop } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { ordersCsv } from 'shopwright/orders'
import { methodSafetyTips } from 'shopwright/payments'
import { by, byStaff, examplePorts, mug, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

const shop = createShop({ ...examplePorts, storage: createMemoryStorage() })
await sellMugs(shop, 10)
must(await shop.cart.addLine(by('ann'), { ...mug, quantity: 2 }))

// #region address
const home = { name: '安妮', phone: '13800000000', region: 'CN-31', city: '上海', address: '世纪大道 1 号' }
const { addressId } = must(await shop.orders.saveAddress(by('ann'), { recipient: home }))
// #endregion

// #region preview
const choice = { shippingMethodId: 'post', paymentMethod: 'wechatPay' } as const
const shown = must(await shop.orders.preview(by('ann'), { ...choice, region: home.region }))
console.log(`to pay: ${shown.totals.payableMinor} fen. ${methodSafetyTips.wechatPay.en}`)
// #endregion

// The shop asks 2.00 more for a mug while the buyer reads.
const dearer = [{ externalId: 'mug', title: { en: 'Mug' }, price: '21.90', categoryPath: ['Kitchen'] }]
const file = { importId: 'second', format: 'rows', merchantId: 'me', currency: 'CNY', source: dearer } as const
must(await shop.catalog.importProducts(byStaff(), file))

// #region place
const order = { ...choice, recipient: { addressId } }
const seen = await shop.orders.place(by('ann'), { ...order, expectedTotalMinor: shown.totals.payableMinor })
if (seen.isOk() || seen.error.type !== 'PriceChanged') throw new Error('The buyer was shown another price.')
console.log(`it costs ${seen.error.differenceMinor} fen more now`)

// Once the buyer has agreed to what it costs now.
const placed = must(await shop.orders.place(by('ann'), { ...order, expectedTotalMinor: seen.error.actualMinor }))
// #endregion

// #region list
const waiting = { state: 'awaitingPayment', limit: 50 } as const
const first = must(await shop.orders.list(byStaff(), waiting))
console.log(ordersCsv(first, { locale: 'en', withHeader: true }))
const more = first.next === null ? null : must(await shop.orders.list(byStaff(), { ...waiting, after: first.next }))
// #endregion

console.log(`${placed.status}: ${first.orders.length + (more?.orders.length ?? 0)} order in the list`)
