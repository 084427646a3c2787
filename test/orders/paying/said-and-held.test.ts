import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { decidePayment } from '../../../src/orders/paying/decide-payment.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { endHolds } from '../../../src/orders/watch/end-holds.js'
import { listPaymentAlerts } from '../../../src/orders/watch/list-payment-alerts.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, pay, type TestShop, value } from '../open-shop.js'
import {
  expectAtRest,
  gone,
  hear,
  openCapturing,
  openHeld,
  openUnheard,
  openWith,
  orderOf,
  paid,
  paymentOf,
  post,
  silent,
  staffMay,
  tell,
  threeDays,
  unpaid,
} from './unheard-shop.js'

/** A day on: payments are settled, and what gateways answer is followed. */
const nextDay = async (shop: TestShop, at: TestShop = shop) => {
  shop.pass(daysMs)
  const report = value(await settlePayments(at, { limit: 10 }))
  await hear(shop)
  return report
}

/** A capture of which a person has said, while its gateway was silent, that it was taken. */
const openSaid = async () => {
  const held = await openCapturing()
  value(await decidePayment(silent(held.shop), byStaff(), paid(held.paymentId)))
  return held
}

describe('what a person said was taken', () => {
  it('is asked about once a day until its gateway has said so', async () => {
    const { shop, orderId } = await openSaid()
    expect(await paymentOf(shop)).toMatchObject({ status: 'captured', queryAt: shop.clock.now() + daysMs })
    value(await captureAndShip(silent(shop), byStaff(), post(orderId)))
    shop.pass(daysMs - 1)
    expect(value(await settlePayments(shop, { limit: 10 })).done).toBe(0)
    expect((await nextDay(shop, silent(shop))).done).toBe(1)
    // Nobody owes an answer to what a person has decided: it is in no report that the gateway is gone.
    expect(await nextDay(shop, gone(shop))).toEqual({ done: 1, failed: [] })
    expect(await paymentOf(shop)).toMatchObject({ queryAt: shop.clock.now() + daysMs })
  })

  it('and is held still by its gateway is lost', async () => {
    const { shop, orderId, paymentId } = await openSaid()
    value(await captureAndShip(silent(shop), byStaff(), post(orderId)))
    await nextDay(shop)
    // Its gateway tells of a hold by when it was made.
    expect(await paymentOf(shop)).toMatchObject({ paymentId, said: { deniedMinor: 13_700 } })
    expect(shop.gateway.books().totals).toMatchObject([{ capturedMinor: 0 }])
    await expectAtRest(shop, { chargebackLoss: 13_700 })
  })

  it('is there once the answer to a question says so', async () => {
    const { shop, orderId } = await openHeld()
    const answerLost = (input: Parameters<NonNullable<TestShop['gateway']['capture']>>[0]) =>
      (shop.gateway.capture?.(input) ?? okAsync(null)).map(() => ({ kind: 'unknown', cause: 'timeout' }) as const)
    const sandbox = { ...shop.gateway, capture: answerLost }
    await captureAndShip({ ...shop, gateways: { sandbox } }, byStaff(), post(orderId))
    threeDays(shop)
    const paymentId = (await paymentOf(shop))?.paymentId ?? ''
    value(await decidePayment(silent(shop), byStaff(), paid(paymentId)))
    await nextDay(shop)
    expect(await paymentOf(shop)).toMatchObject({ status: 'captured', queryAt: null })
    expect(await paymentOf(shop)).not.toHaveProperty('said')
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
  })

  it('is asked about by a person at once', async () => {
    const { shop, orderId } = await openSaid()
    shop.pass(minutesMs)
    value(await queryPayment(shop, byStaff(), { orderId }))
    await hear(shop)
    await expectAtRest(shop, { chargebackLoss: 13_700 })
  })

  it('and its gateway has never heard of, once nobody can pay it any more, is lost', async () => {
    const { shop, paymentId } = await openUnheard()
    value(await decidePayment(gone(shop), byStaff(), paid(paymentId)))
    await nextDay(shop)
    expect(await orderOf(shop)).toMatchObject({ hold: { reasons: ['paymentDenied'] } })
    await expectAtRest(shop, { chargebackLoss: 13_700 })
  })
})

describe('a hold of which no money was asked for', () => {
  it('is not said to be paid where it is to end', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    value(await cancelOrder(silent(shop), by('ann'), { orderId }))
    threeDays(shop)
    const refused = await decidePayment(gone(shop), byStaff(), paid(paymentId))
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'PaymentStateForbids', command: 'DecidePayment' })
    value(await decidePayment(gone(shop), byStaff(), unpaid(paymentId)))
    expect(await paymentOf(shop)).toMatchObject({ status: 'closed' })
    await expectAtRest(shop)
  })

  it.each([false, true])('is not said to be paid where its own answer was lost (closing %s)', async (closing) => {
    const { shop, orderId } = await openWith({ capture: 'onShipment' })
    shop.gateway.script({ kind: 'timeout', charged: true })
    const { paymentId } = await pay(shop, 'ann', orderId)
    if (closing) {
      shop.pass(daysMs)
      value(await closeUnpaidOrders(gone(shop), { limit: 10 }))
    }
    threeDays(shop)
    const refused = await decidePayment(gone(shop), byStaff(), paid(paymentId))
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'PaymentStateForbids', command: 'DecidePayment' })
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
    await expectBooksToAgree(shop)
  })
})

