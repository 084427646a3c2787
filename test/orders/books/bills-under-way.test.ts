import { describe, expect, it } from 'vitest'
import { reconcileBill } from '../../../src/orders/books/reconcile-bill.js'
import { recordPayment } from '../../../src/orders/paying/record-outcome.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { GatewayBillRow } from '../../../src/payments/gateway-bill.js'
import type { PaymentSnapshot } from '../../../src/payments/snapshot.js'
import { daysMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const [first, second, third] = ['2026-03-10', '2026-03-11', '2026-03-12'] as const

const run = async (shop: TestShop, day: string, source: readonly GatewayBillRow[]) =>
  value(await reconcileBill(shop, byStaff(), { gatewayId: 'sandbox', day, timeZone: 'Asia/Shanghai', source }))

const paymentRow = (reference: string, at: number, facts: Partial<GatewayBillRow> = {}): GatewayBillRow => ({
  kind: 'payment',
  reference,
  attemptRef: reference,
  gatewayRef: null,
  status: 'succeeded',
  currency: 'CNY',
  amountMinor: 13_700,
  fee: null,
  at,
  ...facts,
})

describe('a payment that its gateway is still at work on', () => {
  /** Ann pays for a kettle out of a bank account, at ten on the first day; it takes the bank days. */
  const underWay = async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending' })
    const { paymentId } = await pay(shop, 'ann', orderId)
    const startedAt = shop.clock.now()
    const hear = async (facts: Partial<PaymentSnapshot>) =>
      value(
        await recordPayment(shop, paymentId, ({ merchantAccount, amountMinor, currency }) => [
          {
            type: 'RecordSnapshot',
            snapshot: {
              kind: 'payment',
              attemptRef: paymentId,
              orderRef: null,
              gatewayRef: 'gw-1',
              merchantAccount,
              status: 'processing',
              total: { minor: amountMinor, currency },
              authorisedMinor: 0,
              capturedMinor: 0,
              feeMinor: null,
              failure: null,
              at: startedAt,
              ...facts,
            },
          },
        ]),
      )
    const statuses = async () => {
      const { orders, payments } = await booksOf(shop)
      return [orders[0]?.state.status, payments[0]?.state.status]
    }
    await hear({ status: 'processing' })
    return { shop, paymentId, startedAt, hear, statuses }
  }

  it('is not ended by a bill that does not have it, however long ago it was to be paid', async () => {
    const { shop, hear, statuses } = await underWay()
    shop.pass(3 * daysMs)
    for (const day of [first, second]) {
      expect(await run(shop, day, [])).toMatchObject({ findingCount: 0, learned: 0, counts: { noMoney: 1 } })
    }
    expect(await statuses()).toEqual(['awaitingPayment', 'processing'])
    await hear({ status: 'captured', capturedMinor: 13_700 })
    expect(await statuses()).toEqual(['paid', 'captured'])
    await expectBooksToAgree(shop)
  })

  it('stands in the bill of its day as under way, and is not missed in that of the day on which it comes', async () => {
    const { shop, paymentId, startedAt, hear, statuses } = await underWay()
    shop.pass(daysMs)
    const waits = paymentRow(paymentId, startedAt, { status: 'pending' })
    expect(await run(shop, first, [waits])).toMatchObject({ findingCount: 0, learned: 0, counts: { matched: 1 } })
    expect(await statuses()).toEqual(['awaitingPayment', 'processing'])
    shop.pass(daysMs)
    await hear({ status: 'captured', capturedMinor: 13_700, at: shop.clock.now() })
    shop.pass(2 * daysMs)
    for (const day of [second, third]) expect((await run(shop, day, [])).findingCount).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('is held against the bill of its day once that has it as paid', async () => {
    const { shop, paymentId, startedAt, hear } = await underWay()
    shop.pass(daysMs)
    await run(shop, first, [paymentRow(paymentId, startedAt, { status: 'pending' })])
    shop.pass(2 * daysMs)
    // The gateway dates it by when it was begun.
    await hear({ status: 'captured', capturedMinor: 13_700 })
    expect((await run(shop, second, [])).findingCount).toBe(0)
    const paid = paymentRow(paymentId, startedAt, { fee: { value: 82, scale: 2 } })
    const again = await run(shop, first, [paid])
    expect(again).toMatchObject({ findingCount: 0, learned: 1, counts: { learnFee: 1 } })
    expect(again.sums).toMatchObject([{ ledgerMinor: 13_700, billMinor: 13_700 }])
    await expectBooksToAgree(shop)
  })
})

describe('what comes back of a fee with a refund that is under way', () => {
  /** Ann has paid for a kettle, and its 129.00 are on their way back to her; of the fee 0.77 comes back. */
  const underWay = async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.gateway.scriptRefund({ kind: 'pending' })
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    const { refundId } = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines }))
    const paid = paymentRow(paymentId, shop.clock.now())
    const back: GatewayBillRow = {
      ...paid,
      kind: 'refund',
      reference: refundId,
      amountMinor: 12_900,
      fee: { value: -77_400, scale: 5 },
    }
    const arrive = async () => {
      shop.gateway.settleRefund(refundId)
      value(await settleRefunds(shop, { limit: 10 }))
      expect((await booksOf(shop)).refunds[0]?.state.status).toBe('succeeded')
    }
    const feeNow = async () => balanceOf((await booksOf(shop)).ledger, 'fee')
    return { shop, paid, back, waits: { ...back, status: 'pending' } as const, arrive, feeNow }
  }

  it('is booked with what the bill teaches where the bill is the first to say that it arrived', async () => {
    const { shop, paid, back, feeNow } = await underWay()
    shop.pass(daysMs)
    expect(await run(shop, first, [paid, back])).toMatchObject({ findingCount: 0, counts: { learnSucceeded: 1 } })
    expect(await feeNow()).toBe(-77)
    expect(await run(shop, first, [paid, back])).toMatchObject({ findingCount: 0, learned: 0, counts: { matched: 2 } })
    expect(await feeNow()).toBe(-77)
    await expectBooksToAgree(shop)
  })

  it('is booked once it has arrived, though no bill says so any more', async () => {
    const { shop, paid, waits, arrive, feeNow } = await underWay()
    shop.pass(daysMs)
    expect(await run(shop, first, [paid, waits])).toMatchObject({ findingCount: 0, learned: 0 })
    // It may fail yet, and then nothing has come back.
    expect(await feeNow()).toBe(0)
    await arrive()
    shop.pass(2 * daysMs)
    expect(await run(shop, second, [])).toMatchObject({ findingCount: 0, learned: 1 })
    expect(await feeNow()).toBe(-77)
    for (const day of [second, third]) expect(await run(shop, day, [])).toMatchObject({ findingCount: 0, learned: 0 })
    expect(await feeNow()).toBe(-77)
    await expectBooksToAgree(shop)
  })

  it('is booked where it has arrived by the time the bill of its day is read, whose sums leave it out', async () => {
    const { shop, paid, waits, arrive, feeNow } = await underWay()
    shop.pass(daysMs)
    await arrive()
    shop.pass(2 * daysMs)
    const today = await run(shop, first, [paid, waits])
    expect(today).toMatchObject({ findingCount: 0, learned: 1, counts: { inTransit: 1 } })
    expect(today.sums).toMatchObject([{ ledgerMinor: 13_700, billMinor: 13_700 }])
    expect(await feeNow()).toBe(-77)
    for (const day of [first, second])
      expect(await run(shop, day, day === first ? [paid, waits] : [])).toMatchObject({ findingCount: 0, learned: 0 })
    expect(await feeNow()).toBe(-77)
    await expectBooksToAgree(shop)
  })
})
