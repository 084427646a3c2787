import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCarrying } from '../../../src/orders/books/carried-over.js'
import { reconcileBill } from '../../../src/orders/books/reconcile-bill.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { GatewayBillRow } from '../../../src/payments/gateway-bill.js'
import { listReconciliations } from '../../../src/payments/list-reconciliations.js'
import { reconcile } from '../../../src/payments/reconcile.js'
import type { BilledBefore, LedgerRow, Period, Reconciled } from '../../../src/payments/reconcile-row.js'
import { carriedId } from '../../../src/payments/reconciliation.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const first = '2026-03-10'
const second = '2026-03-11'
const third = '2026-03-12'

const run = async (shop: TestShop, day: string, source: readonly GatewayBillRow[]) =>
  value(await reconcileBill(shop, byStaff(), { gatewayId: 'sandbox', day, timeZone: 'Asia/Shanghai', source }))

/** What the sandbox would bill: payments as done, refunds as said. */
const rowsOf = (shop: TestShop, status: GatewayBillRow['status'] = 'succeeded') => {
  const { payments, refunds } = shop.gateway.books()
  return {
    payments: payments.map(
      ({ attemptRef, gatewayRef, currency, capturedMinor, at }): GatewayBillRow => ({
        kind: 'payment',
        reference: attemptRef,
        attemptRef,
        gatewayRef,
        status: 'succeeded',
        currency,
        amountMinor: capturedMinor,
        fee: null,
        at,
      }),
    ),
    refunds: refunds.map(
      ({ refundRef, attemptRef, gatewayRef, currency, amountMinor, at }): GatewayBillRow => ({
        kind: 'refund',
        reference: refundRef,
        attemptRef,
        gatewayRef,
        status,
        currency,
        amountMinor,
        fee: null,
        at,
      }),
    ),
  }
}

/** Ann has paid for a kettle on the first day at ten, and is given its money back. */
const refunded = async (refund: 'succeed' | 'pending', passMs = 0) => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  shop.pass(passMs)
  shop.gateway.scriptRefund({ kind: refund })
  const lines = [{ lineId: 'kettle-1', quantity: 1 }]
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines }))
  return shop
}

describe('a refund that a bill has on another day than we', () => {
  it('is carried to the bill of the next day, and is nothing to look at where that has it', async () => {
    const shop = await refunded('succeed')
    shop.pass(3 * daysMs)
    const { payments, refunds } = rowsOf(shop)
    const today = await run(shop, first, payments)
    expect(today).toMatchObject({ findingCount: 0, counts: { matched: 1, inTransit: 1, missingInBill: 0 } })
    // Sums are of what stands in the bill of the day.
    expect(today.sums).toMatchObject([{ ledgerMinor: 13_700, billMinor: 13_700 }])
    const next = await run(shop, second, refunds)
    expect(next).toMatchObject({ findingCount: 0, counts: { matched: 1, inTransit: 0 } })
    expect(next.sums).toMatchObject([{ ledgerMinor: -12_900, billMinor: -12_900 }])
    expect((await run(shop, third, [])).findingCount).toBe(0)
    // Read again, each finds the same.
    expect(await run(shop, first, payments)).toEqual(today)
    expect(await run(shop, second, refunds)).toEqual(next)
    const listed = value(await listReconciliations(shop, byStaff(), {}))
    expect(listed.reconciliations.map((each) => Object.keys(each).includes('carried'))).toEqual([false, false, false])
    await expectBooksToAgree(shop)
  })

  it('is told once, with the next day, where no bill has it', async () => {
    const shop = await refunded('succeed')
    shop.pass(3 * daysMs)
    const { payments, refunds } = rowsOf(shop)
    expect((await run(shop, first, payments)).findingCount).toBe(0)
    for (const _ of [1, 2]) {
      expect(await run(shop, second, [])).toMatchObject({
        findingCount: 1,
        findings: [{ kind: 'missingInBill', reference: refunds[0]?.reference }],
      })
    }
    expect((await run(shop, third, [])).findingCount).toBe(0)
    expect((await run(shop, first, payments)).findingCount).toBe(0)
  })

  it('is told with the next bill that is read, where one was left out', async () => {
    const shop = await refunded('succeed')
    shop.pass(3 * daysMs)
    const { payments, refunds } = rowsOf(shop)
    await run(shop, first, payments)
    expect((await run(shop, third, [])).findings.map(({ kind }) => kind)).toEqual(['missingInBill'])
    // The bill that was left out has it after all.
    expect((await run(shop, second, refunds)).findingCount).toBe(0)
    expect((await run(shop, third, [])).findingCount).toBe(0)
  })

  it('is billed while it was under way, and not looked for once it has arrived', async () => {
    const shop = await refunded('pending')
    shop.pass(daysMs)
    const { payments, refunds } = rowsOf(shop, 'pending')
    const [{ reference } = { reference: '' }] = refunds
    shop.gateway.settleRefund(reference)
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await booksOf(shop)).refunds[0]?.state.status).toBe('succeeded')
    shop.pass(2 * daysMs)
    // It has arrived by the time its bill is read.
    const today = await run(shop, first, [...payments, ...refunds])
    expect(today).toMatchObject({ findingCount: 0, counts: { matched: 1, inTransit: 1, statusDiff: 0 } })
    expect(today.sums).toMatchObject([{ ledgerMinor: 13_700, billMinor: 13_700 }])
    for (const day of [second, third]) expect((await run(shop, day, [])).findingCount).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('is remembered as under way also where its bill was read before it arrived', async () => {
    const shop = await refunded('pending')
    shop.pass(daysMs)
    const { payments, refunds } = rowsOf(shop, 'pending')
    expect((await run(shop, first, [...payments, ...refunds])).findingCount).toBe(0)
    shop.gateway.settleRefund(refunds[0]?.reference ?? '')
    value(await settleRefunds(shop, { limit: 10 }))
    shop.pass(2 * daysMs)
    for (const day of [second, third]) expect((await run(shop, day, [])).findingCount).toBe(0)
  })

  it('may be the payment of just before midnight, which the gateway has after it', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    // At ten in the morning no clock is that far off.
    shop.pass(2 * daysMs)
    const { payments } = rowsOf(shop)
    expect((await run(shop, first, [])).findings.map(({ kind }) => kind)).toEqual(['missingInBill'])
    expect((await run(shop, first, payments)).findingCount).toBe(0)

    const late = await openShop()
    late.pass(14 * hoursMs - 20_000)
    await fillCart(late, 'ann', [['kettle', 1]])
    const order = await place(late, 'ann')
    await pay(late, 'ann', order.orderId)
    late.pass(3 * daysMs)
    const ofLate = rowsOf(late).payments
    expect(await run(late, first, [])).toMatchObject({ findingCount: 0, counts: { inTransit: 1 } })
    expect(await run(late, second, ofLate)).toMatchObject({ findingCount: 0, counts: { matched: 1 } })
    // The other way round: in the bill of the day before, and not in that of its own.
    expect(await run(late, '2026-03-09', ofLate)).toMatchObject({ findingCount: 0, counts: { matched: 1 } })
    expect(await run(late, first, [])).toMatchObject({ findingCount: 0, counts: { otherDay: 1, inTransit: 0 } })
  })
})

