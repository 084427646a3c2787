// Money that goes back to where it came from: some pieces first, an answer that is lost on the way, then no more than was paid.
import { createShop } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

let now = Date.UTC(2026, 10, 11, 2)
const clock = { now: () => now }
const gateway = createSandboxGateway({ now: clock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] })
const shop = createShop({ ...examplePorts, clock, gateways: { sandbox: gateway }, storage: createMemoryStorage() })
await sellMugs(shop, 10)
const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
must(await shop.orders.pay(by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
const { lines } = must(await shop.orders.page(by('ann'), { orderId }))
const one = [{ lineId: lines[0]?.lineId ?? '', quantity: 1 }]

// #region part
const first = must(await shop.orders.refund(byStaff(), { orderId, reason: 'goodwill', lines: one }))
console.log(`one mug: ${first.cashMinor} fen, ${first.status}`)
// #endregion

// #region unknown
gateway.scriptRefund({ kind: 'timeout', refunded: true, delivery: { times: 0 } })
const second = must(
  await shop.orders.refund(byStaff(), { orderId, reason: 'goodwill', lines: one, withShipping: true }),
)
console.log(`the other, and carriage: ${second.cashMinor} fen, ${second.status}`)
now += 60_000
must(await shop.upkeep.settleRefunds({ limit: 100 }))
// #endregion

// #region most
const third = await shop.orders.refund(byStaff(), { orderId, reason: 'goodwill', lines: one })
console.log(third.isErr() ? `a third is refused: ${third.error.type}` : 'refunded twice')
// #endregion
const page = must(await shop.orders.page(by('ann'), { orderId }))
const back = page.refunds.reduce((sum, refund) => sum + refund.cashMinor, 0)
console.log(`refunded ${page.refund}: ${back} of ${page.totals.payableMinor} fen in ${page.refunds.length} refunds`)
