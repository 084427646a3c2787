// An order of two merchants: shared with the platform, paid out two working days later, a refund set off afterwards.
import { okAsync } from 'neverthrow'
import { createShop, defaultShopPolicy, type PayoutPort, productIdOf, type WorkCalendar } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, byStaff, chooseMugs, examplePorts, mug, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

let now = Date.UTC(2026, 10, 11, 2)
const clock = { now: () => now }
const gateways = { sandbox: createSandboxGateway({ now: clock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] }) }
// #region ports
const workCalendar: WorkCalendar = { coveredFrom: '2026-11-01', coveredTo: '2026-12-31', holidays: [], makeUpDays: [] }
const payouts: PayoutPort = {
  send: ({ payee, amount }) => {
    console.log(`bank: ${amount.minor} to ${payee}`)
    return okAsync({ kind: 'ok', value: { payoutRef: null } })
  },
}
const storage = createMemoryStorage()
const shop = createShop({ ...examplePorts, clock, gateways, workCalendar, payouts, storage })
// #endregion
// #region terms
const { policyId: _, ...policy } = defaultShopPolicy
const rates = [{ merchantId: null, platformBasisPoints: 1_000, partners: [{ payee: 'agency', basisPoints: 250 }] }]
must(await shop.orders.savePolicy(byStaff(), { ...policy, settlement: { afterWorkingDays: 2, rates } }))
// #endregion
await sellMugs(shop, 10)
const source = [{ externalId: 'bowl', title: { en: 'Bowl' }, price: '40.00', categoryPath: ['Kitchen'] }]
const file = { importId: 'bowls', format: 'rows', merchantId: 'potter', currency: 'CNY', source } as const
must(await shop.catalog.importProducts(byStaff(), file))
must(await shop.inventory.receive(byStaff(), { reference: 'bowls', lines: [{ sku: 'bowl', quantity: 5 }] }))

must(await shop.cart.addLine(by('ann'), { ...mug, quantity: 1 }))
const bowl = { productId: productIdOf('potter', 'bowl'), sku: 'bowl' }
const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2, bowl)))
must(await shop.orders.pay(by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
must(await shop.orders.ship(byStaff(), { orderId, carrier: 'post', trackingNumber: 'P1' }))
must(await shop.orders.confirmReceipt(by('ann'), { orderId }))
must(await shop.orders.complete(byStaff(), { orderId }))

// #region payout
now += 3 * 24 * 3_600_000
must(await shop.upkeep.releaseShares({ limit: 100 }))
const potter = { payee: 'potter', currency: 'CNY' }
must(await shop.orders.payOut(byStaff(), potter))
// #endregion
const { lines } = must(await shop.orders.page(by('ann'), { orderId }))
const back = lines.filter(({ sku }) => sku === 'bowl').map(({ lineId }) => ({ lineId, quantity: 1 }))
must(await shop.orders.refund(byStaff(), { orderId, reason: 'goodwill', lines: back }))
const balance = must(await shop.orders.payee(byStaff(), potter))
console.log(`potter: ${balance.paidOutMinor} paid out, ${balance.owedMinor} of it owed back`)
