import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { reservations } from '../../../src/inventory/inventory.schema.js'
import { messages } from '../../../src/notify/message.schema.js'
import { writeMessage } from '../../../src/notify/templates.js'
import { orderReactions } from '../../../src/orders/notices/notify-buyer.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { showShare } from '../../../src/orders/payers/show-share.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { closeUnpaidOrders } from '../../../src/orders/sweep-orders.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs, minutesMs } from '../../../src/shared/instant.js'
import { find, row } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { buy, edit, openEditShop, orderOf, shipment, two } from '../editing/open-edit-shop.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giveCoupon,
  givePoints,
  type openShop,
  place,
  type TestShop,
  value,
} from '../open-shop.js'
import { shareAmong } from '../payers/open-shared.js'
import { openMall } from '../placing/open-mall.js'

const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })
const byTransfer = { gatewayId: 'manual', method: 'bankTransfer' } as const
const byCard = { gatewayId: 'sandbox', method: 'creditCard' } as const

const withTransfers = (shop: TestShop): TestShop => ({ ...shop, gateways: { ...shop.gateways, manual } })

const openTransferShop = async (
  terms: Partial<ShopPolicy> = {},
  options: NonNullable<Parameters<typeof openShop>[0]> = {},
): Promise<TestShop> => withTransfers(await openEditShop(options, terms))

/** An order of Ann's, of a kettle. */
const placeOne = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [['kettle', 1]])
  return place(shop, 'ann')
}

const pay = async (shop: TestShop, orderId: string, how: typeof byTransfer | typeof byCard = byTransfer) =>
  value(await payOrder(shop, by('ann'), { orderId, ...how }))

const receive = async (shop: TestShop, paymentId: string, amountMinor: number, reference = 'STMT.1') =>
  value(await recordReceipt(shop, byStaff(), { paymentId, amountMinor, currency: 'CNY', reference }))

const pageOf = async (shop: TestShop, orderId: string) => value(await orderPage(shop, by('ann'), { orderId }))
const payByOf = async (shop: TestShop, orderId: string) => (await pageOf(shop, orderId)).payBy
const sweep = async (shop: TestShop) => value(await closeUnpaidOrders(shop, { limit: 9 }))

