import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { returnHeldMoney } from '../../../src/orders/suspense/return-held-money.js'
import { closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { buy, edit, openEditShop, orderOf, shipment } from '../editing/open-edit-shop.js'
import { by, byStaff, fillCart, pay, place, value } from '../open-shop.js'
import { say } from './say-total.js'

/** Two kettles, 266.00 with carriage, whose money is held and taken parcel by parcel. */
const openHeld = async () => {
  const shop = await openEditShop({}, { capture: 'onShipment' })
  const orderId = await buy(shop, 'ann', [['kettle', 2]])
  const paymentId = (await booksOf(shop)).payments[0]?.id ?? ''
  return { shop, orderId, paymentId }
}

const oneKettle = [{ lineId: 'kettle-1', quantity: 1 }]

describe('an order whose held payment hears a word of another total', () => {
  const openPartlyShipped = async () => {
    const opened = await openHeld()
    value(await captureAndShip(opened.shop, byStaff(), { orderId: opened.orderId, ...shipment, lines: oneKettle }))
    await say(opened.shop, opened.paymentId, { minor: 25_000, capturedMinor: 13_700, status: 'authorised' })
    expect((await booksOf(opened.shop)).payments[0]?.state.status).toBe('integrityHold')
    return opened
  }

  it('is given up like any other before anything has left', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 10_000 }))
    await say(shop, paymentId, { minor: 25_000, capturedMinor: 10_000, status: 'authorised' })
    expect(value(await cancelOrder(shop, by('ann'), { orderId })).status).toBe('cancelled')
    const { payments, ledger } = await booksOf(shop)
    expect(payments[0]?.state).toMatchObject({ refundedMinor: 10_000, forgoneMinor: 16_600 })
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('can lose what has not left, and be given money for what has', async () => {
    const { shop, orderId } = await openPartlyShipped()
    await edit(shop, 'ann', { orderId, lines: oneKettle })
    expect(await orderOf(shop, orderId)).toMatchObject({ status: 'shipped' })
    const goodwill = { orderId, reason: 'goodwill', amountMinor: 1_000 } as const
    expect(value(await refundOrder(shop, byStaff(), goodwill)).cashMinor).toBe(1_000)
    const { payments, ledger } = await booksOf(shop)
    expect(payments[0]?.state).toMatchObject({ refundedMinor: 1_000, forgoneMinor: 12_900 })
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-12_700)
    await expectBooksToAgree(shop)
  })

  it('gives back what was taken of it where it is never paid', async () => {
    for (const isTakenLate of [false, true]) {
      const shop = await openEditShop({}, { capture: 'onShipment' })
      await fillCart(shop, 'ann', [['kettle', 1]])
      const { orderId } = await place(shop, 'ann')
      shop.gateway.script({ kind: 'pending' })
      const { paymentId } = await pay(shop, 'ann', orderId)
      const takes = () => say(shop, paymentId, { minor: 13_700, capturedMinor: 6_000, status: 'authorised' })
      // A word of another total first, and then 60.00 of the right one.
      await say(shop, paymentId, { minor: 25_000, capturedMinor: 0, status: 'authorised' })
      if (!isTakenLate) await takes()
      shop.pass(daysMs)
      for (let turn = 0; turn < 3; turn += 1) {
        value(await closeUnpaidOrders(shop, { limit: 10 }))
        value(await settlePayments(shop, { limit: 10 }))
        shop.pass(hoursMs)
      }
      if (isTakenLate) await takes()
      expect((await booksOf(shop)).orders[0]?.state.status).toBe('closed')
      const { refunds } = await booksOf(shop)
      expect(refunds.map(({ state }) => [state.reason, state.amountMinor])).toEqual([['lateSuccess', 6_000]])
      await expectBooksToAgree(shop)
    }
  })

  it('sends nothing off for money that stands aside', async () => {
    const { shop, orderId, paymentId } = await openHeld()
    value(await captureAndShip(shop, byStaff(), { orderId, ...shipment, lines: oneKettle }))
    // 137.00 was taken for what has left; the gateway now says 266.00, of another total.
    await say(shop, paymentId, { minor: 30_000, capturedMinor: 26_600, status: 'captured' })
    const { ledger } = await booksOf(shop)
    expect([balanceOf(ledger, `escrow:${orderId}`), balanceOf(ledger, 'suspense:sandbox')]).toEqual([-13_700, -12_900])
    const refused = await captureAndShip(shop, byStaff(), { orderId, carrier: 'sf', trackingNumber: 'SF2' })
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'NotCaptured', missingMinor: 12_900, heldMinor: 0 })
    value(await returnHeldMoney(shop, byStaff(), { paymentId }))
    await expectBooksToAgree(shop)
  })
})
