import { describe, expect, it } from 'vitest'
import { carts } from '../../src/cart/cart.schema.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { orderHistory } from '../../src/orders/order-history.schema.js'
import { listOrders } from '../../src/orders/pages/list-orders.js'
import { orderPage } from '../../src/orders/pages/order-page.js'
import { completeOrder, confirmReceipt } from '../../src/orders/parcels/complete-order.js'
import { recordDelivery, recordLoss } from '../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../src/orders/parcels/ship-order.js'
import { placeOrder } from '../../src/orders/placing/place-order.js'
import { previewOrder } from '../../src/orders/placing/preview-order.js'
import { savePolicy } from '../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { payRefundByHand, retryRefund } from '../../src/orders/refunds/rescue-refund.js'
import { settleRefunds } from '../../src/orders/sweep-orders.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import { append, put } from '../../src/shared/commit.js'
import { minutesMs } from '../../src/shared/instant.js'
import { find, row } from '../../src/shared/read-plan.js'
import { unchecked } from '../support/unchecked.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from './books-of.js'
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
  recipient,
  type TestShop,
  value,
} from './open-shop.js'

const couponOf = async (shop: TestShop) => (await ask(shop, find(coupons, { where: [], limit: 9 })))[0]?.state

/** Ann's paid order of two kettles and a lamp. */
const paidOrder = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [
    ['kettle', 2],
    ['lamp', 1],
  ])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return orderId
}

const shipment = { carrier: 'sf-express', trackingNumber: 'SF1' }

