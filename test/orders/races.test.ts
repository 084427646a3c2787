import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { payOrder } from '../../src/orders/paying/pay-order.js'
import { receiveNotification } from '../../src/orders/paying/receive-notification.js'
import { placeOrder } from '../../src/orders/placing/place-order.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { settleRefunds } from '../../src/orders/sweep-orders.js'
import { booksOf, expectBooksToAgree, freeOf } from './books-of.js'
import { noticesOf } from './notices/notices-of.js'
import {
  by,
  byStaff,
  couponOffer,
  fillCart,
  giveCoupon,
  givePoints,
  insist,
  openShop,
  pay,
  place,
  recipient,
  value,
} from './open-shop.js'

const order = { shippingMethodId: 'standard', recipient }

describe('many at once', () => {
  it('64 buyers of 10 pieces: exactly 10 orders, 54 told that nothing is left, nothing below zero', async () => {
    const shop = await openShop({ stock: { kettle: 10 } })
    const buyers = Array.from({ length: 64 }, (_, index) => `buyer-${index}`)
    for (const buyer of buyers) await fillCart(shop, buyer, [['kettle', 1]])
    const answers = await Promise.all(
      buyers.map((buyer) => {
        const context = by(buyer)
        return insist(() => placeOrder(shop, context, { ...order, expectedTotalMinor: 13_700 }))
      }),
    )
    const placed = answers.filter((answer) => 'orderId' in answer)
    expect(placed).toHaveLength(10)
    const refused = answers.flatMap((answer) => ('type' in answer ? [answer] : []))
    expect(refused.map(({ type }) => type)).toEqual(Array(54).fill('OutOfStock'))
    expect(await freeOf(shop, 'kettle')).toBe(0)
    expect(new Set((await booksOf(shop)).orders.map(({ state }) => state.orderNumber)).size).toBe(10)
    await expectBooksToAgree(shop)
  })

  it('one SKU on two lines is never sold beyond the stock', async () => {
    const cartsOfTwo = fc.record({
      stock: fc.integer({ min: 0, max: 12 }),
      carts: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })), {
        minLength: 1,
        maxLength: 5,
      }),
    })
    await fc.assert(
      fc.asyncProperty(cartsOfTwo, async ({ stock, carts }) => {
        const shop = await openShop({ stock: { lamp: stock } })
        for (const [index, [first, second]] of carts.entries()) {
          await fillCart(shop, `buyer-${index}`, [
            ['lamp', first],
            ['lamp', second],
          ])
        }
        const answers = await Promise.all(
          carts.map(([first, second], index) => {
            const context = by(`buyer-${index}`)
            const goods = (first + second) * 5_900
            const expectedTotalMinor = goods + (goods >= 50_000 ? 0 : 800)
            return insist(() => placeOrder(shop, context, { ...order, expectedTotalMinor }))
          }),
        )
        const sold = answers.reduce((sum, answer, index) => {
          const [first, second] = carts[index] ?? [0, 0]
          return 'orderId' in answer ? sum + first + second : sum
        }, 0)
        expect(sold).toBeLessThanOrEqual(stock)
        expect(await freeOf(shop, 'lamp')).toBe(stock - sold)
        const least = Math.min(...carts.map(([first, second]) => first + second))
        if (stock >= least) expect(sold).toBeGreaterThan(0)
        await expectBooksToAgree(shop)
      }),
      { numRuns: 40 },
    )
  })

  it('one command key sent 16 times places one order and is told the same each time', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const answers = await Promise.all(
      Array.from({ length: 16 }, () =>
        insist(() => placeOrder(shop, by('ann', 'same'), { ...order, expectedTotalMinor: 13_700 })),
      ),
    )
    expect(answers).toEqual(answers.map(() => answers[0]))
    expect((await booksOf(shop)).orders).toHaveLength(1)
    expect(await freeOf(shop, 'kettle')).toBe(99)
  })

  it('two devices paying one order make one attempt at a time and one payment', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => {
        const context = by('ann')
        return insist(() => payOrder(shop, context, { orderId, gatewayId: 'sandbox', method: 'alipay' }))
      }),
    )
    expect(answers.filter((answer) => 'orderStatus' in answer && answer.orderStatus === 'paid').length).toBeGreaterThan(
      0,
    )
    expect(shop.gateway.books().payments.filter(({ capturedMinor }) => capturedMinor > 0)).toHaveLength(1)
    await expectBooksToAgree(shop)
  })

  it('cancel against pay: the order is either paid or gives everything back', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const [payContext, cancelContext] = [by('ann'), by('ann')]
    await Promise.all([
      insist(() => payOrder(shop, payContext, { orderId, gatewayId: 'sandbox', method: 'alipay' })),
      insist(() => cancelOrder(shop, cancelContext, { orderId })),
    ])
    const { orders, refunds } = await booksOf(shop)
    const state = orders[0]?.state
    const taken = shop.gateway.books().payments.reduce((sum, payment) => sum + payment.capturedMinor, 0)
    const back = refunds.reduce((sum, refund) => sum + refund.state.amountMinor, 0)
    if (state?.status === 'paid') expect([taken, back]).toEqual([13_700, 0])
    else expect(taken).toBe(back)
    expect(await freeOf(shop, 'kettle')).toBe(state?.status === 'paid' ? 99 : 100)
    await expectBooksToAgree(shop)
  })

  it('scenario 12: of two refunds of three of five pieces sent at once one goes back, and three more are refused', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['mug', 5]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const send = () => {
      const context = byStaff()
      const input = { orderId, reason: 'goodwill', lines: [{ lineId: 'mug-1', quantity: 3 }] } as const
      return insist(() => refundOrder(shop, context, input))
    }
    const answers = [...(await Promise.all([send(), send()])), await send()]
    expect(answers.filter((answer) => 'cashMinor' in answer)).toHaveLength(1)
    expect(answers.flatMap((answer) => ('type' in answer ? [answer.type] : []))).toEqual([
      'PiecesExceeded',
      'PiecesExceeded',
    ])
    const { payments } = await booksOf(shop)
    expect(payments.map(({ state }) => state.refundedMinor)).toEqual([5_700])
    expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([5_700])
    await expectBooksToAgree(shop)
  })

  it('two refunds of the same piece: one goes back, the other is refused', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const answers = await Promise.all(
      [1, 2].map(() => {
        const context = byStaff()
        const input = { orderId, reason: 'goodwill', lines: [{ lineId: 'kettle-1', quantity: 1 }] } as const
        return insist(() => refundOrder(shop, context, input))
      }),
    )
    expect(answers.filter((answer) => 'cashMinor' in answer)).toHaveLength(1)
    expect(answers.flatMap((answer) => ('type' in answer ? [answer.type] : []))).toEqual(['PiecesExceeded'])
    expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([12_900])
    await expectBooksToAgree(shop)
  })

  it('a coupon and points that two orders want serve one of them', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const couponId = await giveCoupon(shop, 'ann')
    await givePoints(shop, 'ann', 1_000)
    await fillCart(
      shop,
      'ann',
      [
        ['kettle', 1],
        ['kettle', 1],
      ],
      [couponId],
    )
    const answers = await Promise.all(
      ['kettle-1', 'kettle-2'].map((lineId) => {
        const context = by('ann')
        // 129.00 less 20.00 and 10.00, and 8.00 carriage.
        return insist(() =>
          placeOrder(shop, context, { ...order, lineIds: [lineId], points: 1_000, expectedTotalMinor: 10_700 }),
        )
      }),
    )
    expect(answers.filter((answer) => 'orderId' in answer)).toHaveLength(1)
    expect(answers.flatMap((answer) => ('type' in answer ? [answer.type] : []))).toEqual(['PriceChanged'])
    await expectBooksToAgree(shop)
  })

  it('scenario 3: a notification that comes a hundred times at once pays once', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'timeout', charged: true, delivery: { times: 100 } })
    await pay(shop, 'ann', orderId)
    const signed = await shop.gateway.takeNotifications()
    expect(signed).toHaveLength(100)
    const handled = await Promise.all(
      signed.map((each) => receiveNotification(shop, { gatewayId: 'sandbox', ...each })),
    )
    expect(handled.map((each) => value(each).outcome)).toEqual(Array(100).fill('handled'))
    expect(handled.map((each) => value(each).acknowledgement.status)).toEqual(Array(100).fill(200))
    expect((await booksOf(shop)).ledger.filter(({ body }) => body.kind === 'captured')).toHaveLength(1)
    expect(shop.told.filter((event) => event.type === 'OrderPaid')).toHaveLength(1)
    expect(shop.told.filter((event) => event.type === 'PaymentCaptured')).toHaveLength(1)
    expect(await noticesOf(shop)).toEqual([['ann', 'paymentSucceeded']])
    await expectBooksToAgree(shop)
  })

  it('two attempts that are both captured, told 32 times each at once: one pays, the other goes back once', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    for (const _ of [1, 2]) {
      shop.gateway.script({ kind: 'pending' })
      const { paymentId } = await pay(shop, 'ann', orderId)
      expect(shop.gateway.pay(paymentId)).toBe(true)
    }
    const signed = await shop.gateway.takeNotifications()
    expect(signed).toHaveLength(2)
    const handled = await Promise.all(
      Array.from({ length: 32 }, () => signed)
        .flat()
        .map((each) => receiveNotification(shop, { gatewayId: 'sandbox', ...each })),
    )
    expect(new Set(handled.map((each) => value(each).outcome))).toEqual(new Set(['handled']))
    value(await settleRefunds(shop, { limit: 10 }))
    const { orders, payments, refunds } = await booksOf(shop)
    const paying = orders[0]?.state
    const paidBy = paying !== undefined && 'paymentId' in paying ? paying.paymentId : null
    const spare = payments.map(({ id }) => id).filter((id) => id !== paidBy)
    expect(spare).toHaveLength(1)
    expect(refunds.map(({ id, state }) => [id, state.status, state.amountMinor])).toEqual([
      [`duplicate_${spare[0]}`, 'succeeded', 13_700],
    ])
    expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([13_700])
    await expectBooksToAgree(shop)
  })
})
