import { describe, expect, it } from 'vitest'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import type { OrderCursor } from '../../../src/orders/order-inputs.js'
import { listOrders, type OrderPageList } from '../../../src/orders/pages/list-orders.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { put } from '../../../src/shared/commit.js'
import { unchecked } from '../../support/unchecked.js'
import { booksOf } from '../books-of.js'
import { by, byStaff, commit, fillCart, pay, place, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

/** Ann's checkout of a kettle of the shop's, a lamp of `lights` and a mug of `potter`, paid; the lamp has left. */
const openDivided = async () => {
  const shop = await openMall()
  await fillCart(shop, 'ann', [
    ['kettle', 1],
    ['lamp', 1],
    ['mug', 1],
  ])
  const { orderId, orderNumber } = await place(shop, 'ann')
  const unpaid = value(await listOrders(shop, by('ann'), { orderNumber })).orders.map((order) => order.orderId)
  await pay(shop, 'ann', orderId)
  const { orderIds } = value(await orderPage(shop, byStaff(), { orderId }))
  const lamp = orderIds[1] ?? ''
  value(await shipOrder(shop, byStaff(), { orderId: lamp, carrier: 'sf', trackingNumber: '1' }))
  const found = async (asked: Parameters<typeof listOrders>[2], context = by('ann')) => {
    const { orders, next } = value(await listOrders(shop, context, { orderNumber, ...asked }))
    return { ids: orders.map((order) => order.orderId), next }
  }
  return { shop, orderId, orderNumber, unpaid, orderIds, lamp, found }
}

describe('the number that the buyer of a divided checkout was told', () => {
  it('finds its orders, for the buyer and for staff, and nothing for others', async () => {
    const { orderId, unpaid, orderIds, found } = await openDivided()
    expect(unpaid).toEqual([orderId])
    for (const context of [by('ann'), byStaff()]) {
      expect((await found({}, context)).ids.sort()).toEqual([...orderIds].sort())
    }
    expect((await found({}, by('bob'))).ids).toEqual([])
    expect((await found({ state: 'divided' })).ids).toEqual([orderId])
  })

  it('finds those of them that are asked for beside it', async () => {
    const { shop, orderIds, lamp, found } = await openDivided()
    expect((await found({ state: 'shipped' })).ids).toEqual([lamp])
    expect((await found({ state: 'completed' })).ids).toEqual([])
    expect((await found({ held: true })).ids).toEqual([])
    expect((await found({ dueOnDelivery: true })).ids).toEqual([])
    expect((await found({ parcelOverdue: true })).ids).toEqual([])
    expect((await found({ accountId: 'bob' }, byStaff())).ids).toEqual([])
    expect((await found({ placedTo: shop.clock.now() + 1 })).ids).toHaveLength(orderIds.length)
    expect((await found({ placedFrom: shop.clock.now() + 1 })).ids).toEqual([])
    expect((await found({ text: 'lamp' })).ids).toEqual([lamp])
  })

  it('finds them page by page, each once', async () => {
    const { orderIds, found } = await openDivided()
    const first = await found({ limit: 2 })
    expect(first.ids).toHaveLength(2)
    const second = await found({ limit: 2, ...(first.next === null ? {} : { after: first.next }) })
    expect(second).toEqual({ ids: [expect.any(String)], next: null })
    expect([...first.ids, ...second.ids].sort()).toEqual([...orderIds].sort())
  })

  it('finds their bills', async () => {
    const { shop, orderNumber, orderIds } = await openDivided()
    const bills = async (asked: Parameters<typeof listBills>[2]) =>
      value(await listBills(shop, by('ann'), { orderNumber, ...asked })).bills.map((bill) => bill.orderId)
    expect((await bills({})).sort()).toEqual([...orderIds].sort())
    expect(await bills({ state: 'refunded' })).toEqual([])
    expect(await bills({ state: 'paid', limit: 2 })).toHaveLength(2)
  })

  it('finds each of them once, page by page, though two of them cannot be read any more', async () => {
    const { shop, orderNumber, orderIds } = await openDivided()
    const rows = (await booksOf(shop)).orders.filter(({ id }) => orderIds.slice(0, 2).includes(id))
    await commit(
      shop,
      rows.map(({ id, version, state: { totals: _, ...spoiled } }) =>
        put(orders, { id, version, state: unchecked(spoiled) }),
      ),
    )
    const seen: string[] = []
    let after: OrderCursor | null = null
    do {
      const page: OrderPageList = value(
        await listOrders(shop, byStaff(), { orderNumber, limit: 1, ...(after === null ? {} : { after }) }),
      )
      seen.push(...page.orders.map(({ orderId }) => orderId), ...page.unreadable)
      after = page.next
    } while (after !== null)
    expect(seen.sort()).toEqual([...orderIds].sort())
  })
})