describe('placing an order', () => {
  it('is refused with the difference when the price is not what the buyer was shown', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const refused = await placeOrder(shop, by('ann'), {
      shippingMethodId: 'standard',
      recipient,
      expectedTotalMinor: 10_000,
    })
    expect(refused._unsafeUnwrapErr()).toEqual({
      type: 'PriceChanged',
      currency: 'CNY',
      expectedMinor: 10_000,
      actualMinor: 13_700,
      differenceMinor: 3_700,
      lines: [{ lineId: 'kettle-1', listUnitMinor: 12_900, netMinor: 12_900 }],
    })
    expect((await booksOf(shop)).orders).toEqual([])
  })

  it('is refused with the lines that cannot be had, two lines of one SKU counted together', async () => {
    const shop = await openShop({ stock: { kettle: 3 } })
    await fillCart(shop, 'ann', [
      ['kettle', 2],
      ['kettle', 2],
      ['lamp', 1],
    ])
    const preview = value(await previewOrder(shop, by('ann'), { shippingMethodId: 'standard', region: 'CN-31' }))
    expect(preview.missing.map(({ lineId }) => lineId)).toEqual(['kettle-1', 'kettle-2'])
    const refused = await placeOrder(shop, by('ann'), {
      shippingMethodId: 'standard',
      recipient,
      expectedTotalMinor: preview.totals.payableMinor,
    })
    expect(refused._unsafeUnwrapErr()).toEqual({
      type: 'OutOfStock',
      lines: [
        { lineId: 'kettle-1', sku: 'kettle', wanted: 2, available: 3 },
        { lineId: 'kettle-2', sku: 'kettle', wanted: 2, available: 3 },
      ],
    })
  })

  it('takes what was ordered out of the cart and leaves the rest', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [
      ['kettle', 2],
      ['lamp', 1],
    ])
    await place(shop, 'ann', { lineIds: ['kettle-1'] })
    const cart = await ask(shop, row(carts, 'cart_ann'))
    expect(cart?.state.status === 'open' && cart.state.lines.map(({ lineId }) => lineId)).toEqual(['lamp-2'])
  })

  it('keeps name, telephone and address readable to nobody without the key', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    await place(shop, 'ann')
    const written = JSON.stringify([await booksOf(shop), shop.told])
    for (const secret of [recipient.name, recipient.phone, recipient.address]) expect(written).not.toContain(secret)
  })

  it('brings a gift while there is one, and goes without it when there is none', async () => {
    for (const [bags, quantities] of [
      [1, [2, 1]],
      [0, [2]],
    ] as const) {
      const shop = await openShop({ offers: [giftOffer], stock: { bag: bags } })
      await fillCart(shop, 'ann', [['kettle', 2]])
      const placed = await place(shop, 'ann')
      expect(placed.missingGifts).toHaveLength(1 - bags)
      expect((await booksOf(shop)).orders[0]?.state.lines.map(({ quantity }) => quantity)).toEqual(quantities)
      await expectBooksToAgree(shop)
    }
  })

  it('is paid at once where points pay all of it', async () => {
    const shop = await openShop()
    const { points } = defaultShopPolicy
    if (points === null) throw new Error('the default terms have points')
    value(
      await savePolicy(shop, byStaff(), {
        ...withoutId(defaultShopPolicy),
        points: { ...points, spend: { ...points.spend, capBasisPoints: 10_000 } },
      }),
    )
    await givePoints(shop, 'ann', 100_000)
    await fillCart(shop, 'ann', [['kettle', 4]])
    // 516.00 in points; carriage is free from 500.00.
    const placed = await place(shop, 'ann', { points: 100_000 })
    expect(placed).toMatchObject({ status: 'paid', payableMinor: 0 })
    await expectBooksToAgree(shop)
    const cancelled = value(await cancelOrder(shop, by('ann'), { orderId: placed.orderId }))
    expect(cancelled.status).toBe('cancelled')
    const books = await booksOf(shop)
    expect(books.points[0]?.state).toMatchObject({ balance: 100_000 })
    expect(balanceOf(books.ledger, `escrow:${placed.orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('is not possible for a stranger from another cart, and no stranger sees the order', async () => {
    const shop = await openShop()
    const orderId = await paidOrder(shop)
    for (const refused of [
      await orderPage(shop, by('eve'), { orderId }),
      await cancelOrder(shop, by('eve'), { orderId }),
      await confirmReceipt(shop, by('eve'), { orderId }),
    ]) {
      expect(refused._unsafeUnwrapErr()).toEqual({ type: 'NotFound', entity: 'order', id: orderId })
    }
    expect((await shipOrder(shop, by('ann'), { orderId, ...shipment }))._unsafeUnwrapErr()).toMatchObject({
      type: 'Denied',
    })
  })
})

describe('cancelling an order', () => {
  it('before payment gives stock, coupon and points back at once', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const couponId = await giveCoupon(shop, 'ann')
    await givePoints(shop, 'ann', 500)
    await fillCart(shop, 'ann', [['kettle', 1]], [couponId])
    const { orderId } = await place(shop, 'ann', { points: 500 })
    expect(await couponOf(shop)).toMatchObject({ status: 'locked', orderId })
    Object.assign(shop.counts, { reads: 0, commits: 0 })
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelled')
    expect(shop.counts).toEqual({ reads: 1, commits: 1 })
    expect(await couponOf(shop)).toMatchObject({ status: 'claimed' })
    expect(await freeOf(shop, 'kettle')).toBe(100)
    expect((await booksOf(shop)).points[0]?.state).toMatchObject({ balance: 500, holds: [] })
    await expectBooksToAgree(shop)
  })

  it('after payment gives everything back, each to where it came from', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const couponId = await giveCoupon(shop, 'ann')
    await givePoints(shop, 'ann', 500)
    await fillCart(shop, 'ann', [['kettle', 1]], [couponId])
    const { orderId } = await place(shop, 'ann', { points: 500 })
    await pay(shop, 'ann', orderId)
    expect(await couponOf(shop)).toMatchObject({ status: 'used', orderId })
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelled')
    const books = await booksOf(shop)
    expect(balanceOf(books.ledger, 'gatewayClearing:sandbox')).toBe(0)
    expect(balanceOf(books.ledger, 'pointsLiability')).toBe(0)
    expect(balanceOf(books.ledger, 'promotionExpense')).toBe(0)
    expect(books.points[0]?.state).toMatchObject({ balance: 500 })
    expect(await couponOf(shop)).toMatchObject({ status: 'claimed' })
    expect(await freeOf(shop, 'kettle')).toBe(100)
    await expectBooksToAgree(shop)
  })

  it('stays under way while the gateway has not sent the money, and ends when it has', async () => {
    const shop = await openShop()
    const orderId = await paidOrder(shop)
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: true, delivery: { times: 0 } })
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelling')
    expect(await freeOf(shop, 'kettle')).toBe(100)
    shop.pass(minutesMs)
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('cancelled')
    expect(shop.gateway.books().refunds).toHaveLength(1)
    await expectBooksToAgree(shop)
  })

  it('is refused once something has left', async () => {
    const shop = await openShop()
    const orderId = await paidOrder(shop)
    value(await shipOrder(shop, byStaff(), { orderId, ...shipment }))
    expect((await cancelOrder(shop, by('ann'), { orderId }))._unsafeUnwrapErr()).toMatchObject({
      type: 'OrderStateForbids',
      status: 'shipped',
    })
  })
})

describe('shipping an order', () => {
  it('goes by lines, parcel by parcel, to the last signature', async () => {
    const shop = await openShop()
    const orderId = await paidOrder(shop)
    const first = value(
      await shipOrder(shop, byStaff(), { orderId, ...shipment, lines: [{ lineId: 'kettle-1', quantity: 1 }] }),
    )
    expect(first.status).toBe('partlyShipped')
    const beyond = { orderId, ...shipment, lines: [{ lineId: 'kettle-1', quantity: 2 }] }
    expect((await shipOrder(shop, byStaff(), beyond))._unsafeUnwrapErr()).toEqual({
      type: 'QuantityExceedsOrder',
      lineId: 'kettle-1',
      asked: 2,
      left: 1,
    })
    const rest = value(await shipOrder(shop, byStaff(), { orderId, ...shipment }))
    expect(rest).toMatchObject({ status: 'shipped' })
    expect(value(await recordDelivery(shop, byStaff(), { parcelId: rest.parcelId })).orderStatus).toBe('shipped')
    expect(value(await recordDelivery(shop, byStaff(), { parcelId: first.parcelId })).orderStatus).toBe('signed')
    expect((await recordDelivery(shop, byStaff(), { parcelId: first.parcelId }))._unsafeUnwrapErr()).toMatchObject({
      type: 'ParcelStateForbids',
      status: 'delivered',
    })
    await expectBooksToAgree(shop)
  })

  it('is confirmed by the buyer, and completed only without an open end', async () => {
    const shop = await openShop()
    const orderId = await paidOrder(shop)
    value(await shipOrder(shop, byStaff(), { orderId, ...shipment }))
    expect((await completeOrder(shop, byStaff(), { orderId }))._unsafeUnwrapErr()).toMatchObject({ status: 'shipped' })
    expect(value(await confirmReceipt(shop, by('ann'), { orderId })).status).toBe('signed')
    expect(value(await completeOrder(shop, byStaff(), { orderId })).status).toBe('completed')
    await expectBooksToAgree(shop)
  })

  it('writes a lost parcel off, and its money can go back without a return', async () => {
    const shop = await openShop()
    const orderId = await paidOrder(shop)
    const { parcelId } = value(await shipOrder(shop, byStaff(), { orderId, ...shipment }))
    value(await recordLoss(shop, byStaff(), { parcelId }))
    const refunded = value(
      await refundOrder(shop, byStaff(), {
        orderId,
        reason: 'lost',
        lines: [
          { lineId: 'kettle-1', quantity: 2 },
          { lineId: 'lamp-2', quantity: 1 },
        ],
        withShipping: true,
      }),
    )
    expect(refunded).toMatchObject({ cashMinor: 32_500, status: 'succeeded' })
    await expectBooksToAgree(shop)
  })
})

describe('refunding an order', () => {
  it('never gives more back than was taken', async () => {
    const shop = await openShop()
    const orderId = await paidOrder(shop)
    const twice = { orderId, reason: 'goodwill', withShipping: true } as const
    expect(value(await refundOrder(shop, byStaff(), twice)).cashMinor).toBe(800)
    expect((await refundOrder(shop, byStaff(), twice))._unsafeUnwrapErr()).toMatchObject({ type: 'NothingToDo' })
    const more = { orderId, reason: 'goodwill', lines: [{ lineId: 'kettle-1', quantity: 3 }] } as const
    expect((await refundOrder(shop, byStaff(), more))._unsafeUnwrapErr()).toMatchObject({ type: 'PiecesExceeded' })
    await expectBooksToAgree(shop)
  })

  it('sends what a lost answer left open again under the same reference, once', async () => {
    const shop = await openShop()
    const orderId = await paidOrder(shop)
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
    const input = { orderId, reason: 'goodwill', lines: [{ lineId: 'lamp-2', quantity: 1 }] } as const
    const begun = value(await refundOrder(shop, byStaff('refund-key'), input))
    expect(begun.status).toBe('pending')
    // Not while the first may still be at work.
    expect(value(await refundOrder(shop, byStaff('refund-key'), input))).toEqual(begun)
    shop.pass(minutesMs)
    const again = value(await refundOrder(shop, byStaff('refund-key'), input))
    expect(again).toEqual({ ...begun, status: 'succeeded' })
    expect(shop.gateway.books().refunds.map(({ refundRef, amountMinor }) => [refundRef, amountMinor])).toEqual([
      [begun.refundId, 5_900],
    ])
    await expectBooksToAgree(shop)
  })

  it('that the gateway turned down is sent again under the same reference, or paid by hand', async () => {
    const shop = await openShop()
    const orderId = await paidOrder(shop)
    const refund = async (lineId: string) => {
      shop.gateway.scriptRefund({ kind: 'decline', code: 'LimitExceeded' })
      const lines = [{ lineId, quantity: 1 }]
      const begun = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines }))
      expect(begun.status).toBe('failed')
      await expectBooksToAgree(shop)
      return begun
    }
    const first = await refund('kettle-1')
    expect(value(await retryRefund(shop, byStaff(), { refundId: first.refundId })).status).toBe('succeeded')
    const second = await refund('lamp-2')
    expect(value(await payRefundByHand(shop, byStaff(), { refundId: second.refundId })).status).toBe('paidManually')
    const again = await retryRefund(shop, byStaff(), { refundId: second.refundId })
    expect(again._unsafeUnwrapErr()).toMatchObject({ type: 'RefundStateForbids', status: 'paidManually' })
    const books = await booksOf(shop)
    expect(books.orders[0]?.state.refunds.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
    expect(balanceOf(books.ledger, 'refundInTransit')).toBe(0)
    expect(balanceOf(books.ledger, 'bank')).toBe(-5_900)
    await expectBooksToAgree(shop)
  })

  it('gives a coupon back with the last piece that it touched', async () => {
    const shop = await openShop({ offers: [couponOffer] })
    const couponId = await giveCoupon(shop, 'ann')
    await fillCart(
      shop,
      'ann',
      [
        ['kettle', 1],
        ['lamp', 1],
      ],
      [couponId],
    )
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const refund = (lineId: string) =>
      refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] })
    const first = value(await refund('kettle-1'))
    expect(await couponOf(shop)).toMatchObject({ status: 'used' })
    const second = value(await refund('lamp-2'))
    expect(await couponOf(shop)).toMatchObject({ status: 'claimed' })
    expect(first.cashMinor + second.cashMinor).toBe(12_900 + 5_900 - 2_000)
    await expectBooksToAgree(shop)
  })
})

describe('the page of an order that much has happened to', () => {
  it('tells why an attempt failed, and the latest of what happened and of what carriers told', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['mug', 1]])
    const { orderId } = await place(shop, 'ann')
    const failures = Array.from({ length: 200 }, (_, count) => {
      const facts = { orderId, accountId: 'ann', merchantId: null, at: shop.clock.now() + count }
      const entryId = `failure-${count}`
      const body = {
        ...facts,
        entryId,
        happened: 'paymentFailed',
        by: null,
        reference: null,
        amountMinor: null,
      } as const
      return append(orderHistory, { id: entryId, body })
    })
    await commit(shop, failures)
    shop.pass(minutesMs)
    shop.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
    await pay(shop, 'ann', orderId)
    shop.pass(minutesMs)
    await pay(shop, 'ann', orderId)
    const { attempts, history } = value(await orderPage(shop, by('ann'), { orderId }))
    expect(attempts.map(({ status, failure }) => [status, failure])).toEqual([
      ['failed', 'InsufficientFunds'],
      ['captured', null],
    ])
    expect(history).toHaveLength(201)
    expect([history[0]?.happened, history.at(-1)?.happened]).toEqual(['placed', 'paid'])
    expect(history.map(({ at }) => at)).toEqual(history.map(({ at }) => at).sort((one, other) => one - other))
  })
})

describe('listing orders', () => {
  it('pages from the newest to the oldest without a gap when new ones come', async () => {
    const shop = await openShop()
    const placed: string[] = []
    for (let count = 0; count < 5; count += 1) {
      await fillCartAnew(shop)
      placed.unshift((await place(shop, 'ann')).orderId)
      shop.pass(minutesMs)
    }
    const first = value(await listOrders(shop, by('ann'), { limit: 2 }))
    await fillCartAnew(shop)
    await place(shop, 'ann')
    const second = value(await listOrders(shop, by('ann'), { limit: 2, after: unchecked(first.next) }))
    const third = value(await listOrders(shop, by('ann'), { limit: 2, after: unchecked(second.next) }))
    expect([...first.orders, ...second.orders, ...third.orders].map(({ orderId }) => orderId)).toEqual(placed)
    expect(third.next).toBeNull()
    expect(value(await listOrders(shop, by('eve'), {})).orders).toEqual([])
    expect(value(await listOrders(shop, by('ann'), { state: 'awaitingShipment' })).orders).toEqual([])
    expect(value(await listOrders(shop, byStaff(), { state: 'awaitingPayment' })).orders).toHaveLength(6)
  })
})

const fillCartAnew = async (shop: TestShop) => {
  const cart = await ask(shop, row(carts, 'cart_ann'))
  if (cart === undefined) return fillCart(shop, 'ann', [['mug', 1]])
  const line = {
    lineId: `mug-${shop.clock.now()}`,
    productId: 'p-mug',
    sku: 'mug',
    quantity: 1,
    selected: true,
    addedAt: 1,
  }
  return commit(shop, [put(carts, { ...cart, state: { ...cart.state, lines: [line] } as typeof cart.state })])
}

const withoutId = ({ policyId: _, ...terms }: typeof defaultShopPolicy) => terms
