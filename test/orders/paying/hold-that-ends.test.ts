import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { resolvePayment } from '../../../src/orders/paying/resolve-money.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { PaymentGateway } from '../../../src/payments/ports.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { row } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { buy, openEditShop } from '../editing/open-edit-shop.js'
import { by, byStaff, couponOffer, fillCart, giftOffer, giveCoupon, pay, place, value } from '../open-shop.js'

it('a hold that is over is not ended at its gateway while money is being taken of it', async () => {
  const shop = await openEditShop({}, { capture: 'onShipment' })
  const orderId = await buy(shop, 'ann', [['kettle', 1]])
  const asRead = (await booksOf(shop)).payments[0]!.state
  shop.pass(8 * daysMs)
  // Between the look at what is due and the word to the gateway, somebody ships; the gateway takes it, and is not heard.
  shop.gateway.scriptCapture({ kind: 'timeout', captured: true })
  expect(value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 6_000 })).status).toBe('underway')
  value(await resolvePayment(shop, asRead))
  const [sandbox] = shop.gateway.books().payments
  expect(sandbox).toMatchObject({ capturedMinor: 6_000 })
  for (let day = 0; day < 3; day += 1) {
    shop.pass(daysMs)
    value(await settlePayments(shop, { limit: 10 }))
  }
  const { payments } = await booksOf(shop)
  expect(payments[0]?.state).toMatchObject({ status: 'captured', known: { captured: { minor: 6_000 } } })
  await expectBooksToAgree(shop)
})

it('an order of which a gateway holds a part waits for the rest, and nothing is taken of it meanwhile', async () => {
  const shop = await openEditShop({}, { capture: 'onShipment' })
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  let heldMinor = 5_000
  const sandbox: PaymentGateway = {
    ...shop.gateway,
    create: (request) => shop.gateway.create(request).map((outcome) => (outcome.kind === 'ok' ? unheard : outcome)),
    query: (request) =>
      shop.gateway
        .query(request)
        .map((outcome) =>
          outcome.kind === 'ok' && outcome.value !== 'notFound'
            ? { ...outcome, value: { ...outcome.value, authorisedMinor: heldMinor } }
            : outcome,
        ),
  }
  const partly = { ...shop, gateways: { sandbox } }
  const heard = async () => {
    shop.pass(minutesMs)
    value(await settlePayments(partly, { limit: 10 }))
    const { orders, payments } = await booksOf(shop)
    return [orders[0]?.state.status, payments[0]?.state.status, payments[0]?.state.known.authorised?.minor]
  }
  const payment = { orderId, gatewayId: 'sandbox', method: 'creditCard' } as const
  expect(value(await payOrder(partly, by('ann'), payment))).toMatchObject({ paymentStatus: 'unknown' })
  expect(await heard()).toEqual(['awaitingPayment', 'authorised', 5_000])
  expect(await captureOrder(partly, byStaff(), { orderId })).toMatchObject({ error: { type: 'NothingToCapture' } })
  heldMinor = 13_700
  expect(await heard()).toEqual(['paid', 'authorised', 13_700])
  await expectBooksToAgree(shop)
})

it.each(['lines', 'amount'] as const)(
  'what the last that is taken before anything leaves does not pay is taken out with the first parcel, and its buyer is told: %s',
  async (how) => {
    const shop = await openEditShop({}, { capture: 'onShipment' })
    const orderId = await buy(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    const kettle = [{ lineId: 'kettle-1', quantity: 1 }]
    const taken = how === 'lines' ? { lines: kettle } : { amountMinor: 13_700 }
    value(await captureOrder(shop, byStaff(), { orderId, ...taken, final: true }))
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('paid')
    const parcel = { orderId, carrier: 'sf-express', trackingNumber: 'SF1', lines: kettle }
    const shipped = value(await captureAndShip(shop, byStaff(), parcel))
    expect(shipped).toMatchObject({ status: 'shipped', lines: [{ lineId: 'kettle-1', quantity: 1 }] })
    const { orders, payments } = await booksOf(shop)
    expect(orders[0]?.state).toMatchObject({ status: 'shipped', lines: [{}, { cancelledQuantity: 1 }] })
    expect(orders[0]?.state.refunds).toMatchObject([{ reason: 'edited', status: 'succeeded', cashMinor: 5_900 }])
    expect(payments[0]?.state).toMatchObject({ status: 'captured', forgoneMinor: 5_900, refunds: [] })
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp')]).toEqual([99, 100])
    expect(shop.told.map(({ type }) => type)).toContain('OrderEdited')
    const balance = balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)
    expect(balance).toBe(-13_700)
    await expectBooksToAgree(shop)
  },
)

