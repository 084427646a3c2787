import { createShop, type PointsEntry, totalsAt } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

// A year passes in this example, so it has a clock of its own. Days are those of Shanghai.
let now = Date.parse('2026-01-10T12:00:00+08:00')
const clock = { now: () => now }
const gateways = { sandbox: createSandboxGateway({ now: clock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] }) }
const shop = createShop({ ...examplePorts, clock, gateways, storage: createMemoryStorage() })
await sellMugs(shop, 100)

const buy = async (points: number): Promise<string> => {
  const { expectedTotalMinor, ...choice } = await chooseMugs(shop, 'ann', 10)
  const asked = { ...choice, ...(points === 0 ? {} : { points }) }
  const preview = { shippingMethodId: choice.shippingMethodId, region: choice.recipient.region }
  const { totals } = must(await shop.orders.preview(by('ann'), { ...preview, ...(points === 0 ? {} : { points }) }))
  const order = must(await shop.orders.place(by('ann'), { ...asked, expectedTotalMinor: totals.payableMinor }))
  must(await shop.orders.pay(by('ann'), { orderId: order.orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
  return order.orderId
}
const complete = async (orderId: string): Promise<void> => {
  must(await shop.orders.ship(byStaff(), { orderId, carrier: 'sf-express', trackingNumber: orderId }))
  must(await shop.orders.confirmReceipt(by('ann'), { orderId }))
  must(await shop.orders.complete(byStaff(), { orderId }))
}
const show = async (what: string): Promise<readonly PointsEntry[]> => {
  const page = must(await shop.membership.pointsPage(by('ann'), { limit: 100 }))
  const pending = page.pending.reduce((sum, { points }) => sum + points, 0)
  console.log(`${what.padEnd(34)} to spend ${page.available}, to come ${pending}, owed ${page.debt}`)
  return page.entries
}

// #region earn
// Ten mugs at 19.90 are 199.00, and a yuan brings a point; they can be spent once the order is complete.
const first = await buy(0)
await show('an order is paid')
await complete(first)
await show('it is complete')
// #endregion

// #region spend
now = Date.parse('2026-12-20T12:00:00+08:00')
const second = await buy(100)
await complete(second)
await show('100 points paid 1.00 of another')
// #endregion

// #region expire
now = Date.parse('2027-01-11T00:00:00+08:00')
must(await shop.upkeep.sweepPoints({ limit: 100 }))
await show('the first points are a year old')
// #endregion

// #region refund
now = Date.parse('2027-01-15T12:00:00+08:00')
const [line] = must(await shop.orders.page(by('ann'), { orderId: second })).lines
const lines = [{ lineId: line?.lineId ?? '', quantity: 5 }]
must(await shop.orders.refund(byStaff(), { orderId: second, reason: 'returned', lines }))
const entries = await show('half of the second order comes back')
// #endregion

// #region balance
const { minted, spent, expired, clawedBack, lots } = totalsAt(entries, now)
console.log(`given ${0 - minted} = spent ${spent} + expired ${expired} + taken back ${clawedBack} + left ${lots}`)
// #endregion
