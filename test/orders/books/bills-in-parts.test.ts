import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { reconcileBill } from '../../../src/orders/books/reconcile-bill.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { recordPayment } from '../../../src/orders/paying/record-outcome.js'
import { defaultShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settlePayments } from '../../../src/orders/sweep-orders.js'
import type { GatewayBillRow } from '../../../src/payments/gateway-bill.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { deliver, openUnpaidShop, orderUnpaid, send } from '../on-delivery/on-delivery-shop.js'
import { byStaff, commit, fillCart, openShop, pay, place, type Sku, type TestShop, value } from '../open-shop.js'

/** A shop that takes money as parcels leave, and a kettle with its carriage, 137.00, that is held for Ann, and what else she buys. */
const openHeld = async (more: readonly [Sku, number][] = []) => {
  const shop = await openShop()
  const state = { ...defaultShopPolicy, capture: 'onShipment' } as const
  await commit(shop, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
  await fillCart(shop, 'ann', [['kettle', 1], ...more])
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', orderId)
  return { shop, orderId, paymentId }
}

const shipment = { carrier: 'sf-express', trackingNumber: 'SF1' }
const capture = async (shop: TestShop, orderId: string, amountMinor: number) =>
  value(await captureOrder(shop, byStaff(), { orderId, amountMinor })).status

const rowOf = (
  reference: string,
  at: number,
  amountMinor: number,
  feeMinor: number,
  gatewayRef: string | null = null,
): GatewayBillRow => ({
  kind: 'payment',
  reference,
  attemptRef: reference,
  gatewayRef,
  status: 'succeeded',
  currency: 'CNY',
  amountMinor,
  fee: { value: feeMinor, scale: 2 },
  at,
})

const dayOf = (at: number) => new Date(at + 8 * hoursMs).toISOString().slice(0, 10)
const read = async (shop: TestShop, source: readonly GatewayBillRow[], at: number, gatewayId = 'sandbox') =>
  value(await reconcileBill(shop, byStaff(), { gatewayId, day: dayOf(at), timeZone: 'Asia/Shanghai', source }))
const feesIn = async (shop: TestShop) => balanceOf((await booksOf(shop)).ledger, 'fee')

describe('held money that is taken on two days', () => {
  it('fits the bill of each day, and costs what both bills say', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    const monday = shop.clock.now()
    expect(await capture(shop, orderId, 6_000)).toBe('captured')
    shop.pass(daysMs)
    const first = [rowOf(paymentId, monday, 6_000, 36)]
    // The rest is held yet, and nothing about that is odd.
    expect(await read(shop, first, monday)).toMatchObject({ learned: 1, findingCount: 0, counts: { learnFee: 1 } })
    const tuesday = shop.clock.now()
    expect(await capture(shop, orderId, 7_700)).toBe('captured')
    shop.pass(daysMs)
    const second = [rowOf(paymentId, tuesday, 7_700, 46)]
    expect(await read(shop, second, tuesday)).toMatchObject({ learned: 1, findingCount: 0, counts: { learnFee: 1 } })
    expect(await feesIn(shop)).toBe(36 + 46)

    for (const [source, day] of [
      [first, monday],
      [second, tuesday],
    ] as const) {
      expect(await read(shop, source, day)).toMatchObject({ learned: 0, findingCount: 0, counts: { matched: 1 } })
    }
    expect((await read(shop, first, monday)).sums).toEqual([
      { currency: 'CNY', ledgerMinor: 6_000, billMinor: 6_000, ledgerFeeMinor: 36, billFee: { value: 36, scale: 2 } },
    ])
    expect(await feesIn(shop)).toBe(36 + 46)

    const dearer = await read(shop, [rowOf(paymentId, tuesday, 7_800, 46)], tuesday)
    expect(dearer.findings.map(({ kind, ours }) => [kind, ours?.amountMinor])).toEqual([['amountDiff', 7_700]])
    const costlier = await read(shop, [rowOf(paymentId, monday, 6_000, 37)], monday)
    expect(costlier.findings.map(({ kind, ours }) => [kind, ours?.feeMinor])).toEqual([['feeDiff', 36]])
    expect((await read(shop, [], tuesday)).findings.map(({ kind }) => kind)).toEqual(['missingInBill'])
    expect(await feesIn(shop)).toBe(36 + 46)
    await expectBooksToAgree(shop)
  })

  it('is learned of from the second bill where its answer was lost', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    await capture(shop, orderId, 6_000)
    shop.pass(daysMs)
    const tuesday = shop.clock.now()
    shop.gateway.scriptCapture({ kind: 'timeout', captured: true })
    expect(await capture(shop, orderId, 7_700)).toBe('underway')
    shop.pass(daysMs)
    const bill = [rowOf(paymentId, tuesday, 7_700, 46)]
    expect(await read(shop, bill, tuesday)).toMatchObject({
      learned: 1,
      findingCount: 0,
      counts: { learnSucceeded: 1 },
    })
    const { ledger, payments } = await booksOf(shop)
    expect(payments[0]?.state).toMatchObject({ status: 'captured', known: { captured: { minor: 13_700 } } })
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
    expect(balanceOf(ledger, 'fee')).toBe(46)
    expect(await read(shop, bill, tuesday)).toMatchObject({ learned: 0, findingCount: 0, counts: { matched: 1 } })
    await expectBooksToAgree(shop)
  })

  it('stands in as many rows of one day as there were captures, and costs what they say together', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    const monday = shop.clock.now()
    expect(await capture(shop, orderId, 6_000)).toBe('captured')
    shop.pass(hoursMs)
    expect(await capture(shop, orderId, 7_700)).toBe('captured')
    shop.pass(daysMs)
    const bill = [rowOf(paymentId, monday + hoursMs, 7_700, 46, 'cap_2'), rowOf(paymentId, monday, 6_000, 36, 'cap_1')]
    expect(await read(shop, bill, monday)).toMatchObject({ learned: 1, findings: [], counts: { learnFee: 1 } })
    expect(await feesIn(shop)).toBe(82)
    expect(await read(shop, bill, monday)).toMatchObject({ learned: 0, findings: [], counts: { matched: 1 } })
    const [last] = bill
    expect((await read(shop, [...bill, ...(last ? [last] : [])], monday)).findings).toMatchObject([
      { kind: 'duplicate' },
    ])
    const dearer = [...bill.slice(1), rowOf(paymentId, monday, 7_701, 46, 'cap_2')]
    expect((await read(shop, dearer, monday)).findings).toMatchObject([
      { kind: 'amountDiff', ours: { amountMinor: 13_700 }, theirs: { amountMinor: 13_701, gatewayRef: null } },
    ])
    expect(await feesIn(shop)).toBe(82)
    await expectBooksToAgree(shop)
  })

  it('is learned of with what was taken before on the same day where only its answer was lost', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    const monday = shop.clock.now()
    await capture(shop, orderId, 6_000)
    shop.gateway.scriptCapture({ kind: 'timeout', captured: true })
    expect(await capture(shop, orderId, 7_700)).toBe('underway')
    shop.pass(daysMs)
    const bill = [rowOf(paymentId, monday, 6_000, 36, 'cap_1'), rowOf(paymentId, monday, 7_700, 46, 'cap_2')]
    expect(await read(shop, bill, monday)).toMatchObject({ learned: 1, findings: [], counts: { learnSucceeded: 1 } })
    const { ledger, payments } = await booksOf(shop)
    expect(payments[0]?.state).toMatchObject({ status: 'captured', known: { captured: { minor: 13_700 } } })
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
    expect(await feesIn(shop)).toBe(82)
    expect(await read(shop, bill, monday)).toMatchObject({ learned: 0, findings: [], counts: { matched: 1 } })
    await expectBooksToAgree(shop)
  })

  it('costs no more than the bill says where the gateway has told the first fee by itself', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    const monday = shop.clock.now()
    await capture(shop, orderId, 6_000)
    const asked = value(await shop.gateway.query({ attemptRef: paymentId, gatewayRef: null, at: monday }))
    if (asked.kind !== 'ok' || asked.value === 'notFound') throw new Error('the payment is not found')
    const snapshot = { ...asked.value, feeMinor: 36 }
    value(await recordPayment(shop, paymentId, () => [{ type: 'RecordSnapshot', snapshot }], { gatewayId: 'sandbox' }))
    expect(await feesIn(shop)).toBe(36)
    shop.gateway.scriptCapture({ kind: 'timeout', captured: true })
    await capture(shop, orderId, 7_700)
    shop.pass(daysMs)
    const bill = [rowOf(paymentId, monday, 6_000, 36, 'cap_1'), rowOf(paymentId, monday, 7_700, 46, 'cap_2')]
    expect(await read(shop, bill, monday)).toMatchObject({ learned: 1, findings: [], counts: { learnSucceeded: 1 } })
    expect(await feesIn(shop)).toBe(82)
    expect(await read(shop, bill, monday)).toMatchObject({ learned: 0, findings: [], counts: { matched: 1 } })
    await expectBooksToAgree(shop)
  })

  it('fits its order where what was not taken yet was given up with the pieces it was for', async () => {
    const { shop, orderId, paymentId } = await openHeld([['mug', 2]])
    const monday = shop.clock.now()
    const kettle = [{ lineId: 'kettle-1', quantity: 1 }]
    value(await captureAndShip(shop, byStaff(), { orderId, ...shipment, lines: kettle }))
    const mugs = [{ lineId: 'mug-2', quantity: 2 }]
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: mugs }))
    shop.pass(daysMs)
    value(await settlePayments(shop, { limit: 10 }))
    const { payments } = await booksOf(shop)
    expect(payments[0]?.state).toMatchObject({ status: 'captured', known: { captured: { minor: 13_700 } } })
    const bill = [rowOf(paymentId, monday, 13_700, 82)]
    expect(await read(shop, bill, monday)).toMatchObject({ learned: 1, findings: [] })
    expect(await read(shop, bill, monday)).toMatchObject({ findings: [], counts: { matched: 1 } })
    await expectBooksToAgree(shop)
  })

  it('fits day by day however it is divided, whichever bill is read first', async () => {
    const captures = fc.array(
      fc.record({ share: fc.integer({ min: 1, max: 9 }), fee: fc.integer({ min: 0, max: 99 }), days: fc.nat(2) }),
      { minLength: 1, maxLength: 5 },
    )
    await fc.assert(
      fc.asyncProperty(captures, fc.infiniteStream(fc.nat()), fc.boolean(), async (parts, dice, addsUp) => {
        const { shop, orderId, paymentId } = await openHeld()
        const whole = parts.reduce((sum, { share }) => sum + share, 0)
        const bills = new Map<string, { at: number; feeMinor: number; parts: GatewayBillRow[] }>()
        let leftMinor = 13_700
        for (const [place, { share, fee, days }] of parts.entries()) {
          const amountMinor = place === parts.length - 1 ? leftMinor : Math.floor((13_700 * share) / whole)
          leftMinor -= amountMinor
          shop.pass(days * daysMs)
          const at = shop.clock.now()
          expect(await capture(shop, orderId, amountMinor)).toBe('captured')
          const { feeMinor, parts: taken } = bills.get(dayOf(at)) ?? { feeMinor: 0, parts: [] }
          const part = rowOf(paymentId, at, amountMinor, fee, `cap_${place}`)
          bills.set(dayOf(at), { at, feeMinor: feeMinor + fee, parts: [...taken, part] })
        }
        shop.pass(daysMs)
        const order = [...bills.values()].map((bill) => ({ bill, die: dice.next().value }))
        order.sort((one, other) => one.die - other.die)
        for (const learned of [true, false]) {
          for (const { bill } of order) {
            // Some gateways add up what they took on a day, others have a row for each capture.
            const amountMinor = bill.parts.reduce((sum, part) => sum + part.amountMinor, 0)
            const added = [rowOf(paymentId, bill.at, amountMinor, bill.feeMinor)]
            const result = await read(shop, addsUp ? added : [...bill.parts].reverse(), bill.at)
            expect(result.findings).toEqual([])
            expect(result.learned).toBe(learned && bill.feeMinor > 0 ? 1 : 0)
          }
        }
        expect(await feesIn(shop)).toBe(parts.reduce((sum, { fee }) => sum + fee, 0))
      }),
      { numRuns: inject('storage') === 'memory' ? 40 : 3 },
    )
  })
})

