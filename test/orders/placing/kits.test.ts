import { describe, expect, it } from 'vitest'
import { receiveReturn } from '../../../src/aftersales/receive-return.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { approveReturn } from '../../../src/aftersales/review-return.js'
import { addLine } from '../../../src/cart/add-line.js'
import { viewCart } from '../../../src/cart/view-cart.js'
import type { KitPart } from '../../../src/catalog/product.js'
import { products } from '../../../src/catalog/product.schema.js'
import { stockCounters } from '../../../src/inventory/stock.js'
import { stockOf } from '../../../src/inventory/stock-of.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { previewOrder } from '../../../src/orders/placing/preview-order.js'
import { put } from '../../../src/shared/commit.js'
import { row } from '../../../src/shared/read-plan.js'
import { productPage } from '../../../src/storefront/product-page.js'
import { ask, expectBooksToAgree, freeOf } from '../books-of.js'
import {
  by,
  byStaff,
  commit,
  fillCart,
  giftOffer,
  insist,
  openShop,
  pay,
  place,
  recipient,
  type Sku,
  type TestShop,
  value,
  wares,
} from '../open-shop.js'

const part = (sku: Sku, quantity: number): KitPart => ({ sku, quantity })

/** Makes the one variant of a product a kit of other goods. */
const makeKit = async (shop: TestShop, sku: Sku, parts: readonly KitPart[]) => {
  const stored = (await ask(shop, row(products, `p-${sku}`)))!
  const variants = stored.state.variants.map((variant) => ({ ...variant, parts }))
  await commit(shop, [put(products, { id: stored.id, version: stored.version, state: { ...stored.state, variants } })])
}

/** A shop in which the lamp is a set of a kettle and two mugs, and the bag a bag of six mugs. */
const openKitShop = async (options: Parameters<typeof openShop>[0] = {}) => {
  const shop = await openShop(options)
  await makeKit(shop, 'lamp', [part('kettle', 1), part('mug', 2)])
  await makeKit(shop, 'bag', [part('mug', 6)])
  return shop
}

const free = async (shop: TestShop) => [await freeOf(shop, 'kettle'), await freeOf(shop, 'mug')]

const tryToPlace = (shop: TestShop, buyer: string, expectedTotalMinor = 0) =>
  placeOrder(shop, by(buyer), { shippingMethodId: 'standard', recipient, expectedTotalMinor })

