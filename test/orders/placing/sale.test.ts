import { describe, expect, it } from 'vitest'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { completeOrder } from '../../../src/orders/parcels/complete-order.js'
import { recordDelivery } from '../../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { advanceOrders } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import {
  by,
  byStaff,
  couponOffer,
  fillCart,
  giftOffer,
  giveCoupon,
  givePoints,
  openShop,
  pay,
  payableNow,
  place,
  recipient,
  value,
} from '../open-shop.js'

describe('a whole sale', () => {
  it('runs from the cart to completion and back, and every book agrees at every step', async () => {
    const shop = await openShop({ offers: [couponOffer, giftOffer] })
    const couponId = await giveCoupon(shop, 'ann')
    await givePoints(shop, 'ann', 1_000)
    await fillCart(
      shop,
      'ann',
      [
        ['kettle', 2],
        ['lamp', 1],
      ],
      [couponId],
    )

    const placed = await place(shop, 'ann', { points: 1_000 })
    // 2 x 129.00 + 59.00 = 317.00, less the coupon 20.00 and points 10.00, carriage 8.00.
    expect(placed).toMatchObject({ status: 'awaitingPayment', payableMinor: 29_500, missingGifts: [] })
    await expectBooksToAgree(shop)
    expect((await booksOf(shop)).ledger).toEqual([])

    const paid = await pay(shop, 'ann', placed.orderId)
    expect(paid).toMatchObject({ orderStatus: 'paid', paymentStatus: 'captured', failure: null })
    await expectBooksToAgree(shop)
    const afterPay = await booksOf(shop)
    expect(balanceOf(afterPay.ledger, 'gatewayClearing:sandbox')).toBe(29_500)
    // Cash 295.00, points 10.00 and the platform's half of the coupon, 10.00.
    expect(balanceOf(afterPay.ledger, `escrow:${placed.orderId}`)).toBe(-31_500)

    const shipped = value(
      await shipOrder(shop, byStaff(), { orderId: placed.orderId, carrier: 'sf-express', trackingNumber: 'SF1' }),
    )
    expect(shipped.status).toBe('shipped')
    const delivered = value(await recordDelivery(shop, byStaff(), { parcelId: shipped.parcelId }))
    expect(delivered).toMatchObject({ parcelStatus: 'delivered', orderStatus: 'signed' })
    await expectBooksToAgree(shop)

    value(await completeOrder(shop, byStaff(), { orderId: placed.orderId }))
    await expectBooksToAgree(shop)
    const afterEnd = await booksOf(shop)
    expect(balanceOf(afterEnd.ledger, `escrow:${placed.orderId}`)).toBe(0)
    expect(balanceOf(afterEnd.ledger, 'payable:self')).toBe(-31_500)
    const earned = afterEnd.orders[0]?.state.pointsEarned ?? 0
    expect(earned).toBeGreaterThan(0)
    expect(afterEnd.points[0]?.state).toMatchObject({ status: 'open', balance: earned })

    const refunded = value(
      await refundOrder(shop, byStaff(), {
        orderId: placed.orderId,
        reason: 'goodwill',
        lines: [{ lineId: 'lamp-2', quantity: 1 }],
      }),
    )
    expect(refunded.status).toBe('succeeded')
    await expectBooksToAgree(shop)
    const afterRefund = await booksOf(shop)
    expect(balanceOf(afterRefund.ledger, 'gatewayClearing:sandbox')).toBe(29_500 - refunded.cashMinor)
    expect(balanceOf(afterRefund.ledger, `escrow:${placed.orderId}`)).toBe(0)
    expect(balanceOf(afterRefund.ledger, 'refundInTransit')).toBe(0)

    const rest = value(
      await refundOrder(shop, byStaff(), {
        orderId: placed.orderId,
        reason: 'goodwill',
        lines: [{ lineId: 'kettle-1', quantity: 2 }],
        withShipping: true,
      }),
    )
    await expectBooksToAgree(shop)
    expect(refunded.cashMinor + rest.cashMinor).toBe(29_500)
    expect(refunded.points + rest.points).toBe(1_000)
    const end = await booksOf(shop)
    expect(balanceOf(end.ledger, 'gatewayClearing:sandbox')).toBe(0)
    expect(balanceOf(end.ledger, 'payable:self')).toBe(0)
    // Points spent are back, points earned are gone.
    expect(end.points[0]?.state).toMatchObject({ balance: 1_000, debt: 0 })

    const page = value(await orderPage(shop, by('ann'), { orderId: placed.orderId }))
    expect(page).toMatchObject({ state: 'completed', refund: 'whole', recipient })
    expect(page.history.map(({ happened, by: whose, amountMinor }) => [happened, whose, amountMinor])).toEqual([
      ['placed', 'buyer', null],
      ['paid', null, 29_500],
      ['shipped', null, null],
      ['received', 'carrier', null],
      ['completed', null, null],
      ['refundStarted', null, refunded.cashMinor],
      ['refunded', null, null],
      ['refundStarted', null, rest.cashMinor],
      ['refunded', null, null],
    ])
  })

  it('places in one read and one commit, and pays in two of each', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const expectedTotalMinor = await payableNow(shop, 'ann')
    Object.assign(shop.counts, { reads: 0, commits: 0 })
    const placed = value(
      await placeOrder(shop, by('ann'), { shippingMethodId: 'standard', recipient, expectedTotalMinor }),
    )
    expect(shop.counts).toEqual({ reads: 1, commits: 1 })
    Object.assign(shop.counts, { reads: 0, commits: 0 })
    await pay(shop, 'ann', placed.orderId)
    // The intent, then the gateway's answer.
    expect(shop.counts).toEqual({ reads: 2, commits: 2 })
  })

  it('is taken as received and completed by the clock', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    expect(value(await advanceOrders(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    shop.pass(10 * daysMs)
    expect(value(await advanceOrders(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('signed')
    expect(value(await advanceOrders(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    shop.pass(8 * daysMs)
    expect(value(await advanceOrders(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('completed')
    await expectBooksToAgree(shop)
  })
})
