import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { reconcileBill } from '../../../src/orders/books/reconcile-bill.js'
import { followWord } from '../../../src/orders/disputes/follow-word.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { decidePayment } from '../../../src/orders/paying/decide-payment.js'
import { recordPayment } from '../../../src/orders/paying/record-outcome.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { holdReceipt } from '../../../src/orders/suspense/hold-receipt.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { endHolds } from '../../../src/orders/watch/end-holds.js'
import { listPaymentAlerts } from '../../../src/orders/watch/list-payment-alerts.js'
import type { GatewayBillRow } from '../../../src/payments/gateway-bill.js'
import { listHeldPayments } from '../../../src/payments/list-held-payments.js'
import type { Payment } from '../../../src/payments/payment.js'
import type { PaymentGateway } from '../../../src/payments/ports.js'
import type { PaymentSnapshot } from '../../../src/payments/snapshot.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { entries } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { eventsOf } from '../history-laws.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const lost = () => okAsync({ kind: 'unknown', cause: 'timeout' } as const)
const silent = (shop: TestShop): TestShop => {
  const quiet: PaymentGateway = { ...shop.gateway, query: lost, close: lost, capture: lost }
  return { ...shop, gateways: { sandbox: quiet } }
}
const gone = (shop: TestShop): TestShop => ({ ...shop, gateways: {} })

const paid = (paymentId: string, reference = 'STMT-0310.1') =>
  ({ paymentId, paid: true, reference, note: 'In the statement of the day.' }) as const
const unpaid = (paymentId: string) => ({ paymentId, paid: false, note: 'Not in any statement.' }) as const

const openWith = async (terms: Partial<ShopPolicy> = {}) => {
  const shop = await openShop()
  const { policyId: _, ...policy } = { ...defaultShopPolicy, ...terms }
  value(await savePolicy(shop, byStaff(), policy))
  await fillCart(shop, 'ann', [['kettle', 1]])
  return { shop, orderId: (await place(shop, 'ann')).orderId }
}

/** An order of 137.00 whose charge was not answered, at a gateway that is gone since; its time to pay is over. */
const openLost = async (terms: Partial<ShopPolicy> = {}) => {
  const { shop, orderId } = await openWith(terms)
  shop.gateway.script({ kind: 'timeout', charged: false })
  const { paymentId } = await pay(shop, 'ann', orderId)
  shop.pass(daysMs)
  value(await closeUnpaidOrders(gone(shop), { limit: 10 }))
  return { shop, orderId, paymentId, closingAt: shop.clock.now() }
}

const threeDays = (shop: TestShop) => shop.pass(3 * daysMs + minutesMs)

/** The same, of which nothing was heard for three days. */
const openUnheard = async (terms: Partial<ShopPolicy> = {}) => {
  const lostOne = await openLost(terms)
  threeDays(lostOne.shop)
  return lostOne
}

/** An order whose 137.00 are held, to be taken as it leaves. */
const openHeld = async () => {
  const { shop, orderId } = await openWith({ capture: 'onShipment' })
  return { shop, orderId, paymentId: (await pay(shop, 'ann', orderId)).paymentId }
}
const post = (orderId: string) => ({ orderId, carrier: 'sf-express', trackingNumber: 'SF1' })

const paymentOf = async (shop: TestShop) => (await booksOf(shop)).payments[0]?.state
const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state
const refundsOf = async (shop: TestShop) => (await booksOf(shop)).refunds.map(({ state }) => state)
const staffMay = async (shop: TestShop, orderId: string) =>
  value(await orderPage(shop, byStaff(), { orderId })).nextActions

/** What the gateway says once it is back. */
const tell = async (shop: TestShop, paymentId: string, word: Partial<PaymentSnapshot>) => {
  const saying = ({ amountMinor, currency, merchantAccount }: Payment, at: number): PaymentSnapshot => ({
    ...{ kind: 'payment', attemptRef: paymentId, orderRef: null, gatewayRef: null, merchantAccount },
    ...{ status: 'failed', total: { minor: amountMinor, currency }, authorisedMinor: 0, capturedMinor: 0 },
    ...{ feeMinor: null, failure: null, at, ...word },
  })
  value(
    await recordPayment(shop, paymentId, (payment, at) => [{ type: 'RecordSnapshot', snapshot: saying(payment, at) }]),
  )
  // At least once: what is told twice happens once.
  for (const event of [...(await eventsOf(shop)), ...(await eventsOf(shop))]) {
    if (followWord.listensTo.includes(`${event.collection}/${event.type}`)) value(await followWord.react(shop, event))
  }
}
const allTaken = { status: 'captured', capturedMinor: 13_700 } as const

const expectAtRest = async (shop: TestShop, standing: Readonly<Record<string, number>> = {}) => {
  const { ledger } = await booksOf(shop)
  for (const account of ['gatewayClearing:sandbox', 'suspense:sandbox', 'chargebackLoss', 'bank'] as const) {
    expect([account, balanceOf(ledger, account)]).toEqual([account, standing[account] ?? 0])
  }
  await expectBooksToAgree(shop)
}

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
  const openCapturing = async () => {
    const held = await openHeld()
    const asked = await captureAndShip(silent(held.shop), byStaff(), post(held.orderId))
    expect(asked._unsafeUnwrapErr().type).toBe('CaptureUnderway')
    threeDays(held.shop)
    return held
  }

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

describe('a hold whose gateway does not say that it has ended', () => {
  it('gives back what was taken of it where the order is cancelled', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    value(await cancelOrder(silent(shop), by('ann'), { orderId }))
    threeDays(shop)
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))
    const [refund] = await refundsOf(shop)
    expect(refund).toMatchObject({ amountMinor: 13_700 })
    await expectBooksToAgree(shop)
  })

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