describe('the last that is taken of a hold', () => {
  const open = async () => {
    const shop = await openEditShop({}, { capture: 'onShipment' })
    const orderId = await buy(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    return { shop, orderId }
  }

  it('is refused where it pays for a gift alone', async () => {
    const shop = await openEditShop({ offers: [giftOffer] }, { capture: 'onShipment' })
    const orderId = await buy(shop, 'ann', [['kettle', 2]])
    const refused = await captureOrder(shop, byStaff(), { orderId, amountMinor: 800, final: true })
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'CapturePaysNoPiece', leastMinor: 13_700 })
  })

  it('is refused where it pays for no piece, as nothing could leave; what pays for the cheapest lets that leave', async () => {
    const { shop, orderId } = await open()
    const last = { orderId, final: true } as const
    const refused = await captureOrder(shop, byStaff(), { ...last, amountMinor: 6_699 })
    expect(refused._unsafeUnwrapErr()).toEqual({
      ...{ type: 'CapturePaysNoPiece', orderId, amountMinor: 6_699, leastMinor: 6_700 },
    })
    expect(shop.gateway.books().payments[0]).toMatchObject({ capturedMinor: 0 })
    // More may be taken later where it is not the last.
    value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 100 }))
    const again = await captureOrder(shop, byStaff(), { ...last, amountMinor: 6_599 })
    expect(again._unsafeUnwrapErr()).toMatchObject({ amountMinor: 6_599, leastMinor: 6_600 })
    value(await captureOrder(shop, byStaff(), { ...last, amountMinor: 6_600 }))
    const lamp = [{ lineId: 'lamp-2', quantity: 1 }]
    const post = { orderId, carrier: 'sf-express', trackingNumber: 'SF1', lines: lamp }
    expect(value(await captureAndShip(shop, byStaff(), post)).status).toBe('shipped')
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp')]).toEqual([100, 99])
    await expectBooksToAgree(shop)
  })

  it('takes out what it does not pay where something has left, and what pays for no piece goes back', async () => {
    const { shop, orderId } = await open()
    const kettle = [{ lineId: 'kettle-1', quantity: 1 }]
    const post = { orderId, carrier: 'sf-express', trackingNumber: 'SF1', lines: kettle }
    value(await captureAndShip(shop, byStaff(), post))
    value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 100, final: true }))
    value(await settleRefunds(shop, { limit: 10 }))
    const { orders, refunds } = await booksOf(shop)
    expect(orders[0]?.state).toMatchObject({ status: 'shipped', lines: [{}, { cancelledQuantity: 1 }] })
    expect(refunds.map(({ state }) => [state.status, state.amountMinor])).toEqual([['succeeded', 100]])
    await expectBooksToAgree(shop)
  })
})

it('an order of which nothing has left, and what was taken of its hold pays for no piece, is given up by staff', async () => {
  const shop = await openEditShop({}, { capture: 'onShipment' })
  const orderId = await buy(shop, 'ann', [['kettle', 1]])
  value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 5_000 }))
  shop.pass(8 * daysMs)
  value(await settlePayments(shop, { limit: 10 }))
  expect(value(await orderPage(shop, byStaff(), { orderId })).nextActions).toEqual(['edit', 'cancel', 'refund'])
  value(await cancelOrder(shop, byStaff(), { orderId }))
  const { orders, refunds } = await booksOf(shop)
  expect(orders[0]?.state.status).toBe('cancelled')
  expect(refunds.map(({ state }) => [state.status, state.amountMinor])).toEqual([['succeeded', 5_000]])
  expect(await freeOf(shop, 'kettle')).toBe(100)
  await expectBooksToAgree(shop)
})

it('an order of which nothing has left goes out as far as what was taken of its hold pays for it', async () => {
  const shop = await openEditShop({}, { capture: 'onShipment' })
  const orderId = await buy(shop, 'ann', [
    ['kettle', 1],
    ['lamp', 1],
  ])
  value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 6_700 }))
  shop.pass(8 * daysMs)
  value(await settlePayments(shop, { limit: 10 }))
  expect((await booksOf(shop)).orders[0]?.state.status).toBe('paid')
  const post = { orderId, carrier: 'sf-express', trackingNumber: 'SF1', lines: [{ lineId: 'lamp-2', quantity: 1 }] }
  expect(value(await captureAndShip(shop, byStaff(), post)).status).toBe('shipped')
  await expectBooksToAgree(shop)
})

const unheard = { kind: 'unknown', cause: 'timeout' } as const

it('an order whose hold ends before anything left gives its coupon back with a week to use it, as a cancel by staff does', async () => {
  const bought = async () => {
    const shop = await openEditShop({ offers: [couponOffer] }, { capture: 'onShipment' })
    const couponId = await giveCoupon(shop, 'ann')
    // It is good for 90 days; the hold ends when it is not any more.
    shop.pass(86 * daysMs)
    await fillCart(shop, 'ann', [['kettle', 1]], [couponId])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    shop.pass(8 * daysMs)
    const couponOf = async () => (await ask(shop, row(coupons, couponId)))?.state
    return { shop, orderId, couponOf }
  }
  const lapsed = await bought()
  value(await settlePayments(lapsed.shop, { limit: 10 }))
  const cancelled = await bought()
  value(await cancelOrder(cancelled.shop, byStaff(), { orderId: cancelled.orderId }))
  for (const { shop, couponOf } of [lapsed, cancelled]) {
    expect((await booksOf(shop)).orders[0]?.state).toMatchObject({ status: 'cancelled' })
    expect(await couponOf()).toMatchObject({ status: 'claimed' })
    await expectBooksToAgree(shop)
  }
})
