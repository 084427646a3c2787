import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cartIdOf } from '../../../src/cart/cart.js'
import { carts } from '../../../src/cart/cart.schema.js'
import { products } from '../../../src/catalog/product.schema.js'
import { pointsAccounts } from '../../../src/membership/points-account.collection.schema.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { queryPayment } from '../../../src/orders/paying/query-payment.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { offerUses } from '../../../src/promotions/limits.js'
import { put, removeRow } from '../../../src/shared/commit.js'
import { daysMs, minutesMs, secondsMs } from '../../../src/shared/instant.js'
import { subjectKeys } from '../../../src/shared/personal-data.schema.js'
import { counters, row } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giveCoupon,
  givePoints,
  openShop,
  pay,
  place,
  type Sku,
  type TestShop,
  value,
} from '../open-shop.js'

/** A shop that opens closed orders again for money that comes late. */
const openForgivingShop = async (
  options: Parameters<typeof openShop>[0] = {},
  terms: Partial<ShopPolicy> = {},
): Promise<TestShop> => {
  const shop = await openShop(options)
  const { policyId: _, ...policy } = { ...defaultShopPolicy, lateSuccess: 'reinstateIfStock' as const, ...terms }
  value(await savePolicy(shop, byStaff(), policy))
  return shop
}

const orderOf = async (shop: TestShop, orderId: string) =>
  (await booksOf(shop)).orders.find(({ id }) => id === orderId)?.state

const hear = async (shop: TestShop): Promise<void> => {
  for (const signed of await shop.gateway.takeNotifications()) {
    expect(value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed })).outcome).toBe('handled')
  }
}

/** An order that a buyer was shown how to pay, and that was closed before they did. */
const closeBeforePayment = async (
  shop: TestShop,
  buyer: string,
  lines: readonly (readonly [Sku, number])[] = [['kettle', 1]],
  use: { readonly couponIds?: readonly string[]; readonly points?: number } = {},
) => {
  await fillCart(shop, buyer, lines, use.couponIds)
  const { orderId } = await place(shop, buyer, use.points === undefined ? {} : { points: use.points })
  shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
  const { paymentId } = await pay(shop, buyer, orderId)
  shop.pass(30 * minutesMs)
  value(await closeUnpaidOrders(shop, { limit: 100 }))
  expect((await orderOf(shop, orderId))?.status).toBe('closed')
  return { orderId, paymentId }
}

/** Fills a cart anew that was ordered from before. */
const refill = async (shop: TestShop, buyer: string, lines: readonly (readonly [Sku, number])[]): Promise<void> => {
  await commit(shop, [removeRow(carts, (await ask(shop, row(carts, cartIdOf(buyer))))!)])
  await fillCart(shop, buyer, lines)
}

const payLate = (shop: TestShop, paymentId: string): void => {
  expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
}

const expectSentBack = async (shop: TestShop, { orderId, paymentId }: { orderId: string; paymentId: string }) => {
  payLate(shop, paymentId)
  await hear(shop)
  value(await settleRefunds(shop, { limit: 10 }))
  const books = await booksOf(shop)
  expect(books.orders.find(({ id }) => id === orderId)?.state.status).toMatch(/^(closed|cancelled)$/)
  expect(books.refunds.map(({ id, state }) => [id, state.status])).toEqual([[`late_${paymentId}`, 'succeeded']])
  expect(balanceOf(books.ledger, `escrow:${orderId}`)).toBe(0)
  await expectBooksToAgree(shop)
}

