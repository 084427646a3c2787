import { describe, expect, it } from 'vitest'
import { reconcileBill } from '../../../src/orders/books/reconcile-bill.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { decidePayment } from '../../../src/orders/paying/decide-payment.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { holdReceipt } from '../../../src/orders/suspense/hold-receipt.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { endHolds } from '../../../src/orders/watch/end-holds.js'
import { listPaymentAlerts } from '../../../src/orders/watch/list-payment-alerts.js'
import { reportPayment } from '../../../src/orders/watch/report-payment.js'
import type { GatewayBillRow } from '../../../src/payments/gateway-bill.js'
import { listHeldPayments } from '../../../src/payments/list-held-payments.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { entries } from '../../../src/shared/read-plan.js'
import { ask, expectBooksToAgree, freeOf } from '../books-of.js'
import { by, byStaff, value } from '../open-shop.js'
import {
  allTaken,
  expectAtRest,
  gone,
  openCapturing,
  openHeld,
  openLost,
  openUnheard,
  orderOf,
  paid,
  paymentOf,
  post,
  refundsOf,
  silent,
  staffMay,
  tell,
  threeDays,
  unpaid,
} from './unheard-shop.js'

describe('an attempt whose gateway says nothing', () => {
  it('is decided by staff after three days, and not before', async () => {
    const { shop, orderId, paymentId, closingAt } = await openLost()
    shop.pass(3 * daysMs - 1)
    const decidableAt = closingAt + 3 * daysMs
    const early = await decidePayment(gone(shop), byStaff(), paid(paymentId))
    expect(early._unsafeUnwrapErr()).toEqual({ type: 'PaymentNotUnheard', paymentId, status: 'closing', decidableAt })
    expect(await staffMay(gone(shop), orderId)).not.toContain('decidePayment')
    shop.pass(1)
    expect(await staffMay(gone(shop), orderId)).toContain('decidePayment')
    // It was asked about a moment ago, and the request may be on its way.
    const report = value(await settlePayments(silent(shop), { limit: 10 }))
    expect(report.failed).toEqual([{ id: paymentId, reason: 'PaymentUnheard' }])
    expect(await staffMay(gone(shop), orderId)).not.toContain('decidePayment')
    shop.pass(minutesMs)
    expect(value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))).toEqual({
      ...{ orderId, paymentId, orderStatus: 'paid', paymentStatus: 'captured' },
    })
    expect(await staffMay(gone(shop), orderId)).not.toContain('decidePayment')
    const again = await decidePayment(gone(shop), byStaff(), unpaid(paymentId))
    expect(again._unsafeUnwrapErr()).toMatchObject({ type: 'PaymentNotUnheard', decidableAt: null })
    expect(value(await listHeldPayments(shop, byStaff(), { unheard: true })).payments).toEqual([])
    const log = await ask(shop, entries(auditLog, { where: [], limit: 100 }))
    expect(log.filter(({ body }) => body.action === 'orders.decidePayment')).toMatchObject([
      { body: { subject: paymentId, detail: 'paid, CNY 13700 STMT-0310.1: In the statement of the day.' } },
    ])
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
  })

  it('that was paid pays its order, which the gateway confirms once it is back', async () => {
    const { shop, paymentId } = await openUnheard()
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))
    expect(await paymentOf(shop)).toMatchObject({ said: { minor: 13_700 } })
    await tell(shop, paymentId, allTaken)
    // An older word is no news any more.
    await tell(shop, paymentId, { status: 'failed' })
    expect(await paymentOf(shop)).not.toHaveProperty('said')
    expect(await orderOf(shop)).toMatchObject({ status: 'paid' })
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
  })

  it('that was not paid lets its order close, and frees what was kept for it', async () => {
    const { shop, orderId, paymentId } = await openUnheard()
    expect(await freeOf(shop, 'kettle')).toBe(99)
    expect(value(await decidePayment(gone(shop), byStaff(), unpaid(paymentId)))).toEqual({
      ...{ orderId, paymentId, orderStatus: 'closed', paymentStatus: 'closed' },
    })
    expect(await freeOf(shop, 'kettle')).toBe(100)
    expect(await paymentOf(shop)).toMatchObject({ closed: { evidence: 'saidByStaff' }, queryAt: null })
    shop.pass(daysMs)
    expect(value(await settlePayments(gone(shop), { limit: 10 })).failed).toEqual([])
    await expectAtRest(shop)
  })

  it.each(['refund', 'reinstateIfStock'] as const)(
    'that was said to be unpaid and had been paid is money that came late (%s)',
    async (lateSuccess) => {
      const { shop, paymentId } = await openUnheard({ lateSuccess })
      value(await decidePayment(gone(shop), byStaff(), unpaid(paymentId)))
      await tell(gone(shop), paymentId, allTaken)
      if (lateSuccess === 'reinstateIfStock') {
        expect(await orderOf(shop)).toMatchObject({ status: 'paid' })
        return expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
      }
      expect(await orderOf(shop)).toMatchObject({ status: 'closed' })
      const [refund] = await refundsOf(shop)
      expect(refund).toMatchObject({ status: 'requested', amountMinor: 13_700, reason: 'lateSuccess' })
      value(await payRefundByHand(gone(shop), byStaff(), { refundId: refund?.refundId ?? '' }))
      await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700, bank: -13_700 })
    },
  )

  it('that was said to be paid and was not holds its order, which ends without sending anything back', async () => {
    const { shop, orderId, paymentId } = await openUnheard()
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))
    for (let again = 0; again < 2; again += 1) await tell(shop, paymentId, { status: 'closed' })
    expect(await orderOf(shop)).toMatchObject({ hold: { by: 'gateway', reasons: ['paymentDenied'] } })
    expect((await captureAndShip(shop, byStaff(), post(orderId)))._unsafeUnwrapErr().type).toBe('OrderOnHold')
    await expectAtRest(shop, { chargebackLoss: 13_700 })
    shop.pass(2 * daysMs)
    value(await endHolds(shop, { limit: 10 }))
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await orderOf(shop)).toMatchObject({ status: 'cancelled' })
    expect((await refundsOf(shop)).map(({ status }) => status)).toEqual(['chargedBack'])
    await expectAtRest(shop)
    expect(await freeOf(shop, 'kettle')).toBe(100)
    // And then it was paid after all: now it is the payer's.
    await tell(shop, paymentId, allTaken)
    expect((await refundsOf(shop)).map(({ status }) => status)).toEqual(['requested'])
    await expectBooksToAgree(shop)
  })

  it('that turned out to be paid after all goes on, and is not turned down', async () => {
    const { shop, orderId, paymentId } = await openUnheard()
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))
    await tell(shop, paymentId, { status: 'closed' })
    expect(await orderOf(shop)).toMatchObject({ hold: { by: 'gateway', reasons: ['paymentDenied'] } })
    await tell(shop, paymentId, allTaken)
    expect(await orderOf(shop)).not.toHaveProperty('hold')
    shop.pass(3 * daysMs)
    expect(value(await endHolds(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    value(await captureAndShip(shop, byStaff(), post(orderId)))
    expect(await refundsOf(shop)).toEqual([])
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
  })

  it('that turned out to be paid after all stays held where it was reported, too', async () => {
    const { shop, orderId, paymentId } = await openUnheard()
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))
    value(await reportPayment(shop, by('ann'), { orderId }))
    await tell(shop, paymentId, { status: 'closed' })
    await tell(shop, paymentId, allTaken)
    expect(await orderOf(shop)).toMatchObject({ hold: { reasons: ['reportedByOwner', 'paymentDenied'] } })
  })

  it('that was said to be paid and is in no bill is found there, and is confirmed by the one that has it', async () => {
    const { shop, paymentId } = await openUnheard()
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))
    shop.pass(2 * daysMs)
    const bill = { gatewayId: 'sandbox', timeZone: 'Asia/Shanghai' }
    const empty = value(await reconcileBill(shop, byStaff(), { ...bill, day: '2026-03-14', source: [] }))
    expect(empty.findings).toMatchObject([{ kind: 'missingInBill', reference: paymentId }])
    const row: GatewayBillRow = {
      ...{ kind: 'payment', reference: paymentId, attemptRef: paymentId, gatewayRef: null, status: 'succeeded' },
      ...{ currency: 'CNY', amountMinor: 13_700, fee: null, at: Date.UTC(2026, 2, 10, 3) },
    }
    value(await reconcileBill(shop, byStaff(), { ...bill, day: '2026-03-10', source: [row] }))
    expect(await orderOf(shop)).toMatchObject({ status: 'paid' })
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
  })

  it('that was said to be paid and was in part holds its order for what is missing', async () => {
    const { shop, paymentId } = await openUnheard()
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))
    await tell(shop, paymentId, {
      status: 'captured',
      capturedMinor: 10_000,
      total: { minor: 10_000, currency: 'CNY' },
    })
    expect(await orderOf(shop)).toMatchObject({ hold: { by: 'gateway' } })
    await expectAtRest(shop, { chargebackLoss: 3_700, 'gatewayClearing:sandbox': 10_000 })
  })

  it('that was said to be paid and was not is an alert where its order has left', async () => {
    const { shop, orderId, paymentId } = await openUnheard()
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))
    value(await captureAndShip(gone(shop), byStaff(), post(orderId)))
    await tell(shop, paymentId, { status: 'failed' })
    const { alerts } = value(await listPaymentAlerts(shop, byStaff(), {}))
    expect(alerts).toMatchObject([{ orderId, paymentId, reasons: ['paymentDenied'], status: 'open' }])
    await expectAtRest(shop, { chargebackLoss: 13_700 })
  })

  it('is paid by one line of a statement, which pays nothing else', async () => {
    const { shop, paymentId } = await openUnheard()
    const line = { gatewayId: 'sandbox', amountMinor: 13_700, currency: 'CNY' }
    value(await holdReceipt(shop, byStaff(), { ...line, reference: 'fits' }))
    value(await holdReceipt(shop, byStaff(), { ...line, amountMinor: 13_000, reference: 'differs' }))
    const other = await decidePayment(gone(shop), byStaff(), paid(paymentId, 'differs'))
    expect(other._unsafeUnwrapErr()).toEqual({ type: 'ReceiptReferenceUsed', reference: 'differs', paymentId: null })
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId, 'fits')))
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 26_700, 'suspense:sandbox': -13_000 })
    const again = await holdReceipt(shop, byStaff(), { ...line, amountMinor: 1, reference: 'fits' })
    expect(again._unsafeUnwrapErr()).toMatchObject({ type: 'ReceiptReferenceUsed', paymentId })
  })
})

