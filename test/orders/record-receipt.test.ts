import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../adapters/gateways/manual/index.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { orderMessages } from '../../src/orders/messages.js'
import { payOrder } from '../../src/orders/paying/pay-order.js'
import { recordReceipt } from '../../src/orders/paying/record-receipt.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../src/orders/refunds/rescue-refund.js'
import { closeUnpaidOrders, settleRefunds } from '../../src/orders/sweep-orders.js'
import { auditLog } from '../../src/shared/audit.schema.js'
import { minutesMs } from '../../src/shared/instant.js'
import { entries } from '../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from './books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from './open-shop.js'

const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })

const openManualShop = async (): Promise<TestShop> => {
  const shop = await openShop()
  return { ...shop, gateways: { ...shop.gateways, manual } }
}

/** An order of one kettle, 129.00 and 8.00 carriage, that waits for a transfer. */
const awaitTransfer = async (shop: TestShop, buyer = 'ann') => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId } = await place(shop, buyer)
  const { paymentId, next } = value(
    await payOrder(shop, by(buyer), { orderId, gatewayId: 'manual', method: 'bankTransfer' }),
  )
  return { orderId, paymentId, next }
}

const receiptOf = (paymentId: string, more: object = {}) =>
  ({
    paymentId,
    amountMinor: 13_700,
    currency: 'CNY',
    reference: 'STMT-0310.1',
    ...more,
  }) as const

