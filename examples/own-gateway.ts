import { createShop } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { createCornerPay } from './support/corner-pay.js'
import { startCornerPayServer } from './support/corner-pay-server.js'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

// A provider the library has never heard of; here a server of our own stands in for it.
const merchant = { merchantId: 'pottery', apiKey: 'key of the pottery', signingSecret: 'secret of the pottery' }
let later = 0
const clock = { now: () => examplePorts.clock.now() + later }
const provider = await startCornerPayServer(merchant, clock.now)

// #region gateway
const cornerPay = createCornerPay({ baseUrl: provider.baseUrl, ...merchant })
const shop = createShop({
  ...examplePorts,
  clock,
  storage: createMemoryStorage(),
  gateways: { [cornerPay.gatewayId]: cornerPay },
})
// #endregion
await sellMugs(shop, 5)

const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
const choice = { orderId, gatewayId: 'cornerPay', method: 'eCny' } as const

provider.letPayerWait()
const shown = must(await shop.orders.pay(by('ann'), choice))
console.log(`ann is shown ${shown.next?.kind === 'qr' ? `the code ${shown.next.content}` : 'nothing'}`)

// The payer pays; the provider says so, unasked, to an address of the host, which hands over the bytes as they came.
provider.pay(shown.paymentId)
for (const { body, headers } of provider.takeNotifications()) {
  const forged = Uint8Array.from(body, (byte, place) => (place === 40 ? byte ^ 1 : byte))
  const refused = must(await shop.orders.receiveNotification({ gatewayId: 'cornerPay', body: forged, headers }))
  console.log(`a forged notification is ${refused.outcome}, and answered with ${refused.acknowledgement.status}`)
  const handled = must(await shop.orders.receiveNotification({ gatewayId: 'cornerPay', body, headers }))
  console.log(`the true one is ${handled.outcome}, and answered with ${handled.acknowledgement.status}`)
}

// The answer to a refund is lost on the way: the shop asks what became of it, and nothing goes back twice.
const page = must(await shop.orders.page(by('ann'), { orderId }))
const lines = [{ lineId: page.lines[0]?.lineId ?? '', quantity: 1 }]
provider.loseNextAnswer(true)
const refund = must(await shop.orders.refund(byStaff(), { orderId, reason: 'goodwill', lines }))
console.log(`the refund of ${refund.cashMinor} fen is ${refund.status}`)
later = 3_600_000
must(await shop.upkeep.settleRefunds({ limit: 10 }))
const settled = must(await shop.orders.page(by('ann'), { orderId }))
await provider.stop()
console.log(`order ${page.state}; refund: ${settled.refund}`)
