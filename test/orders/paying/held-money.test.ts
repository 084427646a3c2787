import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { completeOrder } from '../../../src/orders/parcels/complete-order.js'
import { recordDelivery } from '../../../src/orders/parcels/move-parcel.js'
import { captureAndShip, shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { defaultShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs, minutesMs, secondsMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giftOffer,
  giveCoupon,
  givePoints,
  openShop,
  pay,
  place,
  type TestShop,
  value,
} from '../open-shop.js'

/** A shop that takes money as parcels leave, and Ann's order of a kettle and two mugs: 129.00, 2 x 19.00, carriage 8.00. */
const openHolding = async () => {
  const shop = await openShop()
  const state = { ...defaultShopPolicy, capture: 'onShipment' } as const
  await commit(shop, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
  await fillCart(shop, 'ann', [
    ['kettle', 1],
    ['mug', 2],
  ])
  const { orderId } = await place(shop, 'ann')
  return { shop, orderId }
}
const openHeld = async () => {
  const opened = await openHolding()
  const paid = await pay(opened.shop, 'ann', opened.orderId)
  expect(paid).toMatchObject({ orderStatus: 'paid', paymentStatus: 'authorised' })
  return { ...opened, paymentId: paid.paymentId }
}
const unheard = { kind: 'unknown', cause: 'timeout' } as const
const kettle = [{ lineId: 'kettle-1', quantity: 1 }]
const mugs = (quantity: number) => [{ lineId: 'mug-2', quantity }]
const parcel = (orderId: string, lines?: readonly { readonly lineId: string; readonly quantity: number }[]) => ({
  orderId,
  carrier: 'sf-express',
  trackingNumber: 'SF1',
  ...(lines === undefined ? {} : { lines }),
})
const paymentOf = async (shop: TestShop) => (await booksOf(shop)).payments[0]?.state
const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state
const moneyOf = async (shop: TestShop) => {
  const payment = await paymentOf(shop)
  const [sandbox] = shop.gateway.books().payments
  return [payment?.status, payment?.known.captured?.minor ?? 0, sandbox?.status, sandbox?.capturedMinor]
}
const capture = (shop: TestShop, orderId: string, amountMinor?: number, final = false) =>
  captureOrder(shop, byStaff(), { orderId, ...(amountMinor === undefined ? {} : { amountMinor }), final })

describe('money that is held for an order', () => {
  it('pays it, and is taken parcel by parcel', async () => {
    const { shop, orderId } = await openHeld()
    expect((await booksOf(shop)).ledger).toEqual([])
    const first = value(await captureAndShip(shop, byStaff(), parcel(orderId, kettle)))
    expect(first.status).toBe('partlyShipped')
    // The kettle, and carriage with the first parcel.
    expect(await moneyOf(shop)).toEqual(['partlyCaptured', 13_700, 'authorised', 13_700])
    value(await captureAndShip(shop, byStaff(), parcel(orderId, mugs(1))))
    expect(await moneyOf(shop)).toEqual(['partlyCaptured', 15_600, 'authorised', 15_600])
    expect(value(await captureAndShip(shop, byStaff(), parcel(orderId))).status).toBe('shipped')
    expect(await moneyOf(shop)).toEqual(['captured', 17_500, 'captured', 17_500])
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-17_500)
    await expectBooksToAgree(shop)
  })

  it('is taken at once where the shop does not say otherwise', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    expect(await pay(shop, 'ann', orderId)).toMatchObject({ paymentStatus: 'captured' })
    expect((await capture(shop, orderId))._unsafeUnwrapErr()).toMatchObject({ type: 'NothingToCapture' })
  })

  it('keeps the goods where it is not taken: refused, lost, or within a transaction of the host', async () => {
    const { shop, orderId } = await openHeld()
    const refused = { missingMinor: 13_700, heldMinor: 17_500, lines: kettle }
    expect((await shipOrder(shop, byStaff(), parcel(orderId, kettle)))._unsafeUnwrapErr()).toMatchObject({
      type: 'NotCaptured',
      ...refused,
    })
    shop.gateway.scriptCapture({ kind: 'decline', code: 'InsufficientFunds' })
    expect((await captureAndShip(shop, byStaff(), parcel(orderId, kettle)))._unsafeUnwrapErr()).toMatchObject({
      type: 'CaptureDeclined',
      code: 'InsufficientFunds',
    })
    shop.gateway.scriptCapture({ kind: 'timeout', captured: true })
    expect((await captureAndShip(shop, byStaff(), parcel(orderId, kettle)))._unsafeUnwrapErr()).toMatchObject({
      type: 'CaptureUnderway',
    })
    expect((await orderOf(shop))?.status).toBe('paid')
    shop.pass(20 * secondsMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(await moneyOf(shop)).toEqual(['partlyCaptured', 13_700, 'authorised', 13_700])
    value(await shipOrder(shop, byStaff(), parcel(orderId, kettle)))
    await expectBooksToAgree(shop)
  })

  it('is asked for anew when the shipment is sent again under its key, whatever became of it before', async () => {
    const { shop, orderId } = await openHeld()
    const ship = (lines: ReturnType<typeof mugs>) => captureAndShip(shop, byStaff('ship'), parcel(orderId, lines))
    shop.gateway.scriptCapture({ kind: 'decline', code: 'InsufficientFunds' })
    const declined = { type: 'CaptureDeclined', code: 'InsufficientFunds' }
    expect((await ship(mugs(1)))._unsafeUnwrapErr()).toMatchObject(declined)
    shop.gateway.scriptCapture({ kind: 'decline', code: 'InsufficientFunds' })
    expect((await ship(mugs(1)))._unsafeUnwrapErr()).toMatchObject(declined)
    // Of a shipment that never was, nothing stands under its key: it may be another.
    const sent = value(await ship(kettle))
    expect(await moneyOf(shop)).toEqual(['partlyCaptured', 13_700, 'authorised', 13_700])
    expect(value(await ship(kettle))).toEqual(sent)
    expect((await ship(mugs(1)))._unsafeUnwrapErr()).toMatchObject({ type: 'IdempotencyKeyReused' })
    expect(await moneyOf(shop)).toEqual(['partlyCaptured', 13_700, 'authorised', 13_700])
    await expectBooksToAgree(shop)
  })

  for (const [what, script, lines, takenMinor] of [
    ['it took, and not all of what it holds', { kind: 'timeout', captured: true }, kettle, 13_700],
    ['it took, with all of what it holds', { kind: 'timeout', captured: true }, undefined, 17_500],
    ['it did not take', { kind: 'timeout', captured: false }, undefined, 17_500],
  ] as const) {
    it(`of which the answer was lost, and which ${what}, is learned of when the shipment is sent again`, async () => {
      const { shop, orderId } = await openHeld()
      const ship = () => captureAndShip(shop, byStaff('ship'), parcel(orderId, lines))
      shop.gateway.scriptCapture(script)
      expect((await ship())._unsafeUnwrapErr()).toMatchObject({ type: 'CaptureUnderway' })
      if (!script.captured) {
        // While the call may still be at work it is not sent again.
        expect((await ship())._unsafeUnwrapErr()).toMatchObject({ type: 'NotCaptured' })
        shop.pass(minutesMs)
        shop.gateway.scriptQuery({ kind: 'timeout' })
        shop.gateway.scriptCapture(script)
        expect((await ship())._unsafeUnwrapErr()).toMatchObject({ type: 'NotCaptured' })
        expect((await orderOf(shop))?.status).toBe('paid')
        shop.pass(minutesMs)
      }
      const sent = value(await ship())
      expect(sent.status).toBe(lines === undefined ? 'shipped' : 'partlyShipped')
      const whole = lines === undefined
      const status = whole ? ['captured', takenMinor, 'captured'] : ['partlyCaptured', takenMinor, 'authorised']
      expect(await moneyOf(shop)).toEqual([...status, takenMinor])
      expect(value(await ship())).toEqual(sent)
      await expectBooksToAgree(shop)
    })
  }

  it('that the gateway was asked for in vain is asked for again under the same key, and taken once', async () => {
    const { shop, orderId } = await openHeld()
    shop.gateway.scriptCapture({ kind: 'timeout', captured: false })
    expect(value(await capture(shop, orderId, 3_000)).status).toBe('underway')
    expect((await capture(shop, orderId, 2_000))._unsafeUnwrapErr()).toMatchObject({ type: 'CaptureUnderway' })
    shop.pass(20 * secondsMs)
    value(await settlePayments(shop, { limit: 10 }))
    shop.pass(daysMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(await moneyOf(shop)).toEqual(['partlyCaptured', 3_000, 'authorised', 3_000])
    await expectBooksToAgree(shop)
  })

  it('goes back as far as it was taken, and is not taken as far as it was not', async () => {
    const { shop, orderId } = await openHeld()
    value(await captureAndShip(shop, byStaff(), parcel(orderId, kettle)))
    // 19.00 are for the mugs that have not left: one of them is given up.
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: mugs(1) }))
    expect(await paymentOf(shop)).toMatchObject({ status: 'partlyCaptured', forgoneMinor: 1_900, refunds: [] })
    // The kettle comes back: 19.00 of it were never taken, the rest goes back, and nothing is held any more.
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: kettle }))
    expect(await paymentOf(shop)).toMatchObject({ forgoneMinor: 3_800, refundedMinor: 11_000 })
    shop.pass(20 * secondsMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(await moneyOf(shop)).toEqual(['captured', 13_700, 'captured', 13_700])
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(-2_700)
    await expectBooksToAgree(shop)
  })

  it('scenario 11: is taken to 30 and 50 of 100, not 21 more, and the rest is given up with the last', async () => {
    const { shop, orderId } = await openHeld()
    const captures: number[] = []
    const { capture: take } = shop.gateway
    const counting = {
      ...shop.gateway,
      capture: (request: Parameters<NonNullable<typeof take>>[0]) => {
        captures.push(request.amount.minor)
        return take === undefined ? shop.gateway.query(request).map(() => unheard) : take(request)
      },
    }
    const counted = { ...shop, gateways: { sandbox: counting } }
    value(await capture(counted, orderId, 5_250))
    value(await capture(counted, orderId, 8_750))
    expect((await capture(counted, orderId, 3_675))._unsafeUnwrapErr()).toMatchObject({
      type: 'CaptureExceedsHold',
      askedMinor: 3_675,
      heldMinor: 3_500,
    })
    expect(captures).toEqual([5_250, 8_750])
    expect(await moneyOf(shop)).toEqual(['partlyCaptured', 14_000, 'authorised', 14_000])
    expect(value(await capture(counted, orderId, 1_000, true))).toMatchObject({ capturedMinor: 15_000, heldMinor: 0 })
    expect(await moneyOf(shop)).toEqual(['captured', 15_000, 'captured', 15_000])
    const { ledger } = await booksOf(shop)
    expect(ledger.map(({ body }) => body.kind)).toEqual(['captured', 'captured', 'captured'])
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(15_000)
    await expectBooksToAgree(shop)
  })

  it('is given up with the order, and everything is free again', async () => {
    const { shop, orderId } = await openHeld()
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelled')
    expect(await moneyOf(shop)).toEqual(['closed', 0, 'closed', 0])
    expect(await freeOf(shop, 'kettle')).toBe(100)
    expect((await booksOf(shop)).ledger).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('that lapses gives the order up, by the word of the gateway or by our own clock', async () => {
    for (const bySandbox of [true, false]) {
      const { shop, paymentId } = await openHeld()
      if (bySandbox) expect(shop.gateway.lapse(paymentId)).toBe(true)
      for (let day = 0; day < 8; day += 1) {
        shop.pass(daysMs)
        value(await settlePayments(shop, { limit: 10 }))
      }
      expect(await orderOf(shop)).toMatchObject({ status: 'cancelled', by: 'clock' })
      expect(await moneyOf(shop)).toEqual([bySandbox ? 'failed' : 'closed', 0, 'closed', 0])
      expect(await freeOf(shop, 'kettle')).toBe(100)
      await expectBooksToAgree(shop)
    }
  })

  it('is given up at its gateway, and the order with it, once all of it has been forgone', async () => {
    const { shop, orderId } = await openHeld()
    const lines = [...kettle, ...mugs(2)]
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines, withShipping: true }))
    shop.pass(daysMs)
    expect(value(await settlePayments(shop, { limit: 10 }))).toMatchObject({ done: 1, failed: [] })
    expect(await orderOf(shop)).toMatchObject({ status: 'cancelled', by: 'clock' })
    expect(await moneyOf(shop)).toEqual(['closed', 0, 'closed', 0])
    expect(await freeOf(shop, 'kettle')).toBe(100)
    await expectBooksToAgree(shop)
  })

  it('of which the rest lapses after a parcel has left: what is here still is taken out, and the order goes on', async () => {
    for (const refundPolicy of ['prorate', 'reevaluate'] as const) {
      const shop = await openShop({ offers: [couponOffer, giftOffer] })
      const returns = { ...defaultShopPolicy.returns, refundPolicy }
      const state = { ...defaultShopPolicy, capture: 'onShipment', returns } as const
      await commit(shop, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
      await givePoints(shop, 'ann', 1_000)
      // 3 x 129.00 less 20.00, 10.00 of it in points, carriage 8.00, and a bag.
      await fillCart(shop, 'ann', [['kettle', 3]], [await giveCoupon(shop, 'ann')])
      const { orderId } = await place(shop, 'ann', { points: 1_000 })
      expect((await pay(shop, 'ann', orderId)).paymentStatus).toBe('authorised')
      const first = value(await captureAndShip(shop, byStaff(), parcel(orderId, kettle)))
      const takenMinor = (await paymentOf(shop))?.known.captured?.minor ?? 0
      for (let day = 0; day < 9; day += 1) {
        shop.pass(daysMs)
        value(await settlePayments(shop, { limit: 10 }))
      }
      expect(await moneyOf(shop)).toEqual(['captured', takenMinor, 'captured', takenMinor])
      expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'bag')]).toEqual([99, 100])
      const order = await orderOf(shop)
      expect(order).toMatchObject({ status: 'shipped', refunds: [{ reason: 'edited', sellerAtFault: true }] })
      const untakenMinor = order?.totals.payableMinor === undefined ? 0 : order.totals.payableMinor - takenMinor
      const backMinor = order?.refunds[0]?.cashMinor ?? 0
      // What was never taken is not asked for, to the unit; the kettle that went costs 109.00 alone, less than its part of 367.00.
      expect((await booksOf(shop)).refunds.map(({ state: { amountMinor } }) => amountMinor)).toEqual(
        refundPolicy === 'prorate' ? [] : [backMinor - untakenMinor],
      )
      expect(backMinor === untakenMinor).toBe(refundPolicy === 'prorate')
      value(await settleRefunds(shop, { limit: 10 }))
      const page = value(await orderPage(shop, by('ann'), { orderId }))
      expect(page.history.filter(({ happened }) => happened === 'linesChanged')).toMatchObject([{ by: 'clock' }])
      value(await recordDelivery(shop, byStaff(), { parcelId: first.parcelId }))
      value(await completeOrder(shop, byStaff(), { orderId }))
      expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
      await expectBooksToAgree(shop)
    }
  })

  it('of a second attempt is given up when the first has paid', async () => {
    const { shop, orderId } = await openHolding()
    shop.gateway.script({ kind: 'pending' })
    const first = await pay(shop, 'ann', orderId)
    await pay(shop, 'ann', orderId)
    shop.gateway.pay(first.paymentId)
    shop.pass(20 * secondsMs)
    value(await settlePayments(shop, { limit: 10 }))
    const { payments } = await booksOf(shop)
    expect(payments.map(({ state }) => state.status).sort()).toEqual(['authorised', 'closed'])
    await expectBooksToAgree(shop)
  })

  it('under any captures, refunds and parcels is never taken beyond what it was for', async () => {
    const step = fc.record({
      kind: fc.constantFrom('capture', 'ship', 'refund'),
      line: fc.constantFrom('kettle-1', 'mug-2'),
      amountMinor: fc.integer({ min: 1, max: 18_000 }),
      fate: fc.constantFrom('succeed', 'lost', 'late'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        const { shop, orderId } = await openHeld()
        for (const { kind, line, amountMinor, fate } of steps) {
          if (fate !== 'succeed') shop.gateway.scriptCapture({ kind: 'timeout', captured: fate === 'late' })
          const lines = [{ lineId: line, quantity: 1 }]
          if (kind === 'capture') await capture(shop, orderId, amountMinor)
          if (kind === 'ship') await captureAndShip(shop, byStaff(), parcel(orderId, lines))
          if (kind === 'refund') await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines })
          shop.pass(20 * secondsMs)
          value(await settlePayments(shop, { limit: 10 }))
        }
        // After some questions in vain the next comes a day later; the hold lasts longer than all of this.
        for (let turn = 0; turn < 8; turn += 1) {
          shop.pass(turn < 4 ? 2 * hoursMs : 25 * hoursMs)
          value(await settlePayments(shop, { limit: 10 }))
        }
        const order = await orderOf(shop)
        const payment = await paymentOf(shop)
        const takenMinor = payment?.known.captured?.minor ?? 0
        const owedMinor = 17_500 - (order?.refunds ?? []).reduce((sum, refund) => sum + refund.cashMinor, 0)
        const keptMinor = takenMinor - (payment?.refundedMinor ?? 0) - (payment?.refundReservedMinor ?? 0)
        expect(keptMinor).toBeLessThanOrEqual(owedMinor)
        expect(shop.gateway.books().payments[0]?.capturedMinor).toBe(takenMinor)
        await expectBooksToAgree(shop)
      }),
      { numRuns: 5 },
    )
  })
})