describe('a receipt that a person records', () => {
  it('pays the order it is for, books the money and is audited with who recorded it', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    expect(value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))).toEqual({
      orderId,
      paymentId,
      orderStatus: 'paid',
      paymentStatus: 'captured',
      recorded: true,
      refundDue: null,
    })
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:manual')).toBe(13_700)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
    const audit = await ask(shop, entries(auditLog, { where: [], limit: 10 }))
    expect(audit.map(({ body }) => [body.actor, body.action, body.subject, body.detail])).toEqual([
      ['staff:sue', 'orders.recordReceipt', paymentId, 'CNY 13700 STMT-0310.1'],
    ])
    await expectBooksToAgree(shop)
  })

  it('names what is missing or too much, and books nothing', async () => {
    const shop = await openManualShop()
    const { paymentId } = await awaitTransfer(shop)
    const refusals = [
      [
        { amountMinor: 10_000 },
        { type: 'ReceiptTooLow', dueMinor: 13_700, receivedMinor: 10_000, missingMinor: 3_700 },
      ],
      [{ amountMinor: 13_701 }, { type: 'ReceiptTooHigh', dueMinor: 13_700, receivedMinor: 13_701, excessMinor: 1 }],
      [{ currency: 'VND' }, { type: 'ReceiptCurrencyDiffers', expected: 'CNY', actual: 'VND' }],
      [{ paymentId: 'pay_absent' }, { type: 'NotFound', entity: 'payment', id: 'pay_absent' }],
    ] as const
    for (const [given, refusal] of refusals) {
      const refused = await recordReceipt(shop, byStaff(), receiptOf(paymentId, given))
      expect(refused._unsafeUnwrapErr()).toMatchObject(refusal)
    }
    const books = await booksOf(shop)
    expect(books.ledger).toEqual([])
    expect(books.orders[0]?.state.status).toBe('awaitingPayment')
    expect(orderMessages.ReceiptTooLow['zh-CN']).toContain('{missingMinor}')
    expect(orderMessages.ReceiptTooLow.en).toContain('{missingMinor}')
  })

  it('is not taken for a gateway that says itself what came', async () => {
    const shop = await openManualShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending' })
    const { paymentId } = await pay(shop, 'ann', orderId)
    expect((await recordReceipt(shop, byStaff(), receiptOf(paymentId)))._unsafeUnwrapErr()).toEqual({
      type: 'ReceiptNotExpected',
      paymentId,
      gatewayId: 'sandbox',
    })
  })

  it('counts once, under the same key and by two people', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    const first = value(await recordReceipt(shop, byStaff('seen'), receiptOf(paymentId)))
    expect(value(await recordReceipt(shop, byStaff('seen'), receiptOf(paymentId)))).toEqual(first)
    const second = await Promise.all([1, 2, 3].map(() => recordReceipt(shop, byStaff(), receiptOf(paymentId))))
    expect(second.map((answer) => value(answer))).toEqual(
      Array(3).fill({ ...first, recorded: false, orderStatus: 'paid' }),
    )
    const { ledger } = await booksOf(shop)
    expect(ledger.filter(({ body }) => body.kind === 'captured')).toHaveLength(1)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
    await expectBooksToAgree(shop)
  })

  it('of a second transfer for the same payment is not lost sight of: the person is told that it is owed back', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))
    const again = await recordReceipt(shop, byStaff(), receiptOf(paymentId, { reference: 'STMT-0310.2' }))
    expect(again._unsafeUnwrapErr()).toEqual({
      type: 'ReceivedBefore',
      paymentId,
      currency: 'CNY',
      receivedMinor: 13_700,
    })
    // The line is free for whatever payment it is of.
    const bob = await awaitTransfer(shop, 'bob')
    const second = receiptOf(bob.paymentId, { reference: 'STMT-0310.2' })
    expect(value(await recordReceipt(shop, byStaff(), second)).recorded).toBe(true)
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-13_700)
    await expectBooksToAgree(shop)
  })

  it('of one line of the statement pays one order, whoever is faster', async () => {
    const shop = await openManualShop()
    const ann = await awaitTransfer(shop, 'ann')
    const bob = await awaitTransfer(shop, 'bob')
    const answers = await Promise.all(
      [ann, bob].map(({ paymentId }) => recordReceipt(shop, byStaff(), receiptOf(paymentId))),
    )
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
    const refused = answers.flatMap((answer) => (answer.isErr() ? [answer.error] : []))
    expect(refused).toMatchObject([{ type: 'ReceiptReferenceUsed', reference: 'STMT-0310.1' }])
    await expectBooksToAgree(shop)
  })

  it('after the order was closed is owed back, and a person pays it back', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await freeOf(shop, 'kettle')).toBe(100)
    const late = value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))
    expect(late).toEqual({
      orderId,
      paymentId,
      orderStatus: 'closed',
      paymentStatus: 'capturedAfterClose',
      recorded: true,
      refundDue: { refundId: `late_${paymentId}`, amountMinor: 13_700 },
    })
    // The sweep asks the gateway, which has no hands; the refund waits for a person and is not lost.
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await booksOf(shop)).refunds.map(({ state }) => state.status)).toEqual(['pending'])
    const refundId = late.refundDue?.refundId
    expect(value(await payRefundByHand(shop, byStaff(), { refundId: refundId ?? '' })).status).toBe('succeeded')
    expect(value(await payRefundByHand(shop, byStaff(), { refundId: refundId ?? '' })).status).toBe('succeeded')
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:manual')).toBe(0)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    expect(balanceOf(ledger, 'refundInTransit')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('beside another payment of the order is owed back whole', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ orderStatus: 'paid' })
    expect(value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))).toMatchObject({
      orderStatus: 'paid',
      refundDue: { refundId: `duplicate_${paymentId}`, amountMinor: 13_700 },
    })
    await expectBooksToAgree(shop)
  })
})

describe('a refund of money that came by hand', () => {
  it('goes back by hand too, and lets a cancelled order come to its end', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))
    const { status, refundIds } = value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(status).toBe('cancelling')
    value(await payRefundByHand(shop, byStaff(), { refundId: refundIds[0] ?? '' }))
    const books = await booksOf(shop)
    expect(books.orders[0]?.state.status).toBe('cancelled')
    expect(balanceOf(books.ledger, 'gatewayClearing:manual')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('is not said to be paid by hand while a gateway that sends money has it under way', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: true })
    const { refundId } = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', withShipping: true }))
    expect((await payRefundByHand(shop, byStaff(), { refundId }))._unsafeUnwrapErr()).toMatchObject({
      type: 'RefundStateForbids',
      status: 'unknown',
    })
  })
})