describe('a capture whose gateway says nothing', () => {
  it('that was taken lets the goods leave', async () => {
    const { shop, orderId, paymentId } = await openCapturing()
    expect(await staffMay(gone(shop), orderId)).toContain('decidePayment')
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))
    value(await captureAndShip(gone(shop), byStaff(), post(orderId)))
    expect(await orderOf(shop)).toMatchObject({ status: 'shipped' })
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
    // Held still, at a moment by which it was to have been taken.
    await tell(shop, paymentId, { status: 'authorised', authorisedMinor: 13_700 })
    await expectAtRest(shop, { chargebackLoss: 13_700 })
  })

  it('that was not taken is under way no more, and counts where the gateway took it after all', async () => {
    const { shop, orderId, paymentId } = await openCapturing()
    expect(value(await decidePayment(gone(shop), byStaff(), unpaid(paymentId))).paymentStatus).toBe('authorised')
    expect(await staffMay(shop, orderId)).toContain('capture')
    await expectAtRest(shop)
    await tell(shop, paymentId, allTaken)
    expect(await paymentOf(shop)).toMatchObject({ status: 'captured' })
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
  })
})

describe('a capture that was said not to be taken', () => {
  it('and was gives back what was given up of its hold meanwhile', async () => {
    const { shop, orderId, paymentId } = await openCapturing()
    value(await decidePayment(gone(shop), byStaff(), unpaid(paymentId)))
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 1_500 }))
    expect(await refundsOf(shop)).toEqual([])
    for (let again = 0; again < 2; again += 1) await tell(shop, paymentId, allTaken)
    expect(await refundsOf(shop)).toMatchObject([{ amountMinor: 1_500, reason: 'lateSuccess', status: 'requested' }])
    await expectBooksToAgree(shop)
  })
})

describe('a hold whose gateway does not say that it has ended', () => {
  it('keeps what was taken before, and the rest is given up', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 5_000 }))
    value(await cancelOrder(silent(shop), by('ann'), { orderId }))
    threeDays(shop)
    expect(await paymentOf(shop)).toMatchObject({ status: 'partlyCaptured' })
    const none = await decidePayment(gone(shop), byStaff(), paid(paymentId))
    expect(none._unsafeUnwrapErr()).toMatchObject({ type: 'PaymentStateForbids', command: 'DecidePayment' })
    value(await decidePayment(gone(shop), byStaff(), unpaid(paymentId)))
    expect(await paymentOf(shop)).toMatchObject({ status: 'captured', known: { captured: { minor: 5_000 } } })
    await expectBooksToAgree(shop)
  })
})
