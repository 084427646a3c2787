import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { showStatement } from '../../../src/orders/books/show-statement.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { holdReceipt, returnReceipt } from '../../../src/orders/suspense/hold-receipt.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { closeUnpaidOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { listHeldReceipts } from '../../../src/payments/list-held-receipts.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { entries } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })

const openManualShop = async (): Promise<TestShop> => {
  const shop = await openShop()
  return { ...shop, gateways: { ...shop.gateways, manual } }
}

const openEditableManualShop = async (): Promise<TestShop> => ({
  ...(await openManualShop()),
  digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
})

/** An order of one kettle, 129.00 and 8.00 carriage, that waits for a transfer. */
const awaitTransfer = async (shop: TestShop, buyer = 'ann') => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId, orderNumber } = await place(shop, buyer)
  const { paymentId, next } = value(
    await payOrder(shop, by(buyer), { orderId, gatewayId: 'manual', method: 'bankTransfer' }),
  )
  return { orderId, orderNumber, paymentId, next }
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
    const { orderId, orderNumber, paymentId, next } = await awaitTransfer(shop)
    // What the payer is to write beside the transfer is a number that no slip of the hand makes another order's.
    expect(next).toMatchObject({ kind: 'transferInstructions', memo: orderNumber })
    expect(value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))).toEqual({
      orderId,
      paymentId,
      orderStatus: 'paid',
      paymentStatus: 'captured',
      recorded: true,
      refundDue: null,
      held: null,
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

  it('of less than is due is held until the rest comes, and both pay together', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    const short = receiptOf(paymentId, { amountMinor: 12_000, reference: 'STMT-0310.1' })
    const first = value(await recordReceipt(shop, byStaff(), short))
    expect(first).toMatchObject({ orderStatus: 'awaitingPayment', paymentStatus: 'requiresAction', recorded: true })
    expect(first.held).toMatchObject({ status: 'held', reason: 'tooLow', amountMinor: 12_000, missingMinor: 1_700 })
    const before = await booksOf(shop)
    expect(balanceOf(before.ledger, 'gatewayClearing:manual')).toBe(12_000)
    expect(balanceOf(before.ledger, 'suspense:manual')).toBe(-12_000)
    // The line counts once.
    expect(value(await recordReceipt(shop, byStaff(), short))).toEqual({ ...first, recorded: false })
    const rest = receiptOf(paymentId, { amountMinor: 1_700, reference: 'STMT-0310.2' })
    expect(value(await recordReceipt(shop, byStaff(), rest))).toMatchObject({ orderStatus: 'paid', held: null })
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:manual')).toBe(13_700)
    expect(balanceOf(ledger, 'suspense:manual')).toBe(0)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
    const now = shop.clock.now()
    const sheet = value(await showStatement(shop, byStaff(), { from: now - 60 * minutesMs, to: now + 1 }))
    expect(sheet.sums?.[0]).toMatchObject({ paidMinor: 13_700, refundedMinor: 0 })
    expect(value(await listHeldReceipts(shop, byStaff())).receipts).toEqual([])
    const settled = await returnReceipt(shop, byStaff(), { receiptId: first.held?.receiptId ?? '' })
    expect(settled._unsafeUnwrapErr()).toMatchObject({ type: 'ReceiptSettled', status: 'applied' })
    await expectBooksToAgree(shop)
  })

  it('is refused where its line was recorded with another amount or currency: one of the two is mistyped', async () => {
    const shop = await openManualShop()
    const { paymentId } = await awaitTransfer(shop)
    const record = (more: object) => recordReceipt(shop, byStaff(), receiptOf(paymentId, more))
    const used = { type: 'ReceiptReferenceUsed', reference: 'STMT-0310.1', paymentId }
    for (const [amountMinor, reference] of [
      [400, 'STMT-0310.1'],
      [13_300, 'STMT-0310.2'],
    ] as const) {
      expect(value(await record({ amountMinor, reference }))).toMatchObject({ recorded: true })
      for (const more of [{ amountMinor: amountMinor + 1 }, { amountMinor, currency: 'USD' }]) {
        expect(await record({ reference, ...more })).toMatchObject({ error: { ...used, reference } })
      }
      expect(value(await record({ amountMinor, reference }))).toMatchObject({ recorded: false })
    }
    expect(balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:manual')).toBe(13_700)
    await expectBooksToAgree(shop)
  })

  it('of more than is due pays it, and the rest is owed back', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    const paid = value(await recordReceipt(shop, byStaff(), receiptOf(paymentId, { amountMinor: 14_000 })))
    expect(paid).toMatchObject({
      orderStatus: 'paid',
      held: { status: 'owedBack', reason: 'tooHigh', amountMinor: 300 },
    })
    expect(value(await listHeldReceipts(shop, byStaff())).receipts).toMatchObject([{ orderId, amountMinor: 300 }])
    const { receiptId } = paid.held ?? { receiptId: '' }
    expect(value(await returnReceipt(shop, byStaff(), { receiptId }))).toMatchObject({ status: 'returned' })
    expect(value(await returnReceipt(shop, byStaff(), { receiptId }))).toMatchObject({ status: 'returned' })
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:manual')).toBe(13_700)
    expect(balanceOf(ledger, 'suspense:manual')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('of another currency is held, and says nothing of what is due', async () => {
    const shop = await openManualShop()
    const { paymentId } = await awaitTransfer(shop)
    const paid = value(await recordReceipt(shop, byStaff(), receiptOf(paymentId, { currency: 'VND' })))
    expect(paid).toMatchObject({
      orderStatus: 'awaitingPayment',
      held: { status: 'held', reason: 'otherCurrency', currency: 'VND', missingMinor: 13_700 },
    })
    await expectBooksToAgree(shop)
  })

  it('of a payment that is not there books nothing', async () => {
    const shop = await openManualShop()
    const refused = await recordReceipt(shop, byStaff(), receiptOf('pay_absent'))
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound', entity: 'payment', id: 'pay_absent' })
    expect((await booksOf(shop)).ledger).toEqual([])
  })

  it('of which nobody knows what it is for is booked, and put to its payment or sent back later', async () => {
    const shop = await openManualShop()
    const line = { gatewayId: 'manual', amountMinor: 13_700, currency: 'CNY', reference: 'STMT-0310.1' }
    const held = value(await holdReceipt(shop, byStaff(), line))
    expect(held).toMatchObject({
      status: 'held',
      reason: 'unexplained',
      paymentId: null,
      receiptId: 'manual:STMT-0310.1',
    })
    expect(value(await holdReceipt(shop, byStaff(), line))).toEqual(held)
    const other = await holdReceipt(shop, byStaff(), { ...line, amountMinor: 1 })
    expect(other._unsafeUnwrapErr()).toMatchObject({ type: 'ReceiptReferenceUsed' })
    expect(balanceOf((await booksOf(shop)).ledger, 'suspense:manual')).toBe(-13_700)
    value(await holdReceipt(shop, byStaff(), { ...line, reference: 'STMT-0310.2', amountMinor: 50 }))
    const nobody = await holdReceipt(shop, byStaff(), { ...line, gatewayId: 'nobody' })
    expect(nobody._unsafeUnwrapErr()).toMatchObject({ type: 'GatewayUnknown' })

    const { orderId, paymentId } = await awaitTransfer(shop)
    const otherMoney = await recordReceipt(shop, byStaff(), receiptOf(paymentId, { amountMinor: 13_699 }))
    expect(otherMoney._unsafeUnwrapErr()).toMatchObject({ type: 'ReceiptReferenceUsed' })
    const paid = value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))
    expect(paid).toMatchObject({ orderStatus: 'paid', recorded: true, held: null })
    expect(value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))).toMatchObject({ recorded: false })
    value(await returnReceipt(shop, byStaff(), { receiptId: 'manual:STMT-0310.2' }))
    const late = await recordReceipt(
      shop,
      byStaff(),
      receiptOf(paymentId, { reference: 'STMT-0310.2', amountMinor: 50 }),
    )
    expect(late._unsafeUnwrapErr()).toMatchObject({ type: 'ReceiptReferenceUsed' })
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:manual')).toBe(13_700)
    expect(balanceOf(ledger, 'suspense:manual')).toBe(0)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
    const absent = await returnReceipt(shop, byStaff(), { receiptId: 'manual:none' })
    expect(absent._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound', entity: 'receipt' })
    await expectBooksToAgree(shop)
  })

  it('of two lines at once pays together, whoever is faster', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    const lines = [12_000, 1_700].map((amountMinor, place) =>
      receiptOf(paymentId, { amountMinor, reference: `STMT-0310.${place}` }),
    )
    const answers = await Promise.all(lines.map((line) => recordReceipt(shop, byStaff(), line)))
    for (const answer of answers) value(answer)
    const { ledger, orders } = await booksOf(shop)
    expect(orders.map(({ state }) => state.status)).toEqual(['paid'])
    expect(balanceOf(ledger, 'suspense:manual')).toBe(0)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
  })

  it('is never lost sight of, whatever lines come, known or not, in whatever order', async () => {
    const line = fc.record({
      amountMinor: fc.constantFrom(13_700, 12_000, 1_700, 1, 20_000),
      currency: fc.constantFrom('CNY', 'CNY', 'CNY', 'VND'),
      known: fc.boolean(),
      then: fc.constantFrom('leave', 'explain', 'return'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), async (lines) => {
        const shop = await openManualShop()
        const { orderId, paymentId } = await awaitTransfer(shop)
        let cameMinor = 0
        let fittingMinor = 0
        let wentMinor = 0
        for (const [place, { amountMinor, currency, known, then }] of lines.entries()) {
          const money = { amountMinor, currency, reference: `L${place}` }
          if (currency === 'CNY') cameMinor += amountMinor
          if (!known) value(await holdReceipt(shop, byStaff(), { gatewayId: 'manual', ...money }))
          if (known || then === 'explain') {
            const { held } = value(await recordReceipt(shop, byStaff(), receiptOf(paymentId, money)))
            if (currency === 'CNY') fittingMinor += amountMinor
            if (then !== 'return' || held === null) continue
            const back = value(await returnReceipt(shop, byStaff(), { receiptId: held.receiptId }))
            if (back.currency !== 'CNY') continue
            wentMinor += back.amountMinor
            fittingMinor -= back.amountMinor
          } else if (then === 'return') {
            value(await returnReceipt(shop, byStaff(), { receiptId: `manual:L${place}` }))
            if (currency === 'CNY') wentMinor += amountMinor
          }
        }
        const { ledger, orders: found } = await booksOf(shop)
        const open = value(await listHeldReceipts(shop, byStaff(), { limit: 100 })).receipts
        const heldMinor = open.reduce((sum, each) => (each.currency === 'CNY' ? sum + each.amountMinor : sum), 0)
        const escrowMinor = 0 - balanceOf(ledger, `escrow:${orderId}`)
        expect(0 - balanceOf(ledger, 'suspense:manual')).toBe(heldMinor)
        expect(balanceOf(ledger, 'gatewayClearing:manual')).toBe(cameMinor - wentMinor)
        expect(escrowMinor + heldMinor).toBe(cameMinor - wentMinor)
        const isPaid = found[0]?.state.status === 'paid'
        expect(escrowMinor).toBe(isPaid ? 13_700 : 0)
        // What is known to be for the order and is enough has paid it.
        if (fittingMinor >= 13_700) expect(isPaid).toBe(true)
        await expectBooksToAgree(shop)
      }),
      { numRuns: 25 },
    )
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

  it('of a second transfer for the same payment is booked and owed back, and a person sends it', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))
    const again = await recordReceipt(shop, byStaff(), receiptOf(paymentId, { reference: 'STMT-0310.2' }))
    expect(value(again)).toMatchObject({
      orderStatus: 'paid',
      recorded: true,
      held: { status: 'owedBack', reason: 'receivedBefore', amountMinor: 13_700, missingMinor: 0 },
    })
    const before = await booksOf(shop)
    expect(balanceOf(before.ledger, `escrow:${orderId}`)).toBe(-13_700)
    expect(balanceOf(before.ledger, 'gatewayClearing:manual')).toBe(27_400)
    value(await returnReceipt(shop, byStaff(), { receiptId: value(again).held?.receiptId ?? '' }))
    expect(balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:manual')).toBe(13_700)
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
    shop.pass(7 * daysMs)
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
      held: null,
    })
    // The sweep asks the gateway, which has no hands; the refund waits for a person and is not lost.
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await booksOf(shop)).refunds.map(({ state }) => state.status)).toEqual(['pending'])
    const refundId = late.refundDue?.refundId
    expect(value(await payRefundByHand(shop, byStaff(), { refundId: refundId ?? '' })).status).toBe('succeeded')
    // It is paid once, and who says so again is told.
    expect(await payRefundByHand(shop, byStaff(), { refundId: refundId ?? '' })).toMatchObject({
      error: { type: 'RefundStateForbids', status: 'succeeded' },
    })
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:manual')).toBe(0)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    expect(balanceOf(ledger, 'refundInTransit')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('of an attempt that was given up pays the order all the same, which waits for exactly it', async () => {
    const shop = await openManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    const asked = value(await queryPayment(shop, by('ann'), { orderId, unpaid: true }))
    expect(asked).toMatchObject({ orderStatus: 'awaitingPayment', attempts: [{ status: 'closed' }] })
    // Another way that was begun and left is ended, as the order has what it waits for.
    shop.gateway.script({ kind: 'pending' })
    const card = await pay(shop, 'ann', orderId)
    const paid = value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))
    expect(paid).toMatchObject({
      orderStatus: 'paid',
      paymentStatus: 'capturedAfterClose',
      refundDue: null,
      held: null,
    })
    const { payments, ledger, refunds } = await booksOf(shop)
    expect(payments.find(({ id }) => id === card.paymentId)?.state.status).toBe('closing')
    expect(refunds).toEqual([])
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
    await expectBooksToAgree(shop)
    // It is the order's own money: giving the order up gives it back.
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect((await booksOf(shop)).refunds.map(({ state }) => [state.paymentId, state.amountMinor])).toEqual([
      [paymentId, 13_700],
    ])
    await expectBooksToAgree(shop)
  })

  it('of an attempt that was given up is owed back where the order costs something else by now', async () => {
    const shop = await openEditableManualShop()
    const { orderId, paymentId } = await awaitTransfer(shop)
    value(await queryPayment(shop, by('ann'), { orderId, unpaid: true }))
    const change = { orderId, lines: [{ lineId: 'kettle-1', quantity: 2 }] }
    const { hash } = value(await previewEdit(shop, by('ann'), change))
    value(await applyEdit(shop, by('ann'), { ...change, hash }))
    const late = value(await recordReceipt(shop, byStaff(), receiptOf(paymentId)))
    expect(late).toMatchObject({ orderStatus: 'awaitingPayment', refundDue: { amountMinor: 13_700 } })
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
