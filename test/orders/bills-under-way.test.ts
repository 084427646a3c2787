import { describe, expect, it } from 'vitest'
import { reconcileBill } from '../../src/orders/books/reconcile-bill.js'
import { recordPayment } from '../../src/orders/paying/record-outcome.js'
import type { GatewayBillRow } from '../../src/payments/gateway-bill.js'
import type { PaymentSnapshot } from '../../src/payments/snapshot.js'
import { daysMs } from '../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from './books-of.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop, value } from './open-shop.js'

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
