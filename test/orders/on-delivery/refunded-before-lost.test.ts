import { describe, expect, it } from 'vitest'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, type TestShop, value } from '../open-shop.js'
import { billOf, deliver, kettle, openUnpaid, openUnpaidShop, orderOf, orderUnpaid, send } from './on-delivery-shop.js'

const refundAsLost = async (shop: TestShop, orderId: string) =>
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: kettle }))

const give = async (shop: TestShop, orderId: string, amountMinor: number) =>
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor }))

const complete = async (shop: TestShop, orderId: string) => {
  expect((await booksOf(shop)).refunds).toEqual([])
  value(await completeOrder(shop, byStaff(), { orderId }))
  await expectBooksToAgree(shop)
}

describe('a parcel that is out, of an order that is paid on delivery', () => {
  it('brings what it asks where another was refunded before it was noted as lost', async () => {
    const { shop, orderId, orderNumber } = await openUnpaid()
    // A kettle and carriage, 137.00; two mugs, 38.00.
    const lost = await send(shop, orderId, kettle)
    const out = await send(shop, orderId)
    await refundAsLost(shop, orderId)
    value(await recordLoss(shop, byStaff(), { parcelId: lost.parcelId }))
    expect(await orderOf(shop, orderId)).toMatchObject({ onDelivery: { dueMinor: 3_800, outMinor: 3_800 } })
    value(await deliver(shop, out.parcelId, 3_800))
    expect(await billOf(shop, orderNumber)).toEqual(['paid', 3_800])
    await complete(shop, orderId)
  })

  it('brings what it asks, less what was given of it, where another is lost or comes back', async () => {
    for (const move of [recordLoss, recordParcelReturn]) {
      for (const givenMinor of [500, 5_000]) {
        const { shop, orderId } = await openUnpaid()
        const gone = await send(shop, orderId, kettle)
        const out = await send(shop, orderId)
        await give(shop, orderId, givenMinor)
        value(await move(shop, byStaff(), { parcelId: gone.parcelId }))
        const { dueMinor } = await duesOf(shop, orderId)
        // Of what was given a part was for the mugs, at most as much of it as they are of the whole.
        expect(dueMinor).toBeGreaterThanOrEqual(3_800 - Math.ceil((givenMinor * 3_800) / 16_700) - 1)
        expect(dueMinor).toBeLessThanOrEqual(3_800)
        value(await deliver(shop, out.parcelId, dueMinor))
        await complete(shop, orderId)
      }
    }
  })

  it('leaves the next to ask its own price where it was refunded before it is noted as lost', async () => {
    const { shop, orderId } = await openUnpaid()
    const lost = await send(shop, orderId, kettle)
    await refundAsLost(shop, orderId)
    const next = await send(shop, orderId)
    expect(next.collectMinor).toBe(3_800)
    value(await recordLoss(shop, byStaff(), { parcelId: lost.parcelId }))
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 3_800 })
    value(await deliver(shop, next.parcelId, 3_800))
    await complete(shop, orderId)
  })

  it('asks nothing for what is for a person to decide: pieces that count as received and whose parcel was lost', async () => {
    for (const isLostFirst of [true, false]) {
      const shop = await openUnpaidShop()
      const { orderId } = await orderUnpaid(shop, 'ann', three)
      const lamp = await send(shop, orderId, [{ lineId: 'lamp-3', quantity: 1 }])
      value(await confirmReceipt(shop, by('ann'), { orderId }))
      const lose = async () => value(await recordLoss(shop, byStaff(), { parcelId: lamp.parcelId }))
      if (isLostFirst) await lose()
      const refused = await send(shop, orderId, kettle)
      const mugs = await send(shop, orderId)
      if (!isLostFirst) await lose()
      // Carriage that the lamp did not bring comes with the kettle.
      const carriageMinor = isLostFirst ? 800 : 0
      expect([lamp.collectMinor, refused.collectMinor, mugs.collectMinor]).toEqual([
        6_700,
        12_900 + carriageMinor,
        5_700,
      ])
      value(await recordParcelReturn(shop, byStaff(), { parcelId: refused.parcelId }))
      value(await deliver(shop, mugs.parcelId, 5_700))
      // Carriage is let go with the parcel that was to bring it.
      expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 5_900, unbroughtMinor: 5_900 })
      await expectBooksToAgree(shop)
    }
  })

  it('leaves to a person what another was to bring for pieces that count as received, where it was refunded before it was noted as lost', async () => {
    for (const isRefundedFirst of [true, false]) {
      const shop = await openUnpaidShop()
      const { orderId } = await orderUnpaid(shop, 'ann', [
        ['lamp', 1],
        ['kettle', 1],
      ])
      const lamp = await send(shop, orderId, [{ lineId: 'lamp-1', quantity: 1 }])
      value(await confirmReceipt(shop, by('ann'), { orderId }))
      const lost = await send(shop, orderId)
      expect([lamp.collectMinor, lost.collectMinor]).toEqual([6_700, 12_900])
      value(await recordLoss(shop, byStaff(), { parcelId: lamp.parcelId }))
      const lines = [{ lineId: 'kettle-2', quantity: 1 }]
      if (isRefundedFirst) {
        value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines }))
        expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 6_700, outMinor: 12_900, unbroughtMinor: 6_700 })
      }
      value(await recordLoss(shop, byStaff(), { parcelId: lost.parcelId }))
      // Carriage is let go with the parcel that is the last to end.
      expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 5_900, outMinor: 0, unbroughtMinor: 5_900 })
      await expectBooksToAgree(shop)
    }
  })

  it('leaves the next to ask its own price where one of its pieces was refunded on its way, carriage being paid', async () => {
    const shop = await openUnpaidShop()
    const { orderId } = await orderUnpaid(shop, 'ann', three)
    const paid = await send(shop, orderId, kettle)
    value(await deliver(shop, paid.parcelId, 13_700))
    const mugs = await send(shop, orderId, [{ lineId: 'mug-2', quantity: 3 }])
    const one = [{ lineId: 'mug-2', quantity: 1 }]
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: one }))
    const next = await send(shop, orderId)
    expect([mugs.collectMinor, next.collectMinor]).toEqual([5_700, 5_900])
    value(await recordLoss(shop, byStaff(), { parcelId: mugs.parcelId }))
    value(await deliver(shop, next.parcelId, 5_900))
    await complete(shop, orderId)
  })
})

const three = [
  ['kettle', 1],
  ['mug', 3],
  ['lamp', 1],
] as const

const duesOf = async (shop: TestShop, orderId: string) => {
  const order = await orderOf(shop, orderId)
  if (order === undefined || !('paidAt' in order) || order.onDelivery === undefined) throw new Error('not unpaid')
  return order.onDelivery
}