const dayAt = (n: number): Period => ({ from: n * daysMs, to: (n + 1) * daysMs })
const days = [0, 1, 2, 3, 4, 5]

/** A refund: the day it was asked for, how many days later it arrived, and in the bill of which of these or the next it is. */
const anyRefund = fc
  .record({ asked: fc.integer({ min: 0, max: 2 }), took: fc.integer({ min: 0, max: 2 }), hour: fc.nat({ max: 23 }) })
  .chain(({ asked, took, hour }) =>
    fc.record({
      at: fc.constant((asked + took) * daysMs + hour * hoursMs),
      billedOn: fc.integer({ min: asked, max: asked + took + 1 }),
    }),
  )

describe('of any refunds over days', () => {
  it('nothing is found where each stands in one bill; what stands in none is found once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRefund, { maxLength: 8 }), fc.nat(), async (made, lost) => {
        const ledger = made.map(
          ({ at }, n): LedgerRow => ({
            kind: 'refund',
            reference: `r-${n}`,
            orderId: 'o',
            status: 'succeeded',
            currency: 'CNY',
            amountMinor: 100 + n,
            feeMinor: null,
            at,
            billedBy: at + daysMs,
            payable: null,
          }),
        )
        const findings = async (missing: number) => {
          const found: string[] = []
          const early = new Set<string>()
          let carried = new Set<string>()
          for (const n of days) {
            const day = dayAt(n)
            const bill = ledger.flatMap((ours, place): readonly GatewayBillRow[] => {
              if (place === missing || made[place]?.billedOn !== n) return []
              const { kind, reference, currency, amountMinor, at } = ours
              const status = at >= day.to ? 'pending' : 'succeeded'
              const row = { kind, reference, attemptRef: 'p', gatewayRef: null, currency, amountMinor } as const
              return [{ ...row, status, fee: null, at: day.from }]
            })
            const carrying = createCarrying(day)
            const last = carried
            const foundBefore = found.length
            const before: BilledBefore = {
              isBilled: (row) => early.has(carriedId(row)),
              isCarried: (row) => last.has(carriedId(row)),
            }
            const tell = (reconciled: Reconciled) => {
              expect(carrying.note(reconciled)).toBe(true)
              if (reconciled.kind === 'missingInBill') found.push(reconciled.ours.reference)
              else expect(['matched', 'otherDay', 'inTransit']).toContain(reconciled.kind)
            }
            const totals = await reconcile({ ledger, bill, day, before, tell })
            expect(totals._unsafeUnwrap().sums.every(({ ledgerMinor, billMinor }) => ledgerMinor === billMinor)).toBe(
              found.length === foundBefore,
            )
            for (const id of carrying.over.billedEarly) early.add(id)
            carried = new Set(carrying.over.carried)
          }
          return found
        }
        expect(await findings(-1)).toEqual([])
        if (made.length === 0) return
        const missing = lost % made.length
        expect(await findings(missing)).toEqual([`r-${missing}`])
      }),
    )
  })
})
