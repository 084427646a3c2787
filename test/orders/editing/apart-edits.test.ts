import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { products } from '../../../src/catalog/product.schema.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { put } from '../../../src/shared/commit.js'
import { row } from '../../../src/shared/read-plan.js'
import { ask, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { by, byStaff, commit, fillCart, giftOffer, pay, place, type Sku, type TestShop, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'
import { edit } from './open-edit-shop.js'

/** A mall where the bag that comes with two kettles is the tailor's, who has nothing else in the cart. */
const openWithTailor = async (): Promise<TestShop> => {
  const shop = {
    ...(await openMall({ offers: [giftOffer] })),
    digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
  }
  const { id, version, state } = (await ask(shop, row(products, 'p-bag')))!
  await commit(shop, [put(products, { id, version, state: { ...state, merchantId: 'tailor' } })])
  return shop
}

const placeOf = async (shop: TestShop, lines: readonly (readonly [Sku, number])[]): Promise<string> => {
  await fillCart(shop, 'ann', lines)
  return (await place(shop, 'ann')).orderId
}

/** Pays a checkout, and tells which merchants got which lines. */
const divide = async (shop: TestShop, orderId: string) => {
  await pay(shop, 'ann', orderId)
  const { orderIds } = value(await orderPage(shop, byStaff(), { orderId }))
  const { orders } = await booksOf(shop)
  const parts = orders.filter(({ id }) => orderIds.includes(id)).map(({ state }) => state)
  return parts.map(({ merchantId, lines }) => [merchantId, lines.map(({ sku }) => sku)]).sort()
}

/** Every order of the buyer can be read, and given up. */
const expectAllAlive = async (shop: TestShop, count: number) => {
  const { orders } = value(await listOrders(shop, by('ann'), {}))
  expect(orders).toHaveLength(count)
  for (const { orderId } of orders) {
    expect(value(await orderPage(shop, by('ann'), { orderId })).lines.length).toBeGreaterThan(0)
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelled')
  }
  expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp'), await freeOf(shop, 'bag')]).toEqual([100, 100, 100])
  await expectBooksToAgree(shop)
}

describe('a checkout of several merchants that is changed before it is paid', () => {
  it('gives a merchant of whom it had a gift alone no order once that is taken out', async () => {
    const shop = await openWithTailor()
    const orderId = await placeOf(shop, [
      ['kettle', 2],
      ['lamp', 1],
    ])
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'gift-1', quantity: 0 }] })
    expect(await divide(shop, orderId)).toEqual([
      ['lights', ['lamp']],
      ['self', ['kettle']],
    ])
    await expectAllAlive(shop, 2)
  })

  it('gives a merchant no order whose goods and gift are taken out at once', async () => {
    const shop = await openWithTailor()
    const orderId = await placeOf(shop, [
      ['kettle', 2],
      ['lamp', 1],
      ['bag', 1],
    ])
    const lines = [
      { lineId: 'bag-3', quantity: 0 },
      { lineId: 'gift-1', quantity: 0 },
    ]
    await edit(shop, 'ann', { orderId, lines })
    expect(await divide(shop, orderId)).toEqual([
      ['lights', ['lamp']],
      ['self', ['kettle']],
    ])
    await expectAllAlive(shop, 2)
  })

  it('leaves a merchant the order of whom a gift alone is left', async () => {
    const shop = await openWithTailor()
    const orderId = await placeOf(shop, [
      ['kettle', 2],
      ['bag', 1],
    ])
    await edit(shop, 'ann', { orderId, lines: [{ lineId: 'bag-2', quantity: 0 }] })
    expect(await divide(shop, orderId)).toEqual([
      ['self', ['kettle']],
      ['tailor', ['bag']],
    ])
    await expectBooksToAgree(shop)
  })
})
