import { ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { listReturns } from '../../../src/aftersales/list-returns.js'
import { returnRequests } from '../../../src/aftersales/return.collection.schema.js'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { listPayments } from '../../../src/orders/pages/list-payments.js'
import { ordersCsv, ordersJsonLines } from '../../../src/orders/pages/render-orders.js'
import { parkedFacts } from '../../../src/orders/paying/parked-fact.schema.js'
import { listUnclearPayouts } from '../../../src/orders/settlement/decide-payout.js'
import { holdReceipt } from '../../../src/orders/suspense/hold-receipt.js'
import { listParkedFacts } from '../../../src/orders/suspense/list-parked-facts.js'
import { listPaymentAlerts } from '../../../src/orders/watch/list-payment-alerts.js'
import { paymentAlerts } from '../../../src/orders/watch/payment-alert.schema.js'
import { disputes } from '../../../src/payments/dispute.schema.js'
import { heldReceipts } from '../../../src/payments/held-receipt.schema.js'
import { listDisputes } from '../../../src/payments/list-disputes.js'
import { listHeldPayments } from '../../../src/payments/list-held-payments.js'
import { listHeldReceipts } from '../../../src/payments/list-held-receipts.js'
import { listReconciliations } from '../../../src/payments/list-reconciliations.js'
import { listRefunds } from '../../../src/payments/list-refunds.js'
import { payments } from '../../../src/payments/payment.schema.js'
import { payouts } from '../../../src/payments/payout.schema.js'
import { reconciliations } from '../../../src/payments/reconciliation.schema.js'
import { refunds } from '../../../src/payments/refund.schema.js'
import type { Collection } from '../../../src/shared/collection.js'
import { put } from '../../../src/shared/commit.js'
import type { JsonObject } from '../../../src/shared/json.js'
import type { CommandContext } from '../../../src/shared/run-command.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const bad = ['bad-1', 'bad-2', 'bad-3']
const merchant: CommandContext = { actor: { kind: 'merchant', merchantId: 'self' }, key: 'merchant' }

/** Rows as nobody writes them, one for each moment. */
const spoil = async <State>(
  shop: TestShop,
  collection: Collection<State>,
  { at, ...state }: JsonObject & { readonly at: readonly JsonObject[] },
) => {
  const broken: Collection<JsonObject> = { ...collection, parse: (stored) => ok(stored as JsonObject) }
  await commit(
    shop,
    bad.map((id, place) => put(broken, { id, version: 0, state: { ...state, ...at[place] } })),
  )
}

const moments = (field: string, from: number) => bad.map((_, place) => ({ [field]: from + place }))

type Page = { readonly unreadable: readonly string[]; readonly next: object | null }
type Ask = (input: { limit: number; after?: never }) => Promise<Page>

/** Every page of a list, one row at a time: the ids of what cannot be read, and how many other rows it shows. */
const walk = async (ask: Ask) => {
  const unreadable: string[] = []
  let shown = 0
  let after: object | null | undefined
  for (let pages = 0; pages < 20; pages += 1) {
    const page: Page = await ask({ limit: 1, ...(after ? { after: after as never } : {}) })
    unreadable.push(...page.unreadable)
    shown += Object.values(page).filter(Array.isArray).flat().length - page.unreadable.length
    after = page.next
    if (after === null) return { unreadable: unreadable.sort(), shown }
  }
  throw new Error('The list has no end.')
}

const sell = async (shop: TestShop, buyer: string) => {
  await fillCart(shop, buyer, [['kettle', 1]])
  return (await place(shop, buyer)).orderId
}

describe('a row that cannot be read', () => {
  it('keeps no other from the lists of what waits, and is named by each to whoever may see all', async () => {
    const shop = await openShop()
    const orderId = await sell(shop, 'ann')
    await pay(shop, 'ann', orderId)
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InsufficientFunds' })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    const line = { gatewayId: 'sandbox', reference: 'L1', amountMinor: 500, currency: 'CNY' } as const
    value(await holdReceipt(shop, byStaff(), line))
    const amiss = await sell(shop, 'bob')
    shop.gateway.script({ kind: 'otherAmount', minor: 1 })
    await pay(shop, 'bob', amiss)

    const now = shop.clock.now()
    await spoil(shop, refunds, { status: 'failed', amountMinor: 1, at: moments('requestedAt', 1) })
    await spoil(shop, heldReceipts, { status: 'held', at: moments('recordedAt', 1) })
    await spoil(shop, disputes, { status: 'evidenceDue', at: bad.map((_, n) => ({ known: { firstAt: n + 1 } })) })
    await spoil(shop, payouts, { status: 'unclear', submittedAt: 1, at: moments('unclearSince', 1) })
    await spoil(shop, reconciliations, { openCount: 1, at: bad.map((_, n) => ({ day: `2026-03-0${n + 1}` })) })
    await spoil(shop, parkedFacts, { status: 'open', at: moments('at', 1) })
    await spoil(shop, paymentAlerts, { status: 'open', at: moments('at', 1) })
    await spoil(shop, returnRequests, {
      status: 'requested',
      at: ['personal', 'standard', 'standard'].map((service, n) => ({ service, requestedAt: n + 1 })),
    })
    await spoil(shop, payments, {
      ...{ toDecide: true, unheardSince: 1, status: 'unknown', refundReservedMinor: 0, refundedMinor: 0 },
      at: moments('startedAt', now + 1),
    })
    await spoil(shop, orders, { status: 'paid', hold: { until: 1 }, at: moments('placedAt', now + 1) })

    const staff = byStaff()
    const lists: Readonly<Record<string, [Ask, shown: number]>> = {
      refunds: [async (input) => value(await listRefunds(shop, staff, input)), 1],
      receipts: [async (input) => value(await listHeldReceipts(shop, staff, input)), 1],
      disputes: [async (input) => value(await listDisputes(shop, staff, input)), 0],
      unclearPayouts: [async (input) => value(await listUnclearPayouts(shop, staff, input)), 0],
      reconciliations: [async (input) => value(await listReconciliations(shop, staff, { ...input, open: true })), 0],
      parkedFacts: [async (input) => value(await listParkedFacts(shop, staff, input)), 0],
      paymentAlerts: [async (input) => value(await listPaymentAlerts(shop, staff, input)), 0],
      returns: [async (input) => value(await listReturns(shop, staff, input)), 0],
      held: [async (input) => value(await listHeldPayments(shop, staff, input)), 1],
      unheard: [async (input) => value(await listHeldPayments(shop, staff, { ...input, unheard: true })), 0],
      orders: [async (input) => value(await listOrders(shop, staff, input)), 2],
      found: [async (input) => value(await listOrders(shop, staff, { ...input, text: 'kettle' })), 2],
      heldOrders: [async (input) => value(await listOrders(shop, staff, { ...input, held: true })), 0],
      bills: [async (input) => value(await listBills(shop, staff, input)), 2],
    }
    for (const [name, [ask, shown]] of Object.entries(lists)) {
      expect([name, await walk(ask)]).toEqual([name, { unreadable: bad, shown }])
    }
  })

  it('is named to nobody who may see their own alone', async () => {
    const shop = await openShop()
    const orderId = await sell(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const later = {
      status: 'paid',
      accountId: 'ann',
      merchantId: 'self',
      at: moments('placedAt', shop.clock.now() + 1),
    }
    await spoil(shop, orders, later)
    for (const context of [by('ann'), merchant]) {
      const page = value(await listOrders(shop, context, {}))
      expect([page.orders.map((order) => order.orderId), page.unreadable]).toEqual([[orderId], []])
      expect(await walk(async (input) => value(await listBills(shop, context, input)))).toEqual({
        unreadable: [],
        shown: 1,
      })
    }
  })

  it('is named beside the other payments and refunds of its order', async () => {
    const shop = await openShop()
    const orderId = await sell(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const none = { refundReservedMinor: 0, refundedMinor: 0 }
    await spoil(shop, payments, { orderId, accountId: 'ann', status: 'unknown', ...none, at: moments('startedAt', 1) })
    await spoil(shop, refunds, {
      orderId,
      accountId: 'ann',
      amountMinor: 1,
      paymentId: 'bad-1',
      at: moments('requestedAt', 1),
    })
    const seen = value(await listPayments(shop, byStaff(), { orderId }))
    expect([seen.payments.length, seen.refunds.length, [...seen.unreadable].sort()]).toEqual([1, 0, bad])
    const own = value(await listPayments(shop, by('ann'), { orderId }))
    expect([own.payments.length, own.refunds.length, own.unreadable]).toEqual([1, 0, []])
  })

  it('stands in an export of orders by its id, so that nobody takes it for whole', async () => {
    const shop = await openShop()
    await sell(shop, 'ann')
    await spoil(shop, orders, { status: 'paid', at: moments('placedAt', 1) })
    const page = value(await listOrders(shop, byStaff(), {}))
    const csv = ordersCsv(page, { locale: 'en', withHeader: true }).trim().split('\r\n')
    expect(csv).toHaveLength(1 + 1 + 3)
    expect(csv.slice(2).map((row) => row.split(','))).toEqual(
      ['bad-3', 'bad-2', 'bad-1'].map((id) => [id, 'Not readable', '', '', '', '', '', '', '']),
    )
    const lines = ordersJsonLines(page).trim().split('\n')
    expect(lines.slice(1).map((row) => JSON.parse(row))).toEqual(
      ['bad-3', 'bad-2', 'bad-1'].map((orderId) => ({ orderId, unreadable: true })),
    )
  })
})
