import { afterEach, describe, expect, it } from 'vitest'
import type { GatewayBills } from '../../../adapters/gateways/bills.js'
import { createPayPalBills } from '../../../adapters/gateways/paypal/index.js'
import { createStripeBills } from '../../../adapters/gateways/stripe/index.js'
import { byStaff } from '../../../examples/support/mug-shop.js'
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
