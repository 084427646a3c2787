import { describe, expect, it } from 'vitest'
import { completeOrder } from '../../../src/orders/parcels/complete-order.js'
import { recordDelivery, recordLoss } from '../../../src/orders/parcels/move-parcel.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import type { ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { advanceOrders, settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { endHolds } from '../../../src/orders/watch/end-holds.js'
import { rejectHold } from '../../../src/orders/watch/reject-hold.js'
import { reportPayment } from '../../../src/orders/watch/report-payment.js'
import { daysMs } from '../../../src/shared/instant.js'
import { expectBooksToAgree, freeOf } from '../books-of.js'
import { buy, edit, openEditShop, orderOf, refusalOf, shipment } from '../editing/open-edit-shop.js'
import { by, byStaff, giftOffer, type TestShop, value } from '../open-shop.js'

/** Two kettles of ann's, 2 x 129.00 and carriage 8.00, and the bag that comes with them on its way alone. */
const sendGift = async (terms: Partial<ShopPolicy> = {}) => {
  const shop = await openEditShop({ offers: [giftOffer] }, terms)
  const orderId = await buy(shop, 'ann', [['kettle', 2]])
  const gift = (await orderOf(shop, orderId))?.lines.find((line) => line.gift)
  const lines = [{ lineId: gift?.lineId ?? '', quantity: 1 }]
  const { parcelId } = value(await captureAndShip(shop, byStaff(), { orderId, ...shipment, lines }))
  expect(await orderOf(shop, orderId)).toMatchObject({ status: 'partlyShipped' })
  return { shop, orderId, parcelId }
}

const none = (orderId: string) => ({ orderId, lines: [{ lineId: 'kettle-1', quantity: 0 }] })

const givenUp = async (shop: TestShop, orderId: string, parcelId: string, cashMinor: number) => {
  expect(await orderOf(shop, orderId)).toMatchObject({
    status: 'shipped',
    lines: [{ cancelledQuantity: 2, shippedQuantity: 0 }, { shippedQuantity: 1 }],
    refunds: [{ reason: 'edited', cashMinor }],
  })
  expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'bag')]).toEqual([100, 99])
  await expectBooksToAgree(shop)
  value(await recordDelivery(shop, byStaff(), { parcelId }))
  expect(await orderOf(shop, orderId)).toMatchObject({ status: 'signed' })
  value(await settleRefunds(shop, { limit: 10 }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  await expectBooksToAgree(shop)
}

describe('an order of which only a gift has left', () => {
  it('goes no further once its hold is rejected: its goods are free and paid back, the gift takes its way', async () => {
    const { shop, orderId, parcelId } = await sendGift()
    value(await reportPayment(shop, by('ann'), { orderId }))
    expect(value(await rejectHold(shop, byStaff(), { orderId })).refundIds).toHaveLength(1)
    expect(await orderOf(shop, orderId)).not.toHaveProperty('hold')
    await givenUp(shop, orderId, parcelId, 25_800)
  })

  it('goes no further either where nobody looks in time', async () => {
    const { shop, orderId, parcelId } = await sendGift()
    value(await reportPayment(shop, by('ann'), { orderId }))
    shop.pass(2 * daysMs)
    expect(value(await endHolds(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    await givenUp(shop, orderId, parcelId, 25_800)
  })

  it('goes no further once the money that is held for its goods is gone', async () => {
    const { shop, orderId, parcelId } = await sendGift({ capture: 'onShipment' })
    // Carriage was taken with the first parcel.
    expect(shop.gateway.books().payments).toMatchObject([{ capturedMinor: 800 }])
    shop.pass(8 * daysMs)
    value(await settlePayments(shop, { limit: 10 }))
    await givenUp(shop, orderId, parcelId, 25_800)
    expect(shop.gateway.books().totals).toMatchObject([{ netMinor: 800 }])
  })

  it('may be given up by its buyer, who keeps the gift for what it is worth', async () => {
    const { shop, orderId, parcelId } = await sendGift()
    await edit(shop, 'ann', none(orderId))
    const cashMinor = (await orderOf(shop, orderId))?.refunds[0]?.cashMinor ?? 0
    expect(cashMinor).toBe(24_900)
    await givenUp(shop, orderId, parcelId, cashMinor)
  })

  it('is over once the gift is lost too', async () => {
    const { shop, orderId, parcelId } = await sendGift()
    value(await reportPayment(shop, by('ann'), { orderId }))
    value(await rejectHold(shop, byStaff(), { orderId }))
    value(await settleRefunds(shop, { limit: 10 }))
    value(await recordLoss(shop, byStaff(), { parcelId }))
    shop.pass(7 * daysMs)
    expect(value(await advanceOrders(shop, { limit: 10 })).failed).toEqual([])
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'cancelled' })
    expect(shop.gateway.books().totals).toMatchObject([{ netMinor: 0 }])
    await expectBooksToAgree(shop)
  })

  it('keeps its goods in it while the gift is here too', async () => {
    const shop = await openEditShop({ offers: [giftOffer] })
    const orderId = await buy(shop, 'ann', [['kettle', 2]])
    expect(await refusalOf(shop, none(orderId))).toEqual({ type: 'EditLeavesNothing', orderId })
  })
})
