import { errAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { reconcileBill } from '../../../src/orders/books/reconcile-bill.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { defaultShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { acceptHeldMoney } from '../../../src/orders/suspense/accept-held-money.js'
import type { GatewayBillRow } from '../../../src/payments/gateway-bill.js'
import { listReconciliations } from '../../../src/payments/list-reconciliations.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const orderOf = async (shop: TestShop, buyer: string) => {
  await fillCart(shop, buyer, [['kettle', 1]])
  return (await place(shop, buyer)).orderId
}

/** The day's bill of the sandbox, as its books have it. */
const billOf = (shop: TestShop): readonly GatewayBillRow[] => {
  const { payments, refunds } = shop.gateway.books()
  return [
    ...payments
      .filter(({ capturedMinor }) => capturedMinor > 0)
      .map(
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
    ...refunds.map(
      ({ refundRef, attemptRef, gatewayRef, currency, amountMinor, at }): GatewayBillRow => ({
        kind: 'refund',
        reference: refundRef,
        attemptRef,
        gatewayRef,
        status: 'succeeded',
        currency,
        amountMinor,
        fee: null,
        at,
      }),
    ),
  ].reverse()
}

const bill = { gatewayId: 'sandbox', day: '2026-03-10', timeZone: 'Asia/Shanghai' }
const run = (shop: TestShop, source: readonly GatewayBillRow[], day = bill.day) =>
  reconcileBill(shop, byStaff(), { ...bill, day, source })

const statusOf = async (shop: TestShop, orderId: string) =>
  (await booksOf(shop)).orders.find(({ id }) => id === orderId)?.state.status

describe('the bill of a day', () => {
  it('finds what is wrong, keeps it for a person, and finds the same again', async () => {
    const shop = await openShop()
    const orderIds = []
    for (const buyer of ['ann', 'bob', 'cat', 'dan']) orderIds.push(await orderOf(shop, buyer))
    for (const [n, buyer] of ['ann', 'bob', 'cat', 'dan'].entries()) await pay(shop, buyer, orderIds[n] ?? '')
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    value(await refundOrder(shop, byStaff(), { orderId: orderIds[3] ?? '', reason: 'goodwill', lines }))
    expect((await run(shop, [])).isErr()).toBe(true)
    shop.pass(daysMs)

    const whole = billOf(shop)
    const fine = value(await run(shop, whole))
    expect(fine).toMatchObject({ findingCount: 0, learned: 0, counts: { matched: 5 } })
    expect(fine.sums).toEqual([
      { currency: 'CNY', ledgerMinor: 41_900, billMinor: 41_900, ledgerFeeMinor: 0, billFee: { value: 0, scale: 0 } },
    ])

    const payments = whole.filter(({ kind }) => kind === 'payment')
    const [deleted, dearer, twice] = payments
    const damaged = [
      ...whole
        .filter((row) => row !== deleted)
        .map((row) => (row === dearer ? { ...row, amountMinor: row.amountMinor + 1 } : row)),
      ...(twice === undefined ? [] : [twice]),
    ]
    const before = (await booksOf(shop)).ledger.length
    const first = value(await run(shop, damaged))
    const again = value(await run(shop, damaged))
    expect(again).toEqual(first)
    expect(Object.fromEntries(first.findings.map(({ kind, reference }) => [kind, reference]))).toEqual({
      missingInBill: deleted?.reference,
      amountDiff: dearer?.reference,
      duplicate: twice?.reference,
    })
    expect((await booksOf(shop)).ledger).toHaveLength(before)
    const listed = value(await listReconciliations(shop, byStaff(), { open: true }))
    expect(listed.reconciliations.map(({ day, findingCount }) => [day, findingCount])).toEqual([['2026-03-10', 3]])
    await expectBooksToAgree(shop)
  })

  it('says what was open here: paid after all, never paid, and leaves open what the next bill may still have', async () => {
    const shop = await openShop()
    const paid = await orderOf(shop, 'ann')
    const never = await orderOf(shop, 'bob')
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    await pay(shop, 'ann', paid)
    shop.gateway.script({ kind: 'timeout', charged: false })
    await pay(shop, 'bob', never)
    // Half an hour to pay, begun at ten to midnight.
    shop.pass(13 * hoursMs + 50 * 60_000)
    const late = await orderOf(shop, 'cat')
    shop.gateway.script({ kind: 'timeout', charged: false })
    await pay(shop, 'cat', late)
    shop.pass(12 * hoursMs)

    const first = value(await run(shop, billOf(shop)))
    expect(first).toMatchObject({
      learned: 2,
      findingCount: 0,
      counts: { learnSucceeded: 1, learnNotFound: 1, noMoney: 1 },
    })
    expect(await statusOf(shop, paid)).toBe('paid')
    const payments = (await booksOf(shop)).payments.map(({ state }) => [state.orderId, state.status])
    expect(Object.fromEntries(payments)).toEqual({ [paid]: 'captured', [never]: 'closed', [late]: 'unknown' })
    expect(value(await run(shop, billOf(shop)))).toMatchObject({
      learned: 0,
      counts: { matched: 1, learnSucceeded: 0 },
    })

    shop.pass(daysMs)
    const second = value(await run(shop, [], '2026-03-11'))
    expect(second).toMatchObject({ learned: 1, counts: { learnNotFound: 1 } })
    expect((await booksOf(shop)).payments.map(({ state }) => state.status).sort()).toEqual([
      'captured',
      'closed',
      'closed',
    ])
    await expectBooksToAgree(shop)
  })

  it('teaches no other name of a payment, or of a refund, than its gateway has given', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop, 'ann')
    await pay(shop, 'ann', orderId)
    shop.gateway.scriptRefund({ kind: 'pending' })
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 500 }))
    const names = async () => {
      const { payments, refunds } = await booksOf(shop)
      return [...payments, ...refunds].map(({ state }) => state.known.gatewayRef)
    }
    const before = await names()
    expect(before).not.toContain(null)
    shop.pass(daysMs)
    const rows = billOf(shop).map((row) => ({
      ...row,
      gatewayRef: `0-${row.reference}`,
      fee: row.kind === 'payment' ? { value: 82, scale: 2 } : null,
    }))
    expect(value(await run(shop, rows))).toMatchObject({ learned: 2, findingCount: 0 })
    expect(await names()).toEqual(before)
    await expectBooksToAgree(shop)
  })

  it('books the fees that only the bill knows, once, and those that come back', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop, 'ann')
    await pay(shop, 'ann', orderId)
    value(
      await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId: 'kettle-1', quantity: 1 }] }),
    )
    shop.pass(daysMs)
    const rows = billOf(shop).map((row) => ({
      ...row,
      fee: { value: row.kind === 'payment' ? 82_200 : -77_400, scale: 5 },
    }))
    expect(value(await run(shop, rows))).toMatchObject({ learned: 2, counts: { learnFee: 2 } })
    expect(value(await run(shop, rows))).toMatchObject({ learned: 0, findingCount: 0, counts: { matched: 2 } })
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'fee')).toBe(82 - 77)
    expect(value(await run(shop, rows)).sums[0]).toMatchObject({ ledgerFeeMinor: 5, billFee: { value: 48, scale: 3 } })
    const dearer = rows.map((row) => ({ ...row, fee: { value: 99, scale: 2 } }))
    expect(value(await run(shop, dearer)).findings.map(({ kind }) => kind)).toEqual(['feeDiff', 'feeDiff'])
    await expectBooksToAgree(shop)
  })

  it('holds each payment against its order line by line on the first reading, also where it teaches a fee or a payment', async () => {
    const shop = await openShop()
    const heard = await orderOf(shop, 'ann')
    await pay(shop, 'ann', heard)
    const unheard = await orderOf(shop, 'bob')
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    await pay(shop, 'bob', unheard)
    shop.pass(daysMs)
    const rows = billOf(shop).map((row) => ({ ...row, fee: { value: 82, scale: 2 } }))
    for (const orderId of [heard, unheard]) {
      const order = (await booksOf(shop)).orders.find(({ id }) => id === orderId)
      if (order === undefined) throw new Error('no order')
      const { id, version, state } = order
      const lines = state.lines.map((line) => ({ ...line, paidMinor: line.paidMinor + 1 }))
      await commit(shop, [put(orders, { id, version, state: { ...state, lines } })])
    }
    const [first, again] = [value(await run(shop, rows)), value(await run(shop, rows))]
    expect(first).toMatchObject({ learned: 2, counts: { learnFee: 1, learnSucceeded: 1 } })
    expect(again).toMatchObject({ learned: 0, counts: { matched: 2 } })
    for (const { findings } of [first, again]) {
      const found = findings.map(({ kind, orderId, detail }) => [orderId, kind, detail])
      const difference = ['orderDiff', 'kettle-1: 12900 billed, 12901 ordered']
      expect(found).toHaveLength(2)
      expect(Object.fromEntries(found.map(([orderId, ...rest]) => [orderId, rest]))).toEqual({
        [heard]: difference,
        [unheard]: difference,
      })
    }
  })

  it('is kept with what could not be learned, though whoever is told of it throws', async () => {
    const shop = await openShop()
    const paid = await orderOf(shop, 'ann')
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    await pay(shop, 'ann', paid)
    shop.pass(daysMs)
    const source = billOf(shop)
    const told: string[] = []
    const busy = {
      ...shop,
      attempts: 1,
      storage: {
        ...shop.storage,
        commit: (request: Parameters<typeof shop.storage.commit>[0]) =>
          request.puts.some(({ key }) => key.collection === 'payment')
            ? errAsync({ type: 'StorageUnavailable' as const, detail: 'gone' })
            : shop.storage.commit(request),
      },
    }
    const onFinding = ({ kind }: { readonly kind: string }) => {
      told.push(kind)
      throw new Error('nobody listens')
    }
    const result = value(await reconcileBill(busy, byStaff(), { ...bill, source, onFinding }))
    expect(told).toEqual(['notLearned'])
    expect(result).toMatchObject({ learned: 0, findingCount: 1, findings: [{ kind: 'notLearned', orderId: paid }] })
    const kept = value(await listReconciliations(shop, byStaff(), {}))
    expect(kept.reconciliations.map(({ findingCount }) => findingCount)).toEqual([1])
  })

  it('tells of a file that breaks off without a word of what was thrown', async () => {
    const shop = await openShop()
    shop.pass(daysMs)
    const source = async function* (): AsyncGenerator<GatewayBillRow> {
      yield* []
      throw new RangeError('https://bills.example/2026-03-10?token=secret')
    }
    expect(await reconcileBill(shop, byStaff(), { ...bill, source: source() })).toMatchObject({
      error: { type: 'ReconcileInterrupted', stage: 'bill', fault: 'RangeError' },
    })
  })

  it('leaves alone what is only held, and learns what was taken of it and what that cost', async () => {
    const shop = await openShop()
    const state = { ...defaultShopPolicy, capture: 'onShipment' } as const
    await commit(shop, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
    const [held, taken, lost] = [await orderOf(shop, 'ann'), await orderOf(shop, 'bob'), await orderOf(shop, 'cat')]
    await pay(shop, 'ann', held)
    await pay(shop, 'bob', taken)
    await pay(shop, 'cat', lost)
    value(await captureOrder(shop, byStaff(), { orderId: taken }))
    shop.gateway.scriptCapture({ kind: 'timeout', captured: true })
    expect(value(await captureOrder(shop, byStaff(), { orderId: lost })).status).toBe('underway')
    // Whether this one is held nobody knows, and no bill would say so.
    const unheard = await orderOf(shop, 'dan')
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 0 } })
    await pay(shop, 'dan', unheard)
    shop.pass(daysMs)

    const rows = billOf(shop).map((row) => ({ ...row, fee: { value: 600, scale: 5 } }))
    expect(rows).toHaveLength(2)
    expect(value(await run(shop, rows))).toMatchObject({
      learned: 2,
      findingCount: 0,
      counts: { learnFee: 1, learnSucceeded: 1, learnNotFound: 0, noMoney: 2 },
    })
    expect(value(await run(shop, rows))).toMatchObject({ learned: 0, findingCount: 0, counts: { matched: 2 } })
    const books = await booksOf(shop)
    const statuses = books.payments.map(({ state: payment }) => [payment.orderId, payment.status])
    expect(Object.fromEntries(statuses)).toEqual({
      [held]: 'authorised',
      [taken]: 'captured',
      [lost]: 'captured',
      [unheard]: 'unknown',
    })
    expect(await statusOf(shop, held)).toBe('paid')
    expect(books.ledger.map(({ body }) => body.kind).sort()).toEqual([
      'captured',
      'captured',
      'feeCharged',
      'feeCharged',
    ])
    expect(balanceOf(books.ledger, `escrow:${lost}`)).toBe(-13_700)
    expect(balanceOf(books.ledger, 'fee')).toBe(2)
    await expectBooksToAgree(shop)
  })

  it('learns that a refund arrived, and takes a stranger’s payment for a finding', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop, 'ann')
    await pay(shop, 'ann', orderId)
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: true, delivery: { times: 0 } })
    value(
      await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId: 'kettle-1', quantity: 1 }] }),
    )
    shop.pass(daysMs)
    const rows = billOf(shop)
    const strange = { ...rows[0], kind: 'payment', reference: 'pay-of-nobody' } as GatewayBillRow
    expect(value(await run(shop, [...rows, strange]))).toMatchObject({
      learned: 1,
      findings: [{ kind: 'missingInLedger', reference: 'pay-of-nobody', orderId: null }],
    })
    expect((await booksOf(shop)).refunds[0]?.state.status).toBe('succeeded')
    await expectBooksToAgree(shop)
  })

  it('is refused while the day lasts, of a gateway that is not there, and as a whole where a row is none', async () => {
    const shop = await openShop()
    const refusal = async (sent: object) =>
      (await reconcileBill(shop, byStaff(), { ...bill, source: [], ...sent }))._unsafeUnwrapErr()
    expect(await refusal({})).toEqual({ type: 'DayNotOver', day: '2026-03-10', endsAt: Date.UTC(2026, 2, 10, 16) })
    const day = '2026-03-09'
    expect(await refusal({ day, gatewayId: 'nobody' })).toMatchObject({ type: 'GatewayUnknown' })
    expect(await refusal({ day: '2026-02-30' })).toMatchObject({ type: 'InvalidInput' })
    const row = { kind: 'payment', reference: 'a', attemptRef: 'a', gatewayRef: null, status: 'succeeded', at: 0 }
    const money = { currency: 'CNY', amountMinor: 1, fee: null }
    expect(
      await refusal({
        day,
        source: [
          { ...row, ...money },
          { ...row, ...money, amountMinor: 0.5 },
        ],
      }),
    ).toMatchObject({
      type: 'BillRowInvalid',
      row: 2,
    })
    expect(await reconcileBill(shop, by('ann'), { ...bill, day, source: [] })).toMatchObject({
      error: { type: 'Denied' },
    })
  })

  it.each([
    ['another amount', { kind: 'wrongAmount', minor: 2_000 }, 2_000],
    ['somebody else’s order', { kind: 'wrongOrder', orderRef: 'order-of-nobody' }, 13_700],
    ['another account', { kind: 'wrongAccount', merchantAccount: 'account-of-nobody' }, 13_700],
  ] as const)('books once what was kept of money for %s, which stays in suspense', async (_, script, amountMinor) => {
    const shop = await openShop()
    const orderId = await orderOf(shop, 'ann')
    shop.gateway.script(script)
    const { paymentId: reference } = await pay(shop, 'ann', orderId)
    shop.pass(daysMs)
    const rows = billOf(shop).map((each) => ({ ...each, reference, amountMinor, fee: { value: 82, scale: 2 } }))
    expect(value(await run(shop, rows))).toMatchObject({ learned: 1, findingCount: 0, counts: { learnFee: 1 } })
    expect(value(await run(shop, rows))).toMatchObject({ learned: 0, findingCount: 0, counts: { matched: 1 } })
    const { ledger, payments } = await booksOf(shop)
    expect(balanceOf(ledger, 'fee')).toBe(82)
    expect(balanceOf(ledger, 'suspense:sandbox')).toBe(-amountMinor)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(amountMinor - 82)
    expect(payments[0]?.state.status).toBe('integrityHold')
    await expectBooksToAgree(shop)
  })

  it('finds nothing wrong where more came than was due, its order’s part was accepted and the rest sent back', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop, 'ann')
    shop.gateway.script({ kind: 'otherAmount', minor: 15_000 })
    const { paymentId } = await pay(shop, 'ann', orderId)
    value(await acceptHeldMoney(shop, byStaff(), { paymentId }))
    shop.pass(daysMs)
    const found = value(await run(shop, billOf(shop)))
    expect(found).toMatchObject({ findings: [], counts: { matched: 2 } })
    // The same where the order is not what was accepted for it.
    const [row] = (await booksOf(shop)).orders
    const totals = { ...row?.state.totals, payableMinor: 13_600 }
    await commit(shop, [put(orders, { ...row, state: { ...row?.state, totals }, events: [] } as never)])
    expect(value(await run(shop, billOf(shop)))).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ kind: 'orderDiff', reference: paymentId })]),
    })
  })

  it('leaves to a person what was kept of money in another currency', async () => {
    const shop = await openShop()
    const orderId = await orderOf(shop, 'ann')
    shop.gateway.script({ kind: 'wrongCurrency', currency: 'USD' })
    const { paymentId: reference } = await pay(shop, 'ann', orderId)
    shop.pass(daysMs)
    const rows = billOf(shop).map((each) => ({ ...each, reference, currency: 'USD', fee: { value: 82, scale: 2 } }))
    for (const _ of [1, 2]) {
      expect(value(await run(shop, rows))).toMatchObject({ learned: 0, findings: [{ kind: 'feeDiff', reference }] })
    }
    expect(balanceOf((await booksOf(shop)).ledger, 'fee')).toBe(0)
    await expectBooksToAgree(shop)
  })
})
