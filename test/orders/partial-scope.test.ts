import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../src/orders/pages/order-page.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import type { Scope } from '../../src/shared/actor.js'
import { row } from '../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree, freeOf } from './books-of.js'
import { byStaff, couponOffer, fillCart, giveCoupon, openShop, pay, place, type TestShop } from './open-shop.js'

type Fields = Extract<Scope, { kind: 'fields' }>['fields']

/** The shop as staff have it whom the host binds by a condition. */
const boundBy = (shop: TestShop, fields: Fields): TestShop => ({
  ...shop,
  authorizer: { authorize: () => okAsync({ kind: 'fields', fields } as const) },
})

describe('staff who are bound by a condition on fields', () => {
  it.each<Fields>([{ merchantId: ['self'] }, { status: ['awaitingPayment'] }])(
    'see the orders that meet it, and move none without what hangs on it: %j',
    async (fields) => {
      const shop = await openShop({ offers: [couponOffer] })
      const couponId = await giveCoupon(shop, 'ann')
      await fillCart(shop, 'ann', [['kettle', 1]], [couponId])
      const { orderId } = await place(shop, 'ann')
      const bound = boundBy(shop, fields)
      expect((await orderPage(bound, byStaff(), { orderId }))._unsafeUnwrap().orderId).toBe(orderId)
      const refused = await cancelOrder(bound, byStaff(), { orderId })
      expect(refused._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'orders.cancel' })
      expect(await freeOf(shop, 'kettle')).toBe(99)
      const coupon = await ask(shop, row(coupons, couponId))
      const { orders } = await booksOf(shop)
      expect([orders[0]?.state.status, coupon?.state.status]).toEqual(['awaitingPayment', 'locked'])

      // Whoever sees all moves all.
      expect((await cancelOrder(shop, byStaff(), { orderId }))._unsafeUnwrap().status).toBe('cancelled')
      expect(await freeOf(shop, 'kettle')).toBe(100)
      await expectBooksToAgree(shop)
    },
  )

  it('send no money back of an order whose payments they cannot see', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const asked = { orderId, reason: 'goodwill', amountMinor: 1_000 } as const
    const refused = await refundOrder(boundBy(shop, { status: ['paid'] }), byStaff(), asked)
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'orders.refund' })
    expect((await booksOf(shop)).refunds).toEqual([])
  })
})