describe('an order that is being paid by a way that takes days', () => {
  it('is kept for a week from when it was placed, and paid by the transfer that comes the next day', async () => {
    const shop = await openTransferShop()
    const placedAt = shop.clock.now()
    const { orderId, payBy } = await placeOne(shop)
    expect(payBy).toBe(placedAt + 30 * minutesMs)
    shop.pass(minutesMs)
    const begun = await pay(shop, orderId)
    expect(begun).toMatchObject({ payBy: placedAt + 7 * daysMs, expiresAt: placedAt + 7 * daysMs })
    expect(await payByOf(shop, orderId)).toBe(placedAt + 7 * daysMs)
    shop.pass(30 * minutesMs)
    expect(await sweep(shop)).toEqual({ done: 0, failed: [] })
    expect(await freeOf(shop, 'kettle')).toBe(99)
    shop.pass(daysMs)
    await sweep(shop)
    expect(await receive(shop, begun.paymentId, 13_700)).toMatchObject({ orderStatus: 'paid', refundDue: null })
    expect(await pageOf(shop, orderId)).toMatchObject({ state: 'awaitingShipment', payBy: null, moneyBack: [] })
    await expectBooksToAgree(shop)
  })

  it('is closed once the week is over; what comes then goes back', async () => {
    const shop = await openTransferShop()
    const placedAt = shop.clock.now()
    const { orderId } = await placeOne(shop)
    shop.pass(minutesMs)
    const { paymentId } = await pay(shop, orderId)
    shop.pass(placedAt + 7 * daysMs - shop.clock.now() - 1)
    expect((await sweep(shop)).done).toBe(0)
    shop.pass(1)
    expect((await sweep(shop)).done).toBe(1)
    expect((await orderOf(shop, orderId))?.status).toBe('closed')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    expect(await receive(shop, paymentId, 13_700)).toMatchObject({ orderStatus: 'closed' })
    expect((await pageOf(shop, orderId)).moneyBack).toMatchObject([{ reason: 'lateSuccess' }])
    await expectBooksToAgree(shop)
  })

  it('is kept no longer by another attempt, and as long where its payer turns to another way or has not paid', async () => {
    const shop = await openTransferShop()
    const placedAt = shop.clock.now()
    const { orderId } = await placeOne(shop)
    shop.pass(minutesMs)
    await pay(shop, orderId)
    shop.pass(3 * daysMs)
    expect(await pay(shop, orderId)).toMatchObject({ payBy: placedAt + 7 * daysMs })
    value(await queryPayment(shop, by('ann'), { orderId, unpaid: true }))
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    expect(await pay(shop, orderId, byCard)).toMatchObject({ payBy: placedAt + 7 * daysMs, paymentStatus: 'failed' })
    expect(await payByOf(shop, orderId)).toBe(placedAt + 7 * daysMs)
    shop.pass(3 * daysMs)
    await sweep(shop)
    expect(await pay(shop, orderId, byCard)).toMatchObject({ orderStatus: 'paid' })
  })

  it('is not kept longer by ways that take no days, nor once its time is over', async () => {
    const shop = await openTransferShop()
    const { orderId, payBy } = await placeOne(shop)
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    expect(await pay(shop, orderId, byCard)).toMatchObject({ payBy })
    expect(await payByOf(shop, orderId)).toBe(payBy)
    shop.pass(payBy - shop.clock.now())
    const late = await payOrder(shop, by('ann'), { orderId, ...byTransfer })
    expect(late._unsafeUnwrapErr()).toEqual({ type: 'PaymentOverdue', orderId, payBy })
  })

  it('has its pieces and coupons for as long', async () => {
    const shop = await openTransferShop({}, { offers: [couponOffer] })
    const placedAt = shop.clock.now()
    const couponId = await giveCoupon(shop, 'ann')
    await givePoints(shop, 'ann', 1_000)
    await fillCart(shop, 'ann', [['kettle', 1]], [couponId])
    const { orderId, payableMinor } = await place(shop, 'ann', { points: 1_000 })
    const { paymentId } = await pay(shop, orderId)
    const until = placedAt + 7 * daysMs
    expect((await ask(shop, row(reservations, orderId)))?.state).toMatchObject({ status: 'reserved', until })
    expect((await ask(shop, row(coupons, couponId)))?.state).toMatchObject({ status: 'locked', lockedUntil: until })
    shop.pass(6 * daysMs)
    await sweep(shop)
    expect(await receive(shop, paymentId, payableMinor)).toMatchObject({ orderStatus: 'paid' })
    expect((await ask(shop, row(coupons, couponId)))?.state.status).toBe('used')
    await expectBooksToAgree(shop)
  })

  it('is kept as long as the terms say, where they say something', async () => {
    const none = await openTransferShop({ payByMethodWithinMs: {} })
    const { orderId, payBy } = await placeOne(none)
    expect(await pay(none, orderId)).toMatchObject({ payBy })

    const long = await openTransferShop({ payWithinMs: 10 * daysMs })
    const kept = await placeOne(long)
    expect(await pay(long, kept.orderId)).toMatchObject({ payBy: kept.payBy })

    const cards = await openTransferShop({ payByMethodWithinMs: { bankTransfer: 2 * daysMs, creditCard: hoursMs } })
    const placedAt = cards.clock.now()
    const other = await placeOne(cards)
    cards.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    expect(await pay(cards, other.orderId, byCard)).toMatchObject({ payBy: placedAt + hoursMs })
    expect(await pay(cards, other.orderId)).toMatchObject({ payBy: placedAt + 2 * daysMs })
  })

  it('asks terms that make sense', async () => {
    const shop = await openTransferShop()
    const { policyId: _, ...policy } = defaultShopPolicy
    const save = async (payByMethodWithinMs: object) =>
      (await savePolicy(shop, byStaff(), { ...policy, payByMethodWithinMs })).map(() => 'saved').unwrapOr('refused')
    expect(await save({ bankTransfer: 14 * daysMs, alipay: daysMs })).toBe('saved')
    for (const wrong of [
      { bankTransfer: 0 },
      { bankTransfer: minutesMs - 1 },
      { bankTransfer: 401 * daysMs },
      { bankTransfer: 1.5 * minutesMs + 0.5 },
      // It is confirmed at once.
      { cashOnDelivery: daysMs },
      { cheque: daysMs },
    ]) {
      expect(await save(wrong), JSON.stringify(wrong)).toBe('refused')
    }
  })

  it('is a checkout of several merchants, divided once the transfer has come', async () => {
    const shop = withTransfers(await openMall())
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    const { orderId, payableMinor } = await place(shop, 'ann')
    const { paymentId } = await pay(shop, orderId)
    shop.pass(2 * daysMs)
    await sweep(shop)
    expect(await receive(shop, paymentId, payableMinor)).toMatchObject({ orderStatus: 'divided' })
    await expectBooksToAgree(shop)
  })

  it('is kept for all who pay it together, once one of them pays so', async () => {
    const shop = await openTransferShop()
    const placedAt = shop.clock.now()
    await fillCart(shop, 'ann', [
      ['kettle', 2],
      ['lamp', 1],
    ])
    const { orderId } = await place(shop, 'ann')
    const { link } = await shareAmong(shop, orderId)
    shop.pass(minutesMs)
    const bobs = value(await payShare(shop, by('bob'), { orderId, ...byTransfer }))
    expect(bobs).toMatchObject({ payBy: placedAt + 7 * daysMs, amountMinor: 7_500 })
    shop.pass(daysMs)
    await sweep(shop)
    expect(value(await showShare(shop, by('carl'), { link })).payBy).toBe(placedAt + 7 * daysMs)
    await receive(shop, bobs.paymentId, 7_500)
    value(await payShare(shop, by('carl'), { link, ...byCard }))
    expect(await pay(shop, orderId, byCard)).toMatchObject({ orderStatus: 'paid' })
    await expectBooksToAgree(shop)
  })
})