describe('money that comes after an order was closed', () => {
  it('opens it again as paid, with the pieces, the coupon and the points that it had, once', async () => {
    const shop = await openForgivingShop({ offers: [{ ...couponOffer, limits: { uses: 5 } }] })
    const couponId = await giveCoupon(shop, 'ann')
    await givePoints(shop, 'ann', 1_000)
    const late = await closeBeforePayment(shop, 'ann', [['kettle', 1]], { couponIds: [couponId], points: 1_000 })
    const { orderId, paymentId } = late
    expect(await freeOf(shop, 'kettle')).toBe(100)
    const usesLeft = async () => (await ask(shop, counters(offerUses, [couponOffer.offerId]))).get(couponOffer.offerId)
    expect(await usesLeft()).toBe(0)

    payLate(shop, paymentId)
    for (let count = 0; count < 5; count += 1) {
      await hear(shop)
      value(await settleRefunds(shop, { limit: 10 }))
      value(await settlePayments(shop, { limit: 10 }))
      shop.gateway.repeat(paymentId)
    }
    // 129.00 less 20.00 by the coupon and 10.00 by points, and 8.00 carriage.
    const books = await booksOf(shop)
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'paid', paymentId, totals: { payableMinor: 10_700 } })
    expect(books.payments[0]?.state.status).toBe('capturedAfterClose')
    expect(books.refunds).toEqual([])
    expect(await freeOf(shop, 'kettle')).toBe(99)
    expect(await usesLeft()).toBe(-1)
    expect((await ask(shop, row(coupons, couponId)))?.state).toMatchObject({ status: 'used', orderId })
    expect((await ask(shop, row(pointsAccounts, 'ann')))?.state).toMatchObject({ balance: 0, holds: [] })
    // Money, points and the platform's half of the coupon are in the order's hands.
    expect(balanceOf(books.ledger, `escrow:${orderId}`)).toBe(-(10_700 + 1_000 + 1_000))
    expect(shop.told.filter(({ type }) => type === 'OrderReinstated')).toHaveLength(1)
    expect(shop.told.filter(({ type }) => type === 'OrderPaid')).toHaveLength(1)
    const { history } = value(await orderPage(shop, by('ann'), { orderId }))
    expect(history.map(({ happened }) => happened)).toEqual(['placed', 'closed', 'reinstated', 'paid'])
    await expectBooksToAgree(shop)

    // It is an order like any other: given up, it gives everything back a second time.
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    expect((await ask(shop, row(pointsAccounts, 'ann')))?.state).toMatchObject({ balance: 1_000 })
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('goes back where the terms do not say so, whatever they say now', async () => {
    const shop = await openShop()
    const late = await closeBeforePayment(shop, 'ann')
    const { policyId: _, ...policy } = defaultShopPolicy
    value(await savePolicy(shop, byStaff(), { ...policy, lateSuccess: 'reinstateIfStock' }))
    await expectSentBack(shop, late)
  })

  it('goes back where a piece of any line is gone', async () => {
    const shop = await openForgivingShop({ stock: { kettle: 1, lamp: 1 } })
    const late = await closeBeforePayment(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    await fillCart(shop, 'bob', [['lamp', 1]])
    await pay(shop, 'bob', (await place(shop, 'bob')).orderId)
    await expectSentBack(shop, late)
    expect(await freeOf(shop, 'kettle')).toBe(1)
  })

  it('goes back where the coupon is over, or another order has it or the points', async () => {
    const expired = await openForgivingShop({ offers: [couponOffer] })
    const couponId = await giveCoupon(expired, 'ann')
    const late = await closeBeforePayment(expired, 'ann', [['kettle', 1]], { couponIds: [couponId] })
    expired.pass(90 * daysMs)
    await expectSentBack(expired, late)

    const spent = await openForgivingShop()
    await givePoints(spent, 'ann', 1_000)
    const lateToo = await closeBeforePayment(spent, 'ann', [['kettle', 1]], { points: 1_000 })
    await refill(spent, 'ann', [['lamp', 2]])
    await pay(spent, 'ann', (await place(spent, 'ann', { points: 500 })).orderId)
    await expectSentBack(spent, lateToo)
  })

  it('goes back where somebody gave the order up', async () => {
    const shop = await openForgivingShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    const { paymentId } = await pay(shop, 'ann', orderId)
    value(await cancelOrder(shop, by('ann'), { orderId }))
    await expectSentBack(shop, { orderId, paymentId })
  })

  it('goes back where somebody gave the order up while it was closing', async () => {
    const shop = await openForgivingShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect((await orderOf(shop, orderId))?.status).toBe('closing')
    value(await cancelOrder(shop, by('ann'), { orderId }))
    shop.pass(minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
    await expectSentBack(shop, { orderId, paymentId })
  })

  it('goes back where its buyer gave the order up and it came before the gateway had ended it', async () => {
    const shop = await openForgivingShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('closing')
    payLate(shop, paymentId)
    await hear(shop)
    expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(shop.gateway.books().totals).toMatchObject([{ capturedMinor: 13_700, refundedMinor: 13_700 }])
    await expectBooksToAgree(shop)
  })

  it('is let go where it is only held, and the gateway was told before that nothing is wanted', async () => {
    const shop = await openForgivingShop({}, { capture: 'onShipment' })
    const { orderId, paymentId } = await closeBeforePayment(shop, 'ann')
    shop.pass(secondsMs)
    payLate(shop, paymentId)
    await hear(shop)
    expect(shop.gateway.books().payments.map(({ status }) => status)).toEqual(['authorised'])
    shop.pass(minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(shop.gateway.books().payments.map(({ status, capturedMinor }) => [status, capturedMinor])).toEqual([
      ['closed', 0],
    ])
    expect((await orderOf(shop, orderId))?.status).toBe('closed')
    await expectBooksToAgree(shop)
  })

  it('goes back where its buyer has been erased meanwhile', async () => {
    const shop = await openForgivingShop()
    const late = await closeBeforePayment(shop, 'ann')
    await commit(shop, [removeRow(subjectKeys, (await ask(shop, row(subjectKeys, 'ann')))!)])
    await expectSentBack(shop, late)
  })

  it('goes back where the buyer may have no more of the goods', async () => {
    const shop = await openForgivingShop({ perPerson: { kettle: 2 } })
    const late = await closeBeforePayment(shop, 'ann', [['kettle', 2]])
    await refill(shop, 'ann', [['kettle', 1]])
    await pay(shop, 'ann', (await place(shop, 'ann')).orderId)
    await expectSentBack(shop, late)
  })

  it('opens it again where the limit was lifted', async () => {
    const shop = await openForgivingShop({ perPerson: { kettle: 2 } })
    const { orderId, paymentId } = await closeBeforePayment(shop, 'ann', [['kettle', 2]])
    await refill(shop, 'ann', [['kettle', 1]])
    await pay(shop, 'ann', (await place(shop, 'ann')).orderId)
    const stored = (await ask(shop, row(products, 'p-kettle')))!
    await commit(shop, [
      put(products, { id: stored.id, version: stored.version, state: { ...stored.state, perPersonLimit: null } }),
    ])
    payLate(shop, paymentId)
    await hear(shop)
    expect((await orderOf(shop, orderId))?.status).toBe('paid')
    await expectBooksToAgree(shop)
  })

  it('takes the parts of a kit again as it was when it was bought, and goes back where one is gone', async () => {
    const shop = await openForgivingShop({ stock: { kettle: 2, mug: 4 } })
    const set = (await ask(shop, row(products, 'p-lamp')))!
    const parts = [
      { sku: 'kettle', quantity: 1 },
      { sku: 'mug', quantity: 2 },
    ]
    const variants = set.state.variants.map((variant) => ({ ...variant, parts }))
    await commit(shop, [put(products, { id: set.id, version: set.version, state: { ...set.state, variants } })])
    const first = await closeBeforePayment(shop, 'ann', [['lamp', 1]])
    const second = await closeBeforePayment(shop, 'bob', [['lamp', 1]])
    await fillCart(shop, 'eve', [['mug', 1]])
    await pay(shop, 'eve', (await place(shop, 'eve')).orderId)
    payLate(shop, first.paymentId)
    await hear(shop)
    expect((await orderOf(shop, first.orderId))?.status).toBe('paid')
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'mug')]).toEqual([1, 1])
    await expectSentBack(shop, second)
  })

  it('of two payments opens it again by the first and sends the second back', async () => {
    const shop = await openForgivingShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    const first = await pay(shop, 'ann', orderId)
    shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
    const second = await pay(shop, 'ann', orderId)
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    payLate(shop, first.paymentId)
    payLate(shop, second.paymentId)
    await hear(shop)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'paid' })
    const { refunds, ledger } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.reason, state.status])).toEqual([['duplicatePayment', 'succeeded']])
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
    await expectBooksToAgree(shop)
  })

  it('comes to one end in whatever order and number notices, questions and sweeps come in', async () => {
    const told = fc.constantFrom('hear', 'ask', 'settle', 'close', 'refund')
    await fc.assert(
      fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 6 }), fc.boolean(), async (steps, stocked) => {
        const shop = await openForgivingShop({ stock: { kettle: stocked ? 2 : 1 } })
        const { orderId, paymentId } = await closeBeforePayment(shop, 'ann')
        await fillCart(shop, 'bob', [['kettle', 1]])
        await pay(shop, 'bob', (await place(shop, 'bob')).orderId)
        payLate(shop, paymentId)
        for (const step of steps) {
          if (step === 'hear') await hear(shop)
          if (step === 'ask') value(await queryPayment(shop, by('ann'), { orderId }))
          if (step === 'settle') value(await settlePayments(shop, { limit: 10 }))
          if (step === 'close') value(await closeUnpaidOrders(shop, { limit: 10 }))
          if (step === 'refund') value(await settleRefunds(shop, { limit: 10 }))
          shop.gateway.repeat(paymentId)
        }
        await hear(shop)
        value(await settleRefunds(shop, { limit: 10 }))
        const { refunds, ledger } = await booksOf(shop)
        expect((await orderOf(shop, orderId))?.status).toBe(stocked ? 'paid' : 'closed')
        expect(refunds.map(({ state }) => state.status)).toEqual(stocked ? [] : ['succeeded'])
        expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(stocked ? -13_700 : 0)
        await expectBooksToAgree(shop)
      }),
      { numRuns: 8 },
    )
  })

  it('of eight buyers at once for three pieces opens three orders again and sends five back', async () => {
    const shop = await openForgivingShop({ stock: { kettle: 8 } })
    const buyers = Array.from({ length: 8 }, (_, index) => `buyer-${index}`)
    const late = []
    for (const buyer of buyers) {
      await fillCart(shop, buyer, [['kettle', 1]])
      const { orderId } = await place(shop, buyer)
      shop.gateway.script({ kind: 'pending', delivery: { times: 1 } })
      late.push(await pay(shop, buyer, orderId))
    }
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 100 }))
    await fillCart(shop, 'eve', [['kettle', 5]])
    await pay(shop, 'eve', (await place(shop, 'eve')).orderId)
    expect(await freeOf(shop, 'kettle')).toBe(3)

    for (const { paymentId } of late) payLate(shop, paymentId)
    const signed = await shop.gateway.takeNotifications()
    const handled = await Promise.all(
      signed.map((each) => receiveNotification(shop, { gatewayId: 'sandbox', ...each })),
    )
    expect(handled.map((each) => value(each).outcome)).toEqual(signed.map(() => 'handled'))
    value(await settleRefunds(shop, { limit: 100 }))

    const { orders, refunds } = await booksOf(shop)
    const mine = orders.filter(({ state }) => state.accountId !== 'eve').map(({ state }) => state.status)
    expect(mine.filter((status) => status === 'paid')).toHaveLength(3)
    expect(mine.filter((status) => status === 'closed')).toHaveLength(5)
    expect(refunds.map(({ state }) => state.status)).toEqual(Array(5).fill('succeeded'))
    expect(await freeOf(shop, 'kettle')).toBe(0)
    await expectBooksToAgree(shop)
  })
})

it('sends money back that was faster than a cancelling, whose buyer does not want the goods', async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'pending' })
  const { paymentId } = await pay(shop, 'ann', orderId)
  shop.gateway.scriptClose({ kind: 'paidFirst' })
  expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelled')
  value(await settleRefunds(shop, { limit: 10 }))
  expect(await freeOf(shop, 'kettle')).toBe(100)
  expect((await booksOf(shop)).refunds.map(({ id, state }) => [id, state.status, state.amountMinor])).toEqual([
    [`late_${paymentId}`, 'succeeded', 13_700],
  ])
  await expectBooksToAgree(shop)
})
