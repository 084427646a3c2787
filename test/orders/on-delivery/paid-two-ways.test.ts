import { describe, expect, it } from 'vitest'
import { refundReturn } from '../../../src/aftersales/refund-return.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { approveReturn } from '../../../src/aftersales/review-return.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { advanceOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { edit } from '../editing/open-edit-shop.js'
import { by, byStaff, pay, type TestShop, value } from '../open-shop.js'
import { deliver, kettle, openUnpaidShop, orderOf, orderUnpaid, receive, send } from './on-delivery-shop.js'

/** A kettle on delivery, 129.00 and carriage 8.00, and another that was added and paid otherwise. */
const orderTwoWays = async () => {
  const shop = await openUnpaidShop()
  const { orderId } = await orderUnpaid(shop, 'ann', [['kettle', 1]])
  await edit(shop, 'ann', { orderId, lines: [{ lineId: 'kettle-1', quantity: 2 }] })
  await pay(shop, 'ann', orderId)
  return { shop, orderId }
}

/** The same, and both are on their way: the first parcel asks for carriage, the second for a kettle. */
const sendTwoWays = async () => {
  const { shop, orderId } = await orderTwoWays()
  const first = await send(shop, orderId, kettle)
  const second = await send(shop, orderId)
  expect([first.collectMinor, second.collectMinor]).toEqual([800, 12_900])
  return { shop, orderId, first, second }
}

/** The same, and the first has arrived and was paid. */
const openTwoWays = async () => {
  const { shop, orderId, first, second } = await sendTwoWays()
  value(await deliver(shop, first.parcelId, 800))
  return { shop, orderId, second }
}

const settle = async (shop: TestShop) => {
  for (let turn = 0; turn < 4; turn += 1) {
    shop.pass(20 * daysMs)
    value(await advanceOrders(shop, { limit: 9 }))
    value(await settleRefunds(shop, { limit: 9 }))
  }
  await expectBooksToAgree(shop)
}

const duesOf = async (shop: TestShop, orderId: string) => {
  const order = await orderOf(shop, orderId)
  return order !== undefined && 'paidAt' in order ? order.onDelivery : undefined
}

const promiseOf = async (shop: TestShop, orderId: string) =>
  (await booksOf(shop)).payments.find(({ state }) => state.orderId === orderId && state.method === 'cashOnDelivery')
    ?.id ?? ''

/** What goes back in money, and what of refunds was never collected. */
const refundsOf = async (shop: TestShop, orderId: string) => ({
  sent: (await booksOf(shop)).refunds.map(({ state }) => state.amountMinor),
  uncollected: (await orderOf(shop, orderId))?.refunds.map(({ uncollectedMinor }) => uncollectedMinor),
})

describe('an order that is paid on delivery, and of which a later change was paid otherwise', () => {
  for (const [reason, note] of [
    ['lost', recordLoss],
    ['returned', recordParcelReturn],
  ] as const) {
    for (const isNotedFirst of [true, false]) {
      it(`is paid for what arrived where a parcel is refunded as ${reason} ${isNotedFirst ? 'as it is noted so' : 'before it is noted so'}`, async () => {
        const { shop, orderId, second } = await openTwoWays()
        if (!isNotedFirst) value(await refundOrder(shop, byStaff(), { orderId, reason, lines: kettle }))
        value(await note(shop, byStaff(), { parcelId: second.parcelId }))
        expect(await refundsOf(shop, orderId)).toEqual({ sent: [], uncollected: [12_900] })
        expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 0, outMinor: 0 })
        await settle(shop)
        // One kettle and carriage, 137.00: 8.00 at the door and 129.00 before.
        expect(await refundsOf(shop, orderId)).toEqual({ sent: [], uncollected: [12_900] })
        expect((await orderOf(shop, orderId))?.status).toBe('completed')
      })
    }
  }

  for (const isByReturn of [true, false]) {
    it(`is done with once ${isByReturn ? 'a return takes back' : 'a person gives back'} what was never brought of it`, async () => {
      const { shop, orderId, second } = await openTwoWays()
      value(await confirmReceipt(shop, by('ann'), { orderId }))
      value(await recordLoss(shop, byStaff(), { parcelId: second.parcelId }))
      expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 12_900, unbroughtMinor: 12_900 })
      if (isByReturn) {
        const asked = { orderId, kind: 'refundOnly', reason: 'notReceived', lines: kettle } as const
        const { returnId } = value(await requestReturn(shop, by('ann'), asked))
        value(await approveReturn(shop, byStaff(), { returnId }))
        value(await refundReturn(shop, byStaff(), { returnId }))
      } else value(await refundOrder(shop, byStaff(), { orderId, reason: 'lost', lines: kettle }))
      expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 0, outMinor: 0 })
      await settle(shop)
      expect(await refundsOf(shop, orderId)).toEqual({ sent: [], uncollected: [12_900] })
      expect((await orderOf(shop, orderId))?.status).toBe('completed')
    })
  }

  for (const isLost of [true, false]) {
    it(`sends nothing where a person lets go by goodwill what ${isLost ? 'was never brought of it' : 'its courier never pays'}`, async () => {
      const { shop, orderId, second } = await openTwoWays()
      if (isLost) {
        value(await confirmReceipt(shop, by('ann'), { orderId }))
        value(await recordLoss(shop, byStaff(), { parcelId: second.parcelId }))
      } else value(await deliver(shop, second.parcelId))
      expect(await orderOf(shop, orderId)).toMatchObject({ status: 'signed', onDelivery: { dueMinor: 12_900 } })
      value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 12_900 }))
      await settle(shop)
      expect(await refundsOf(shop, orderId)).toEqual({ sent: [], uncollected: [12_900] })
      expect((await orderOf(shop, orderId))?.status).toBe('completed')
    })
  }

  it('takes nothing off what its buyer has paid at the door, where another parcel is lost before the courier brings it', async () => {
    const { shop, orderId, first, second } = await sendTwoWays()
    value(await deliver(shop, second.parcelId))
    value(await recordLoss(shop, byStaff(), { parcelId: first.parcelId }))
    // Of the lost kettle 8.00 were to be brought; 121.00 of what was paid before go back, and the courier owes 129.00.
    expect(await refundsOf(shop, orderId)).toEqual({ sent: [12_100], uncollected: [800] })
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 12_900, outMinor: 12_900 })
    await settle(shop)
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 12_900 })
  })

  for (const [reason, given] of [
    ['returned', { lines: kettle }],
    ['lost', { lines: kettle }],
    ['goodwill', { amountMinor: 2_000 }],
  ] as const) {
    it(`sends what goes back as ${reason} of what arrived, and its courier owes what was paid at the door`, async () => {
      const { shop, orderId, second } = await openTwoWays()
      value(await deliver(shop, second.parcelId))
      value(await refundOrder(shop, byStaff(), { orderId, reason, ...given }))
      const sent = reason === 'goodwill' ? 2_000 : 12_900
      expect(await refundsOf(shop, orderId)).toEqual({ sent: [sent], uncollected: [0] })
      await settle(shop)
      expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 12_900 })
      expect((await orderOf(shop, orderId))?.status).toBe('signed')
      value(await receive(shop, await promiseOf(shop, orderId), 12_900, second.parcelId))
      await settle(shop)
      expect((await orderOf(shop, orderId))?.status).toBe('completed')
    })
  }

  it('gives back by what paid them pieces that are taken out before they leave', async () => {
    const { shop, orderId } = await orderTwoWays()
    await edit(shop, 'ann', { orderId, lines: kettle })
    expect(await refundsOf(shop, orderId)).toEqual({ sent: [12_900], uncollected: [0] })
    expect(await duesOf(shop, orderId)).toMatchObject({ dueMinor: 13_700 })
    await expectBooksToAgree(shop)
  })
})