describe('what its gateway holds still, though a person said that it was taken', () => {
  /** Three days after it was said, its gateway has answered that it holds all of it. */
  const openHeldStill = async (shipped = false) => {
    const said = await openSaid()
    if (shipped) value(await captureAndShip(silent(said.shop), byStaff(), post(said.orderId)))
    await nextDay(said.shop)
    return said
  }

  it('is taken by staff as ever, and its order goes on', async () => {
    const { shop, orderId, paymentId } = await openHeldStill()
    expect(await orderOf(shop)).toMatchObject({ hold: { by: 'gateway', reasons: ['paymentDenied'] } })
    expect(await staffMay(shop, orderId)).toContain('capture')
    expect(value(await captureOrder(shop, byStaff(), { orderId }))).toMatchObject({
      ...{ paymentId, status: 'captured', amountMinor: 13_700, capturedMinor: 13_700, heldMinor: 0 },
    })
    await hear(shop)
    expect(shop.gateway.books().totals).toMatchObject([{ capturedMinor: 13_700 }])
    expect(await paymentOf(shop)).not.toHaveProperty('said')
    expect(await orderOf(shop)).not.toHaveProperty('hold')
    expect(await staffMay(shop, orderId)).not.toContain('capture')
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
    value(await captureAndShip(shop, byStaff(), post(orderId)))
  })

  it('is taken in parts, of which each makes the loss smaller', async () => {
    const { shop, orderId } = await openHeldStill()
    const first = value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 5_000 }))
    expect(first).toMatchObject({ status: 'captured', capturedMinor: 5_000, heldMinor: 8_700 })
    await hear(shop)
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 5_000, chargebackLoss: 8_700 })
    const lines = (await orderOf(shop))?.lines.map(({ lineId }) => ({ lineId, quantity: 1 })) ?? []
    value(await captureOrder(shop, byStaff(), { orderId, lines }))
    await hear(shop)
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
  })

  it('is taken once all has left, too', async () => {
    const { shop, orderId } = await openHeldStill(true)
    expect(value(await listPaymentAlerts(shop, byStaff(), {})).alerts).toMatchObject([{ orderId, status: 'open' }])
    value(await captureOrder(shop, byStaff(), { orderId }))
    await hear(shop)
    expect(value(await listPaymentAlerts(shop, byStaff(), {})).alerts).toEqual([])
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
  })

  it('is asked for again where the answer to that was lost', async () => {
    const { shop, orderId } = await openHeldStill()
    const first = value(await captureOrder(silent(shop), byStaff(), { orderId }))
    expect(first).toMatchObject({ status: 'underway', capturedMinor: 0, heldMinor: 0 })
    const second = await captureOrder(shop, byStaff(), { orderId })
    expect(second._unsafeUnwrapErr().type).toBe('NothingToCapture')
    await nextDay(shop)
    expect(shop.gateway.books().totals).toMatchObject([{ capturedMinor: 13_700 }])
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
  })

  it('is decided once more where nobody answers that, and denied once more', async () => {
    const { shop, orderId, paymentId } = await openHeldStill()
    value(await captureOrder(silent(shop), byStaff(), { orderId }))
    const early = await decidePayment(silent(shop), byStaff(), paid(paymentId, 'STMT-0314.1'))
    expect(early._unsafeUnwrapErr().type).toBe('PaymentNotUnheard')
    threeDays(shop)
    expect(await staffMay(silent(shop), orderId)).toContain('decidePayment')
    value(await decidePayment(silent(shop), byStaff(), paid(paymentId, 'STMT-0314.1')))
    await hear(shop)
    expect(await orderOf(shop)).not.toHaveProperty('hold')
    await expectAtRest(shop, { 'gatewayClearing:sandbox': 13_700 })
    await tell(shop, paymentId, { status: 'closed' })
    expect(await orderOf(shop)).toMatchObject({ hold: { reasons: ['paymentDenied'] } })
    expect(await staffMay(shop, orderId)).not.toContain('capture')
    await expectAtRest(shop, { chargebackLoss: 13_700 })
  })

  it('stays lost where staff say that it was not taken the second time either', async () => {
    const { shop, orderId, paymentId } = await openHeldStill()
    value(await captureOrder(silent(shop), byStaff(), { orderId }))
    threeDays(shop)
    value(await decidePayment(silent(shop), byStaff(), unpaid(paymentId)))
    expect(await staffMay(shop, orderId)).toContain('capture')
    await expectAtRest(shop, { chargebackLoss: 13_700 })
  })

  it('is not taken for an order that was turned down since', async () => {
    const { shop, orderId } = await openHeldStill()
    shop.pass(2 * daysMs)
    value(await endHolds(shop, { limit: 10 }))
    expect(await orderOf(shop)).toMatchObject({ status: 'cancelled' })
    expect(await staffMay(shop, orderId)).not.toContain('capture')
    expect((await captureOrder(shop, byStaff(), { orderId }))._unsafeUnwrapErr().type).toBe('NothingToCapture')
    await expectAtRest(shop)
  })

  it('is held no more once its gateway says so', async () => {
    const { shop, orderId, paymentId } = await openHeldStill()
    await tell(shop, paymentId, { status: 'closed' })
    expect(await staffMay(shop, orderId)).not.toContain('capture')
    const late = await captureOrder(shop, byStaff(), { orderId })
    expect(late._unsafeUnwrapErr().type).toBe('NothingToCapture')
    await expectAtRest(shop, { chargebackLoss: 13_700 })
  })
})
