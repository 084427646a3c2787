import { describe, expect, it } from 'vitest'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { recordDelivery, recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import { recordScan } from '../../../src/orders/parcels/record-scan.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { coupons } from '../../../src/promotions/coupon.collection.schema.js'
import { find } from '../../../src/shared/read-plan.js'
import type { CommandContext } from '../../../src/shared/run-command.js'
import { ask, booksOf, expectBooksToAgree } from '../books-of.js'
import { openUnpaidShop, orderUnpaid } from '../on-delivery/on-delivery-shop.js'
import {
  byStaff,
  couponOffer,
  fillCart,
  giveCoupon,
  givePoints,
  pay,
  place,
  type TestShop,
  value,
} from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

let keys = 0
const as = (merchantId: string): CommandContext => {
  keys += 1
  return { actor: { kind: 'merchant', merchantId }, key: `merchant-${keys}` }
}

const post = (orderId: string, trackingNumber: string) => ({ orderId, carrier: 'sf-express', trackingNumber })

/** Ann's paid checkout of a kettle of the shop's own, four lamps of `lights` and a mug of `potter`. */
const openPaidMall = async () => {
  const shop = await openMall()
  await fillCart(shop, 'ann', [
    ['kettle', 1],
    ['lamp', 4],
    ['mug', 1],
  ])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  const { orderIds } = value(await orderPage(shop, byStaff(), { orderId }))
  const parts = await Promise.all(orderIds.map(async (id) => value(await orderPage(shop, byStaff(), { orderId: id }))))
  const lamps = parts.find(({ lines }) => lines.some(({ sku }) => sku === 'lamp'))!
  return { shop, checkoutId: orderId, orderId: lamps.orderId, lineId: lamps.lines[0]!.lineId }
}

describe('a merchant of a checkout that was divided', () => {
  it('sends its own goods, and says what became of each parcel', async () => {
    const { shop, orderId, lineId } = await openPaidMall()
    const one = [{ lineId, quantity: 1 }]
    const send = async (number: string) =>
      value(await captureAndShip(shop, as('lights'), { ...post(orderId, number), lines: one })).parcelId
    const [first, second, third, fourth] = [await send('L1'), await send('L2'), await send('L3'), await send('L4')]
    value(await recordScan(shop, as('lights'), { parcelId: first, kind: 'departed', place: 'Ningbo' }))
    expect(value(await recordDelivery(shop, as('lights'), { parcelId: first })).parcelStatus).toBe('delivered')
    expect(value(await recordLoss(shop, as('lights'), { parcelId: second })).parcelStatus).toBe('lost')
    const back = value(await recordParcelReturn(shop, as('lights'), { parcelId: third, scrapped: one }))
    expect(back.parcelStatus).toBe('cameBack')
    expect(value(await recordDelivery(shop, as('lights'), { parcelId: fourth })).orderStatus).toBe('signed')
    const page = value(await orderPage(shop, as('lights'), { orderId }))
    expect(page.lines).toMatchObject([{ quantity: 4, shippedQuantity: 4, signedQuantity: 2, lostQuantity: 2 }])
    expect(page.parcels.map(({ status }) => status).sort()).toEqual(['cameBack', 'delivered', 'delivered', 'lost'])
    await expectBooksToAgree(shop)
  })

  it('finds no order and no parcel of another, nor the checkout that they came of', async () => {
    const { shop, orderId, checkoutId } = await openPaidMall()
    const { parcelId } = value(await captureAndShip(shop, as('lights'), post(orderId, 'L1')))
    const before = await booksOf(shop)
    for (const [merchantId, id] of [
      ['potter', orderId],
      ['self', orderId],
      ['lights', checkoutId],
    ] as const) {
      const refused = await captureAndShip(shop, as(merchantId), post(id, 'X1'))
      expect(refused._unsafeUnwrapErr()).toEqual({ type: 'NotFound', entity: 'order', id })
    }
    for (const answer of [
      await recordScan(shop, as('potter'), { parcelId }),
      await recordDelivery(shop, as('potter'), { parcelId }),
      await recordLoss(shop, as('potter'), { parcelId }),
      await recordParcelReturn(shop, as('potter'), { parcelId }),
    ]) {
      expect(answer._unsafeUnwrapErr()).toEqual({ type: 'NotFound', entity: 'parcel', id: parcelId })
    }
    expect(await booksOf(shop)).toEqual(before)
  })
})

describe('a merchant and money', () => {
  it('gives none back, takes none that is held, and does not say what a courier collected', async () => {
    const shop = await openUnpaidShop()
    const { orderId } = await orderUnpaid(shop, 'ann', [['kettle', 1]])
    const { parcelId, collectMinor } = value(await captureAndShip(shop, as('self'), post(orderId, 'K1')))
    expect(collectMinor).toBe(13_700)
    const before = await booksOf(shop)
    const collected = { amountMinor: collectMinor, currency: 'CNY' }
    const told = await recordDelivery(shop, as('self'), { parcelId, collected })
    expect(told._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'orders.recordReceipt' })
    const refund = { orderId, reason: 'goodwill' as const, lines: [{ lineId: 'kettle-1', quantity: 1 }] }
    expect((await refundOrder(shop, as('self'), refund))._unsafeUnwrapErr()).toEqual({
      type: 'Denied',
      action: 'orders.refund',
    })
    expect(await booksOf(shop)).toEqual(before)

    const holding = await openUnpaidShop({}, { capture: 'onShipment' })
    await fillCart(holding, 'bob', [['kettle', 1]])
    const held = await place(holding, 'bob')
    await pay(holding, 'bob', held.orderId)
    const refused = await captureAndShip(holding, as('self'), post(held.orderId, 'K2'))
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'NotCaptured', missingMinor: 13_700 })
    expect(value(await captureAndShip(holding, byStaff(), post(held.orderId, 'K2'))).status).toBe('shipped')
  })

  it('gives the buyer back, with a parcel that came back, all that staff would: coupon, points and stock', async () => {
    const broughtBack = async (whoever: () => CommandContext) => {
      const shop: TestShop = await openUnpaidShop({ offers: [couponOffer] })
      await givePoints(shop, 'ann', 1_000)
      const how = { couponIds: [await giveCoupon(shop, 'ann')], points: 1_000 }
      const { orderId } = await orderUnpaid(shop, 'ann', [['kettle', 3]], how)
      const { parcelId } = value(await captureAndShip(shop, whoever(), post(orderId, 'K1')))
      const { orderStatus } = value(await recordParcelReturn(shop, whoever(), { parcelId }))
      await expectBooksToAgree(shop)
      const { points, stock } = await booksOf(shop)
      const held = await ask(shop, find(coupons, { where: [], limit: 9 }))
      return {
        orderStatus,
        coupons: held.map(({ state }) => state.status),
        points: points.map(({ state }) => state),
        stock,
      }
    }
    const byTheirs = await broughtBack(() => as('self'))
    expect(byTheirs).toMatchObject({ orderStatus: 'cancelled', coupons: ['claimed'], points: [{ balance: 1_000 }] })
    expect(byTheirs).toEqual(await broughtBack(() => byStaff()))
  })
})
