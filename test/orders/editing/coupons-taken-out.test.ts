import { describe, expect, it } from 'vitest'
import { cartIdOf } from '../../../src/cart/cart.js'
import { carts } from '../../../src/cart/cart.schema.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { replayPrice } from '../../../src/orders/price-record/replay-price.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { removeRow } from '../../../src/shared/commit.js'
import { row } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { expectCouponsKept } from '../history-laws.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giveCoupon,
  pay,
  place,
  type TestShop,
  value,
} from '../open-shop.js'
import { buy, edit, openEditShop, orderOf } from './open-edit-shop.js'

/** 20.00 off kettles alone. */
const offKettles = { ...couponOffer, scope: { productIds: ['p-kettle'] } }

/** A kettle with a coupon and a lamp, paid: 129.00 less 20.00, 59.00 and 8.00 carriage. */
const buyBoth = async (shop: TestShop): Promise<string> => {
  const orderId = await buy(
    shop,
    'ann',
    [
      ['kettle', 1],
      ['lamp', 1],
    ],
    [await giveCoupon(shop, 'ann')],
  )
  expect((await orderOf(shop, orderId))?.totals.payableMinor).toBe(17_600)
  return orderId
}

const couponOf = async (shop: TestShop) => (await ask(shop, row(coupons, 'c-ann')))?.state

const expectSound = async (shop: TestShop) => {
  await expectBooksToAgree(shop)
  await expectCouponsKept(shop, await booksOf(shop))
}

const kettles = (orderId: string, quantity: number) => ({ orderId, lines: [{ lineId: 'kettle-1', quantity }] })

describe('a coupon whose goods are taken out of a paid order', () => {
  it('is free, and takes nothing off them when they are asked for again', async () => {
    const shop = await openEditShop({ offers: [offKettles] })
    const orderId = await buyBoth(shop)
    const out = await edit(shop, 'ann', kettles(orderId, 0))
    expect(out).toMatchObject({ couponIdsFreed: ['c-ann'], refund: { cashMinor: 10_900 } })
    expect((await couponOf(shop))?.status).toBe('claimed')
    await expectSound(shop)

    // It is used for another order meanwhile.
    const cart = (await ask(shop, row(carts, cartIdOf('ann'))))!
    await commit(shop, [removeRow(carts, cart)])
    await fillCart(shop, 'ann', [['kettle', 1]], ['c-ann'])
    const other = await place(shop, 'ann')
    await pay(shop, 'ann', other.orderId)
    expect(other.payableMinor).toBe(12_900 - 2_000 + 800)

    const again = await edit(shop, 'ann', kettles(orderId, 1))
    expect(again).toMatchObject({ toPayMinor: 12_900, payableAfterMinor: 12_900 + 5_900 + 800 })
    await pay(shop, 'ann', orderId)
    expect(await orderOf(shop, orderId)).toMatchObject({ couponIds: [], totals: { payableMinor: 19_600 } })
    expect(await couponOf(shop)).toMatchObject({ status: 'used', orderId: other.orderId })
    expect(value(await replayPrice(shop, byStaff(), { orderId })).identical).toBe(true)
    await expectSound(shop)

    // Given up, the order gives back what was paid for it, and not the coupon of another.
    value(await cancelOrder(shop, by('ann'), { orderId }))
    value(await settleRefunds(shop, { limit: 10 }))
    expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
    expect(await couponOf(shop)).toMatchObject({ status: 'used', orderId: other.orderId })
    expect(balanceOf((await booksOf(shop)).ledger, `escrow:${orderId}`)).toBe(0)
    await expectSound(shop)
  })

  it('takes nothing off them either where that change is undone', async () => {
    const shop = await openEditShop({ offers: [offKettles] })
    const orderId = await buyBoth(shop)
    await edit(shop, 'ann', kettles(orderId, 0))
    const [change] = value(await orderPage(shop, by('ann'), { orderId })).earlier
    expect(await edit(shop, 'ann', { orderId, undo: change?.editId ?? '' })).toMatchObject({ toPayMinor: 12_900 })
    await pay(shop, 'ann', orderId)
    expect([await freeOf(shop, 'kettle'), (await couponOf(shop))?.status]).toEqual([99, 'claimed'])
    await expectSound(shop)
  })

  it('keeps nobody from having more of the other goods, its uses counted or not', async () => {
    for (const limits of [undefined, { usesPerCustomer: 5 }]) {
      const shop = await openEditShop({ offers: [{ ...offKettles, ...(limits === undefined ? {} : { limits }) }] })
      const orderId = await buyBoth(shop)
      await edit(shop, 'ann', kettles(orderId, 0))
      const more = { orderId, lines: [{ lineId: 'lamp-2', quantity: 2 }] }
      expect(await edit(shop, 'ann', more)).toMatchObject({ toPayMinor: 5_900, couponIdsFreed: [] })
      await pay(shop, 'ann', orderId)
      expect(await orderOf(shop, orderId)).toMatchObject({ couponIds: [], totals: { payableMinor: 12_600 } })
      expect((await couponOf(shop))?.status).toBe('claimed')
      await expectSound(shop)
    }
  })

  it('is still the order’s while a piece that it was for is in it', async () => {
    const shop = await openEditShop({ offers: [offKettles] })
    const orderId = await buy(shop, 'ann', [['kettle', 2]], [await giveCoupon(shop, 'ann')])
    await edit(shop, 'ann', kettles(orderId, 1))
    expect((await couponOf(shop))?.status).toBe('used')
    // 258.00 less 20.00 and 8.00, of which 119.00 went back.
    expect(await edit(shop, 'ann', kettles(orderId, 2))).toMatchObject({ toPayMinor: 11_900 })
    await pay(shop, 'ann', orderId)
    expect(await orderOf(shop, orderId)).toMatchObject({ couponIds: ['c-ann'], totals: { payableMinor: 24_600 } })
    await expectSound(shop)
  })
})
