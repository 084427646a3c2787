// Paying an order: refused once, then an answer that is lost on the way, then found out without paying twice.
import { createShop } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

let now = Date.UTC(2026, 10, 11, 2)
const clock = { now: () => now }
const gateway = createSandboxGateway({ now: clock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] })
const shop = createShop({ ...examplePorts, clock, gateways: { sandbox: gateway }, storage: createMemoryStorage() })
await sellMugs(shop, 10)

const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
const payment = { orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const

// #region failure
gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
const first = must(await shop.orders.pay(by('ann'), payment))
console.log(`first attempt: ${first.paymentStatus}, ${first.failure}; the order is ${first.orderStatus}`)
// #endregion

// #region unknown
gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
const second = must(await shop.orders.pay(by('ann'), payment))
console.log(`second attempt: ${second.paymentStatus}`)

// Paying again asks the gateway what came of it first, and it does not answer.
gateway.scriptQuery({ kind: 'timeout' })
const third = await shop.orders.pay(by('ann'), payment)
console.log(third.isErr() ? `a third is refused: ${third.error.type}` : 'paid twice')
// #endregion

// #region sweep
now += 60_000
must(await shop.upkeep.settlePayments({ limit: 100 }))
const page = must(await shop.orders.page(by('ann'), { orderId }))
const paid = page.attempts.filter(({ status }) => status === 'captured').length
console.log(`the order is ${page.state}: ${page.attempts.length} attempts, ${paid} of them paid`)
// #endregion
