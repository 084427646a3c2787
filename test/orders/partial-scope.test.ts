import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { reconcileBill } from '../../src/orders/books/reconcile-bill.js'
import { recordGatewayPayout } from '../../src/orders/books/record-gateway-payout.js'
import { resolveFindings } from '../../src/orders/books/resolve-findings.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../src/orders/pages/order-page.js'
import { parkedFacts } from '../../src/orders/paying/parked-fact.schema.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { holdReceipt, returnReceipt } from '../../src/orders/suspense/hold-receipt.js'
import { listParkedFacts } from '../../src/orders/suspense/list-parked-facts.js'
import { resolveParkedFact } from '../../src/orders/suspense/resolve-parked-fact.js'
import { listPaymentAlerts } from '../../src/orders/watch/list-payment-alerts.js'
import { raiseAlert } from '../../src/orders/watch/raise-alert.js'
import { resolvePaymentAlert } from '../../src/orders/watch/resolve-payment-alert.js'
import { listHeldReceipts } from '../../src/payments/list-held-receipts.js'
import { listReconciliations } from '../../src/payments/list-reconciliations.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import type { Scope } from '../../src/shared/actor.js'
import { put } from '../../src/shared/commit.js'
import { daysMs } from '../../src/shared/instant.js'
import { row } from '../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree, freeOf } from './books-of.js'
import { byStaff, commit, couponOffer, fillCart, giveCoupon, openShop, pay, place, type TestShop } from './open-shop.js'

type Fields = Extract<Scope, { kind: 'fields' }>['fields']

/** The shop as staff have it whom the host binds by a condition. */
const boundBy = (shop: TestShop, fields: Fields): TestShop => ({
  ...shop,
  authorizer: { authorize: () => okAsync({ kind: 'fields', fields } as const) },
})

describe('staff who are bound by a condition on fields', () => {
  it.each<Fields>([{ merchantId: ['self'] }, { status: ['awaitingPayment'] }])(
    'see the orders that meet it, and move none without what hangs on it: %j',
    async (fields) => {
      const shop = await openShop({ offers: [couponOffer] })
      const couponId = await giveCoupon(shop, 'ann')
      await fillCart(shop, 'ann', [['kettle', 1]], [couponId])
      const { orderId } = await place(shop, 'ann')
      const bound = boundBy(shop, fields)
      expect((await orderPage(bound, byStaff(), { orderId }))._unsafeUnwrap().orderId).toBe(orderId)
      const refused = await cancelOrder(bound, byStaff(), { orderId })
      expect(refused._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'orders.cancel' })
      expect(await freeOf(shop, 'kettle')).toBe(99)
      const coupon = await ask(shop, row(coupons, couponId))
      const { orders } = await booksOf(shop)
      expect([orders[0]?.state.status, coupon?.state.status]).toEqual(['awaitingPayment', 'locked'])

      // Whoever sees all moves all.
      expect((await cancelOrder(shop, byStaff(), { orderId }))._unsafeUnwrap().status).toBe('cancelled')
      expect(await freeOf(shop, 'kettle')).toBe(100)
      await expectBooksToAgree(shop)
    },
  )

  it('send no money back of an order whose payments they cannot see', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const asked = { orderId, reason: 'goodwill', amountMinor: 1_000 } as const
    const refused = await refundOrder(boundBy(shop, { status: ['paid'] }), byStaff(), asked)
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'orders.refund' })
    expect((await booksOf(shop)).refunds).toEqual([])
  })

  it('see none of the money that belongs to the shop alone, and move none of it', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const line = { gatewayId: 'sandbox', reference: 'STMT-1', amountMinor: 500, currency: 'CNY' } as const
    const { receiptId } = (await holdReceipt(shop, byStaff(), line))._unsafeUnwrap()
    const day = { gatewayId: 'sandbox', day: '2026-03-10', timeZone: 'Asia/Shanghai' }
    shop.pass(2 * daysMs)
    const read = (await reconcileBill(shop, byStaff(), { ...day, source: [] }))._unsafeUnwrap()
    const findingIds = read.findings.map(({ findingId }) => findingId)
    expect(findingIds).not.toEqual([])
    const alert = { alertId: 'alert-1', orderId, paymentId: null, reasons: ['reportedByOwner'], at: 1 } as const
    const said = { eventId: 'e1', kind: 'payment', stands: 'captured', minor: 1, currency: 'CNY', at: 1 } as const
    const fact = { factId: 'fact-1', gatewayId: 'sandbox', reference: 'pay_none', status: 'open', ...said } as const
    await commit(shop, [raiseAlert(alert), put(parkedFacts, { id: 'fact-1', version: 0, state: fact })])

    const bound = boundBy(shop, { merchantId: ['self'] })
    expect((await listHeldReceipts(bound, byStaff()))._unsafeUnwrap().receipts).toEqual([])
    expect((await listReconciliations(bound, byStaff()))._unsafeUnwrap().reconciliations).toEqual([])
    expect((await listPaymentAlerts(bound, byStaff(), {}))._unsafeUnwrap().alerts).toEqual([])
    expect((await listParkedFacts(bound, byStaff(), {}))._unsafeUnwrap().facts).toEqual([])
    const refusals = await Promise.all([
      resolvePaymentAlert(bound, byStaff(), { alertId: 'alert-1', note: 'Looked into.' }),
      resolveParkedFact(bound, byStaff(), { factId: 'fact-1', note: 'Looked into.' }),
      resolveFindings(bound, byStaff(), { reconciliationId: read.reconciliationId, findingIds, note: 'Looked into.' }),
    ])
    expect(refusals.map((refused) => refused._unsafeUnwrapErr().type)).toEqual(Array(3).fill('NotFound'))
    const payout = { gatewayId: 'sandbox', reference: 'PO-1', currency: 'CNY', amountMinor: 100 } as const
    const denied = await Promise.all([
      holdReceipt(bound, byStaff(), { ...line, reference: 'STMT-2' }),
      recordGatewayPayout(bound, byStaff(), payout),
      reconcileBill(bound, byStaff(), { ...day, source: [] }),
      // It hangs on an order, and on whoever paid that.
      returnReceipt(bound, byStaff(), { receiptId }),
    ])
    expect(denied.map((refused) => refused._unsafeUnwrapErr())).toEqual([
      { type: 'Denied', action: 'orders.holdReceipt' },
      { type: 'Denied', action: 'orders.recordGatewayPayout' },
      { type: 'Denied', action: 'orders.reconcileBill' },
      { type: 'Denied', action: 'orders.returnReceipt' },
    ])
    // Whoever sees all finds all of it as it was.
    expect((await listHeldReceipts(shop, byStaff()))._unsafeUnwrap().receipts).toMatchObject([
      { receiptId, status: 'held' },
    ])
    expect((await listPaymentAlerts(shop, byStaff(), {}))._unsafeUnwrap().alerts).toHaveLength(1)
    expect((await listParkedFacts(shop, byStaff(), {}))._unsafeUnwrap().facts).toHaveLength(1)
  })
})
