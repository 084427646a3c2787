// A payment whose answer was lost is learned from the gateway's bill, and what does not fit is kept for a person.
import { createShop, type GatewayBillRow } from 'shopwright'
import { createSandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from './support/mug-shop.js'
import { must } from './support/must.js'

let now = Date.UTC(2026, 10, 11, 2) // ten in the morning in Shanghai
const clock = { now: () => now }
const sandbox = createSandboxGateway({ now: clock.now, keys: [{ keyId: 'k1', secret: 'sandbox' }] })
const shop = createShop({ ...examplePorts, clock, gateways: { sandbox }, storage: createMemoryStorage() })
await sellMugs(shop, 10)

const buy = async (buyer: string) => {
  const { orderId } = must(await shop.orders.place(by(buyer), await chooseMugs(shop, buyer, 1)))
  must(await shop.orders.pay(by(buyer), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
  return orderId
}
await buy('ann')
await buy('bob')
// Cem is charged, and nobody here hears of it.
sandbox.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
const lost = await buy('cem')

// The file of the day, as an adapter reads it; here the sandbox's own books, with a cent more for Ann's order.
const bill = sandbox.books().payments.map(
  ({ attemptRef, gatewayRef, currency, capturedMinor, at }, place): GatewayBillRow => ({
    kind: 'payment',
    reference: attemptRef,
    attemptRef,
    gatewayRef,
    status: 'succeeded',
    currency,
    amountMinor: place === 0 ? capturedMinor + 1 : capturedMinor,
    fee: { value: 600, scale: 5 },
    at,
  }),
)

now += 24 * 3_600_000
// #region reconcile
const day = { gatewayId: 'sandbox', day: '2026-11-11', timeZone: 'Asia/Shanghai' }
const result = must(await shop.orders.reconcileBill(byStaff(), { ...day, source: bill }))
for (const { kind, orderId, ours, theirs } of result.findings) {
  console.log(`${kind}: order ${orderId}, ${ours?.amountMinor} here, ${theirs?.amountMinor} there`)
}
// #endregion
const { state } = must(await shop.orders.page(by('cem'), { orderId: lost }))
// #region statement
const sheet = must(await shop.orders.statement(byStaff(), { from: now - 48 * 3_600_000, to: now + 1 }))
console.log(sheet.sums?.map(({ currency, paidMinor, feeMinor }) => `${currency} ${paidMinor} paid, ${feeMinor} kept`))
// #endregion
console.log(`learned ${result.learned}, findings ${result.findingCount}; the lost order is ${state}`)