describe('money that couriers collect on two days', () => {
  it('fits the remittance of each day, and costs what both say', async () => {
    const shop = await openUnpaidShop()
    const { orderId, paymentId } = await orderUnpaid(shop, 'ann', [
      ['kettle', 1],
      ['mug', 2],
    ])
    const kettle = await send(shop, orderId, [{ lineId: 'kettle-1', quantity: 1 }])
    const mugs = await send(shop, orderId)
    const monday = shop.clock.now()
    value(await deliver(shop, kettle.parcelId, 13_700))
    shop.pass(daysMs)
    const tuesday = shop.clock.now()
    value(await deliver(shop, mugs.parcelId, 3_800))
    shop.pass(daysMs)
    const second = [rowOf(paymentId, tuesday, 3_800, 38)]
    const first = [rowOf(paymentId, monday, 13_700, 137)]
    expect(await read(shop, second, tuesday, 'courier')).toMatchObject({ learned: 1, findingCount: 0 })
    expect(await read(shop, first, monday, 'courier')).toMatchObject({ learned: 1, findingCount: 0 })
    expect(await read(shop, second, tuesday, 'courier')).toMatchObject({ learned: 0, findingCount: 0 })
    expect(await feesIn(shop)).toBe(137 + 38)
    await expectBooksToAgree(shop)
  })
})
