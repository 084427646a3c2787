// A payment that its gateway divides among a merchant and a partner, and what it takes back before a refund leaves.
import { createShop, defaultShopPolicy } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, byStaff, chooseMugs, examplePorts, mug, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

const clock = { now: () => Date.UTC(2026, 10, 11, 2) }
// #region gateway
const splits = { payees: { me: 'account-of-the-merchant', agency: 'account-of-the-agency' } }
const sandbox = createSandboxGateway({ now: clock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }], splits })
const shop = createShop({ ...examplePorts, clock, gateways: { sandbox }, storage: createMemoryStorage() })
// #endregion
const { policyId: _, ...policy } = defaultShopPolicy
const rates = [{ merchantId: null, platformBasisPoints: 1_000, partners: [{ payee: 'agency', basisPoints: 250 }] }]
must(await shop.orders.savePolicy(byStaff(), { ...policy, settlement: { afterWorkingDays: 0, rates } }))
await sellMugs(shop, 10)

must(await shop.cart.addLine(by('ann'), { ...mug, quantity: 2 }))
const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
must(await shop.orders.pay(by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
must(await shop.orders.ship(byStaff(), { orderId, carrier: 'post', trackingNumber: 'P1' }))
must(await shop.orders.confirmReceipt(by('ann'), { orderId }))
must(await shop.orders.complete(byStaff(), { orderId }))
// #region divide
must(await shop.upkeep.releaseShares({ limit: 100 }))
must(await shop.upkeep.splitShares({ limit: 100 }))
// #endregion
const told = () => sandbox.books().splits.map(({ amountMinor, returnedMinor }) => amountMinor - returnedMinor)
console.log(`divided: ${told().join(' and ')}`)

const { lines } = must(await shop.orders.page(by('ann'), { orderId }))
const back = lines.map(({ lineId }) => ({ lineId, quantity: 1 }))
must(await shop.orders.refund(byStaff(), { orderId, reason: 'goodwill', lines: back }))
console.log(`after the refund: ${told().join(' and ')}`)
