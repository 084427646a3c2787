import { createShop } from 'shopwright'
import { afterEach, describe, expect, it } from 'vitest'
import type { GatewayBills } from '../../../adapters/gateways/bills.js'
import { createPayPalBills } from '../../../adapters/gateways/paypal/index.js'
import { createStripeBills } from '../../../adapters/gateways/stripe/index.js'
import { createMemoryStorage } from '../../../adapters/memory/index.js'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from '../../../examples/support/mug-shop.js'
import { must } from '../../../examples/support/must.js'
import { createCloser } from './loopback.js'
import { account as payPalAccount } from './paypal/fake-server.js'
import { openPayPal } from './paypal/paypal-world.js'
import { type SaleOver, sellOver } from './sell-over.js'
import { account as stripeAccount } from './stripe/fake-server.js'
import { openStripe, t0 } from './stripe/stripe-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

type Opened = Pick<SaleOver, 'gateway' | 'method' | 'pay' | 'takeNotifications'> & { readonly bills: GatewayBills }

const overPayPal = async (now: () => number): Promise<Opened> => {
  const { gateway, server, takeNotifications } = keep(await openPayPal({}, now))
  server.letPayerWait()
  const bills = must(createPayPalBills({ baseUrl: server.baseUrl, ...payPalAccount }))
  return { gateway, method: 'payPal', pay: async (attempt) => server.approve(attempt), takeNotifications, bills }
}

const overStripe = async (now: () => number): Promise<Opened> => {
  const { gateway, server, takeNotifications } = keep(await openStripe({}, now))
  server.letPayerWait()
  const bills = must(await createStripeBills({ baseUrl: server.baseUrl, ...stripeAccount }))
  return { gateway, method: 'creditCard', pay: async (attempt) => server.pay(attempt), takeNotifications, bills }
}

describe.each([
  ['PayPal', overPayPal],
  ['Stripe', overStripe],
] as const)('a sale over %s', (_, open) => {
  it('and its refund are what the gateway’s own bill of the day says, and without them it is not', async () => {
    let now = t0
    const { bills, ...world } = await open(() => now)
    const { shop } = await sellOver({ ...world, now: () => now })
    now += 86_400_000
    const day = '2026-03-02'
    const rows = must(await bills.fetchTradeBill({ day, at: now }))
    expect(rows.map(({ kind }) => kind).sort()).toEqual(['payment', 'refund'])
    const of = { gatewayId: world.gateway.gatewayId, day, timeZone: 'UTC' }
    expect(must(await shop.orders.reconcileBill(byStaff(), { ...of, source: [] })).findingCount).toBeGreaterThan(0)
    const whole = must(await shop.orders.reconcileBill(byStaff(), { ...of, source: rows }))
    expect(whole.findings).toEqual([])
    const dearer = rows.map((row) => (row.kind === 'refund' ? { ...row, amountMinor: row.amountMinor + 1 } : row))
    const other = must(await shop.orders.reconcileBill(byStaff(), { ...of, source: dearer }))
    expect(other.findings.map(({ kind }) => kind)).toEqual(['amountDiff'])
  })
})

it('a payment that the bill of Stripe tells of alone is given back like any other', async () => {
  let now = t0
  const { bills, gateway, method, pay } = await overStripe(() => now)
  const { gatewayId } = gateway
  const storage = createMemoryStorage()
  const shop = createShop({ ...examplePorts, clock: { now: () => now }, storage, gateways: { [gatewayId]: gateway } })
  await sellMugs(shop, 5)
  const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
  const { paymentId } = must(await shop.orders.pay(by('ann'), { orderId, gatewayId, method }))
  await pay(paymentId)
  now += 86_400_000
  const day = '2026-03-02'
  const source = must(await bills.fetchTradeBill({ day, at: now }))
  const said = must(await shop.orders.reconcileBill(byStaff(), { gatewayId, day, timeZone: 'UTC', source }))
  expect(said).toMatchObject({ learned: 1, findingCount: 0 })
  const { state, lines } = must(await shop.orders.page(by('ann'), { orderId }))
  expect(state).toBe('awaitingShipment')
  const pieces = [{ lineId: lines[0]?.lineId ?? '', quantity: 1 }]
  must(await shop.orders.refund(byStaff(), { orderId, reason: 'goodwill', lines: pieces }))
  must(await shop.upkeep.settleRefunds({ limit: 10 }))
  const { refund } = must(await shop.orders.page(by('ann'), { orderId }))
  expect(refund).toBe('partly')
})