describe('a kit', () => {
  it('is shown and sold as far as its parts go, sets them aside and gives them back', async () => {
    const shop = await openKitShop({ stock: { kettle: 3, mug: 5, lamp: 90, bag: 90 } })
    const skus = ['lamp', 'bag', 'mug']
    expect(value(await stockOf(shop, by('ann'), { skus })).lines.map(({ available }) => available)).toEqual([2, 0, 5])
    expect(value(await productPage(shop, by('ann'), { productId: 'p-lamp' })).stock).toEqual([
      { sku: 'lamp', available: 2 },
    ])
    // Carts look at stock where they are told where it is.
    const withStock = { ...shop, stock: { family: stockCounters, warehouses: shop.warehouses } }
    const short = await addLine(withStock, by('ann'), { productId: 'p-lamp', sku: 'lamp', quantity: 3 })
    expect(short._unsafeUnwrapErr()).toMatchObject({ type: 'StockInsufficient' })
    await fillCart(shop, 'ann', [['lamp', 2]])
    expect(value(await viewCart(withStock, by('ann'))).lines).toMatchObject([{ available: 2, problem: null }])
    const { orderId } = await place(shop, 'ann')
    expect(await free(shop)).toEqual([1, 1])
    await expectBooksToAgree(shop)
    const page = value(await orderPage(shop, by('ann'), { orderId }))
    expect(page.lines).toMatchObject([{ sku: 'lamp', parts: [part('kettle', 1), part('mug', 2)] }])
    // What it is made of tomorrow is nothing to an order of today.
    await makeKit(shop, 'lamp', [part('kettle', 5)])
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await free(shop)).toEqual([3, 5])
    await expectBooksToAgree(shop)
  })

  it('and its parts in one cart must be there together', async () => {
    const shop = await openKitShop({ stock: { kettle: 9, mug: 11 } })
    await fillCart(shop, 'ann', [
      ['lamp', 2],
      ['bag', 1],
      ['mug', 2],
    ])
    const lines = [
      { lineId: 'lamp-1', sku: 'lamp', wanted: 2, available: 5 },
      { lineId: 'bag-2', sku: 'bag', wanted: 1, available: 1 },
      { lineId: 'mug-3', sku: 'mug', wanted: 2, available: 11 },
    ]
    const preview = value(await previewOrder(shop, by('ann'), { shippingMethodId: 'standard', region: 'CN-31' }))
    expect(preview.missing).toEqual(lines)
    expect((await tryToPlace(shop, 'ann'))._unsafeUnwrapErr()).toEqual({ type: 'OutOfStock', lines })
    await fillCart(shop, 'bob', [
      ['lamp', 2],
      ['bag', 1],
      ['mug', 1],
    ])
    await place(shop, 'bob')
    expect(await free(shop)).toEqual([7, 0])
    await expectBooksToAgree(shop)
  })

  it('is never promised twice, however many want it, its parts and what shares them at once', async () => {
    const shop = await openKitShop({ stock: { kettle: 3, mug: 7 }, attempts: 20 })
    const wants: readonly Sku[] = ['lamp', 'lamp', 'kettle', 'kettle', 'bag']
    for (const [nth, sku] of wants.entries()) await fillCart(shop, `b${nth}`, [[sku, 1]])
    // One piece and 8.00 for carriage.
    const placed = await Promise.all(
      wants.map((sku, nth) => insist(() => tryToPlace(shop, `b${nth}`, wares[sku] + 800))),
    )
    const sold = (sku: Sku) => placed.filter((each, nth) => 'orderId' in each && wants[nth] === sku).length
    for (const each of placed) if ('type' in each) expect(each.type).toBe('OutOfStock')
    expect(await free(shop)).toEqual([3 - sold('lamp') - sold('kettle'), 7 - 2 * sold('lamp') - 6 * sold('bag')])
    // Nothing is left that somebody who was refused could have had.
    expect(sold('lamp') + sold('kettle') === 3 || sold('bag') === 1).toBe(true)
    await expectBooksToAgree(shop)
  })

  it('is made in one warehouse, and what lies anywhere makes room for it', async () => {
    const warehouses = ['near', 'far']
    const shop = await openKitShop({
      warehouses,
      stock: { kettle: 1, mug: 1 },
      elsewhere: { far: { kettle: 1, mug: 2 } },
    })
    expect(value(await stockOf(shop, by('ann'), { skus: ['lamp'] })).lines[0]?.available).toBe(1)
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    await place(shop, 'ann')
    expect(await freeOf(shop, 'kettle', 'near')).toBe(0)
    expect([await freeOf(shop, 'mug', 'near'), await freeOf(shop, 'mug', 'far')]).toEqual([1, 0])
    await fillCart(shop, 'bob', [['lamp', 1]])
    expect((await tryToPlace(shop, 'bob'))._unsafeUnwrapErr()).toEqual({
      type: 'OutOfStock',
      lines: [{ lineId: 'lamp-1', sku: 'lamp', wanted: 1, available: 0 }],
    })
    await expectBooksToAgree(shop)
  })

  it('that comes back goes to the shelf whole or in parts', async () => {
    const shop = await openKitShop({ stock: { kettle: 3, mug: 6 } })
    await fillCart(shop, 'ann', [['lamp', 3]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    const giveBack = async (quantity: number) => {
      const lines = [{ lineId: 'lamp-1', quantity }] as const
      const asked = { orderId, kind: 'returnAndRefund', reason: 'quality', lines } as const
      const { returnId } = value(await requestReturn(shop, by('ann'), asked))
      value(await approveReturn(shop, byStaff(), { returnId }))
      return (restockQuantity: number, restockParts?: readonly KitPart[]) => {
        const counts = { receivedQuantity: quantity, acceptedQuantity: quantity, restockQuantity }
        const inspected = { lineId: 'lamp-1', ...counts, ...(restockParts === undefined ? {} : { restockParts }) }
        return receiveReturn(shop, byStaff(), { returnId, lines: [inspected] })
      }
    }
    const whole = await giveBack(1)
    value(await whole(1))
    expect(await free(shop)).toEqual([1, 2])
    // Of two more, one kettle and three mugs are good.
    const inParts = await giveBack(2)
    const tooMany = await inParts(0, [part('kettle', 1), part('mug', 5)])
    expect(tooMany._unsafeUnwrapErr()).toEqual({ type: 'ReservationTooSmall', lineId: 'lamp-1', asked: 5, left: 4 })
    value(await inParts(0, [part('kettle', 1), part('mug', 3)]))
    expect(await free(shop)).toEqual([2, 5])
    await expectBooksToAgree(shop)
  })

  it('that is a gift is given as far as its parts go', async () => {
    const shop = await openKitShop({ stock: { kettle: 9, mug: 7 }, offers: [giftOffer] })
    const order = async (buyer: string) => {
      await fillCart(shop, buyer, [['kettle', 2]])
      return (await place(shop, buyer)).missingGifts
    }
    expect(await order('ann')).toEqual([])
    expect(await free(shop)).toEqual([7, 1])
    expect(await order('bob')).toEqual([{ offerId: giftOffer.offerId, sku: 'bag', quantity: 1 }])
    await expectBooksToAgree(shop)
  })
})
