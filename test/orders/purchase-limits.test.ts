import { describe, expect, it } from 'vitest'
import { addLine } from '../../src/cart/add-line.js'
import { purchases } from '../../src/cart/purchases.js'
import { setQuantity } from '../../src/cart/set-quantity.js'
import { viewCart } from '../../src/cart/view-cart.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { shipOrder } from '../../src/orders/parcels/ship-order.js'
import { placeOrder } from '../../src/orders/placing/place-order.js'
import { previewOrder } from '../../src/orders/placing/preview-order.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { closeUnpaidOrders } from '../../src/orders/sweep-orders.js'
import { minutesMs } from '../../src/shared/instant.js'
import { counters } from '../../src/shared/read-plan.js'
import { ask, expectBooksToAgree, freeOf } from './books-of.js'
import { by, byStaff, fillCart, insist, openShop, pay, place, recipient, type TestShop, value } from './open-shop.js'

/** A shop that sells one person at most three kettles. */
const openLimitedShop = () => openShop({ perPerson: { kettle: 3 } })

const boughtBy = async (shop: TestShop, accountId: string) =>
  0 - ((await ask(shop, counters(purchases, [`p-kettle@${accountId}`]))).get(`p-kettle@${accountId}`) ?? 0)

const order = (expectedTotalMinor: number) => ({ shippingMethodId: 'standard', recipient, expectedTotalMinor })
const refusal = (requested: number, remaining: number) => ({
  type: 'PersonLimitExceeded',
  productId: 'p-kettle',
  requested,
  remaining,
})

describe('what one person may buy of a product', () => {
  it('counts what was ordered before, in the cart, in the preview and in the order', async () => {
    const shop = await openLimitedShop()
    await fillCart(shop, 'ann', [['kettle', 2]])
    await place(shop, 'ann')
    expect(await boughtBy(shop, 'ann')).toBe(2)

    const item = { productId: 'p-kettle', sku: 'kettle' }
    const tooMany = await addLine(shop, by('ann'), { ...item, quantity: 2 })
    expect(tooMany._unsafeUnwrapErr()).toEqual(refusal(2, 1))
    value(await addLine(shop, by('ann'), { ...item, quantity: 1 }))
    const lineId = (await openLines(shop, 'ann'))[0] ?? ''
    expect((await setQuantity(shop, by('ann'), { lineId, quantity: 2 }))._unsafeUnwrapErr()).toEqual(refusal(2, 1))
    await place(shop, 'ann')
    expect(await boughtBy(shop, 'ann')).toBe(3)
    expect((await addLine(shop, by('ann'), { ...item, quantity: 1 }))._unsafeUnwrapErr()).toEqual(refusal(1, 0))
    // Another person has a limit of their own.
    value(await addLine(shop, by('bob'), { ...item, quantity: 3 }))
  })

  it('refuses a cart that was filled before, over all lines of the product', async () => {
    const shop = await openLimitedShop()
    await fillCart(shop, 'ann', [
      ['kettle', 2],
      ['kettle', 2],
    ])
    const seen = await previewOrder(shop, by('ann'), { shippingMethodId: 'standard', region: recipient.region })
    expect(seen._unsafeUnwrapErr()).toEqual(refusal(4, 3))
    expect((await placeOrder(shop, by('ann'), order(52_400)))._unsafeUnwrapErr()).toEqual(refusal(4, 3))
    expect(await freeOf(shop, 'kettle')).toBe(100)
  })

  it('is given back when the order ends unpaid, is cancelled, or pieces come back', async () => {
    const shop = await openLimitedShop()
    await fillCart(shop, 'ann', [['kettle', 3]])
    await place(shop, 'ann')
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 9 }))
    expect(await boughtBy(shop, 'ann')).toBe(0)

    await fillCart(shop, 'bob', [['kettle', 3]])
    const { orderId } = await place(shop, 'bob')
    await pay(shop, 'bob', orderId)
    value(await cancelOrder(shop, by('bob'), { orderId }))
    expect(await boughtBy(shop, 'bob')).toBe(0)

    await fillCart(shop, 'eve', [['kettle', 3]])
    const kept = (await place(shop, 'eve')).orderId
    await pay(shop, 'eve', kept)
    value(await shipOrder(shop, byStaff(), { orderId: kept, carrier: 'sf-express', trackingNumber: 'SF1' }))
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    value(await refundOrder(shop, byStaff(), { orderId: kept, reason: 'goodwill', lines }))
    expect(await boughtBy(shop, 'eve')).toBe(3)
    value(await refundOrder(shop, byStaff(), { orderId: kept, reason: 'returned', lines }))
    expect(await boughtBy(shop, 'eve')).toBe(2)
    await expectBooksToAgree(shop)
  })

  it('holds from two devices at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const shop = await openLimitedShop()
      await fillCart(shop, 'ann', [
        ['kettle', 2],
        ['kettle', 2],
      ])
      const answers = await Promise.all(
        ['kettle-1', 'kettle-2'].map((lineId) => {
          const context = by('ann')
          return insist(() => placeOrder(shop, context, { ...order(26_600), lineIds: [lineId] }))
        }),
      )
      expect(answers.filter((answer) => 'orderId' in answer)).toHaveLength(1)
      expect(answers.flatMap((answer) => ('type' in answer ? [answer] : []))).toEqual([refusal(2, 1)])
      expect(await boughtBy(shop, 'ann')).toBe(2)
      await expectBooksToAgree(shop)
    }
  })
})

const openLines = async (shop: TestShop, accountId: string): Promise<readonly string[]> =>
  value(await viewCart(shop, { actor: { kind: 'customer', accountId } })).lines.map(({ lineId }) => lineId)
