import { expect, it } from 'vitest'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { buy, edit, openEditShop, orderOf, shipment } from '../editing/open-edit-shop.js'
import { byStaff, pay, type TestShop, value } from '../open-shop.js'

const kettles = (orderId: string, quantity: number) => ({ orderId, lines: [{ lineId: 'kettle-1', quantity }] })

/**
 * A kettle for 129.00 and 8.00 carriage, of which the money is held; two more of which it is taken; one has left, paid out
 * of what was taken.
 */
const openShipped = async () => {
  const shop = await openEditShop({}, { capture: 'onShipment' })
  const orderId = await buy(shop, 'ann', [['kettle', 1]])
  await edit(shop, 'ann', kettles(orderId, 3))
  expect(await pay(shop, 'ann', orderId)).toMatchObject({ amountMinor: 25_800, paymentStatus: 'captured' })
  const parcel = { ...shipment, ...kettles(orderId, 1) }
  expect(value(await captureAndShip(shop, byStaff(), parcel)).status).toBe('partlyShipped')
  return { shop, orderId }
}

// 258.00 are given back of an order that stays with 137.00: as much as was held was never taken, the rest is sent.
const expectOneKettlePaid = async (shop: TestShop, orderId: string) => {
  value(await settleRefunds(shop, { limit: 10 }))
  const { refunds, payments, ledger } = await booksOf(shop)
  expect(refunds.map(({ state }) => [state.amountMinor, state.status])).toEqual([[12_100, 'succeeded']])
  expect(payments.map(({ state }) => [state.status, state.known.captured?.minor ?? 0]).sort()).toEqual([
    ['captured', 25_800],
    ['closed', 0],
  ])
  expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
  expect((await orderOf(shop, orderId))?.status).toBe('shipped')
  await expectBooksToAgree(shop)
}

it('what was held and ended is not taken back from what was taken: goods that left stay paid', async () => {
  const { shop, orderId } = await openShipped()
  for (let day = 0; day < 9; day += 1) {
    shop.pass(daysMs)
    value(await settlePayments(shop, { limit: 10 }))
  }
  await expectOneKettlePaid(shop, orderId)
})

it('what is held and not needed any more is given up before anything that was taken is sent back', async () => {
  const { shop, orderId } = await openShipped()
  await edit(shop, 'ann', kettles(orderId, 1))
  shop.pass(daysMs)
  value(await settlePayments(shop, { limit: 10 }))
  await expectOneKettlePaid(shop, orderId)
})