describe('a dearer change that is being paid by a way that takes days', () => {
  const proposeTwo = async (shop: TestShop) => {
    const orderId = await buy(shop, 'ann', [['kettle', 1]])
    const { payBy } = await edit(shop, 'ann', two(orderId))
    return { orderId, payBy }
  }

  it('is kept for a week from when it was asked for, with its pieces, and made by the transfer that comes', async () => {
    const shop = await openTransferShop()
    const { orderId, payBy } = await proposeTwo(shop)
    const until = shop.clock.now() + 7 * daysMs
    expect(payBy).toBe(shop.clock.now() + 30 * minutesMs)
    shop.pass(minutesMs)
    const begun = await pay(shop, orderId)
    expect(begun).toMatchObject({ amountMinor: 12_900, payBy: until, expiresAt: until })
    const { edit: waiting } = await pageOf(shop, orderId)
    expect(waiting).toMatchObject({ payBy: until })
    const aside = await ask(shop, row(reservations, waiting?.editId ?? ''))
    expect(aside?.state).toMatchObject({ status: 'reserved', until })
    shop.pass(2 * daysMs)
    await sweep(shop)
    expect(await pay(shop, orderId)).toMatchObject({ payBy: until })
    shop.pass(2 * daysMs)
    await sweep(shop)
    expect(await freeOf(shop, 'kettle')).toBe(98)
    await receive(shop, begun.paymentId, 12_900)
    expect(await orderOf(shop, orderId)).toMatchObject({ lines: [{ quantity: 2 }], totals: { payableMinor: 26_600 } })
    await expectBooksToAgree(shop)
  })

  it('is kept as it was where the release before has noted it, which did not say when', async () => {
    const shop = await openTransferShop()
    const { orderId, payBy } = await proposeTwo(shop)
    const { version, state } = (await ask(shop, row(orders, orderId)))!
    if (state.status !== 'paid' || state.edit === undefined) throw new Error('no change waits')
    const { proposedAt: _, ...noted } = state.edit
    await commit(shop, [put(orders, { id: orderId, version, state: { ...state, edit: noted } })])
    expect(await pay(shop, orderId)).toMatchObject({ payBy })
  })

  it('lapses once the week is over, and is dropped before where the order leaves whole', async () => {
    const shop = await openTransferShop()
    const { orderId } = await proposeTwo(shop)
    await pay(shop, orderId)
    shop.pass(7 * daysMs)
    await sweep(shop)
    expect((await pageOf(shop, orderId)).edit).toBeNull()
    expect(await freeOf(shop, 'kettle')).toBe(99)

    const sent = await openTransferShop()
    const again = await proposeTwo(sent)
    const { paymentId } = await pay(sent, again.orderId)
    sent.pass(daysMs)
    value(await shipOrder(sent, byStaff(), { orderId: again.orderId, ...shipment }))
    expect((await pageOf(sent, again.orderId)).edit).toBeNull()
    await receive(sent, paymentId, 12_900)
    expect((await booksOf(sent)).refunds.map(({ state }) => [state.paymentId, state.amountMinor])).toEqual([
      [paymentId, 12_900],
    ])
    await expectBooksToAgree(sent)
  })
})

describe('who pays by a way that takes days', () => {
  const told = async (shop: TestShop) => {
    value(await runRelay(shop, orderReactions, { worker: 'one', limit: 1_000 }))
    const queued = await ask(shop, find(messages, { where: [], limit: 1_000 }))
    return queued
      .filter(({ state }) => state.template === 'paymentAwaited')
      .map(({ state }) => [state.accountId, writeMessage(state.template, state.facts, { locale: 'en' }).text])
  }

  it('is told once until when the money is waited for, in the hours of the shop', async () => {
    const shop = await openTransferShop()
    const { orderId, orderNumber } = await placeOne(shop)
    await pay(shop, orderId)
    await pay(shop, orderId)
    expect(await told(shop)).toEqual([
      [
        'ann',
        `Your payment of CN¥137.00 by Bank transfer for order ${orderNumber} is waited for until 2026-03-17 10:00 +08:00, and what it pays is kept for you until then. Please see that it arrives in time: what comes later may be sent back.`,
      ],
    ])
  })

  it('is told of the part or the change that they pay, and not once it is paid', async () => {
    const shop = await openTransferShop()
    await fillCart(shop, 'ann', [
      ['kettle', 2],
      ['lamp', 1],
    ])
    const { orderId } = await place(shop, 'ann')
    await shareAmong(shop, orderId)
    value(await payShare(shop, by('bob'), { orderId, ...byTransfer }))
    expect((await told(shop)).map(([accountId]) => accountId)).toEqual(['bob'])

    const quick = await openTransferShop()
    const placed = await placeOne(quick)
    const { paymentId } = await pay(quick, placed.orderId)
    await receive(quick, paymentId, 13_700)
    expect(await told(quick)).toEqual([])
    await edit(quick, 'ann', two(placed.orderId))
    await pay(quick, placed.orderId)
    expect(await told(quick)).toHaveLength(1)
  })
})
