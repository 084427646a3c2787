import { describe, expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { parcels } from '../../../src/orders/order.collection.schema.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { recordDelivery } from '../../../src/orders/parcels/move-parcel.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { captureOrder } from '../../../src/orders/paying/capture-order.js'
import { decidePayment } from '../../../src/orders/paying/decide-payment.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { advanceOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { listHeldPayments } from '../../../src/payments/list-held-payments.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { buy, edit, openEditShop, orderOf } from '../editing/open-edit-shop.js'
import { byStaff, type TestShop, value } from '../open-shop.js'
import { expectOffersToHold } from '../pages/offers.js'

/** Ann's order of a kettle and a lamp, 196.00 with carriage, held by a gateway that the shop opens without afterwards. */
const openHeld = async () => {
  const shop = await openEditShop({}, { capture: 'onShipment' })
  const orderId = await buy(shop, 'ann', [
    ['kettle', 1],
    ['lamp', 1],
  ])
  const paymentId = (await booksOf(shop)).payments[0]?.id ?? ''
  return { shop, orderId, paymentId, without: { ...shop, gateways: {} } satisfies TestShop }
}

const parcel = (orderId: string, trackingNumber = 'SF1') => ({ orderId, carrier: 'sf-express', trackingNumber })
const kettle = [{ lineId: 'kettle-1', quantity: 1 }]
const paid = (paymentId: string) =>
  ({ paymentId, paid: true, reference: 'STMT-1', note: 'Taken on the pages of the gateway.' }) as const
const unpaid = (paymentId: string) => ({ paymentId, paid: false, note: 'Nothing is held there any more.' }) as const

const staffMay = async (shop: TestShop, orderId: string) =>
  value(await orderPage(shop, byStaff(), { orderId })).nextActions
const turn = async (shop: TestShop) => value(await settlePayments(shop, { limit: 10 })).failed
const unheard = async (shop: TestShop) =>
  value(await listHeldPayments(shop, byStaff(), { unheard: true })).payments.map(({ paymentId }) => paymentId)

/** Days of which every one has its turn. */
const passDays = async (shop: TestShop, days: number) => {
  const failed = []
  for (let day = 0; day < days; day += 1) {
    shop.pass(daysMs)
    failed.push(await turn(shop))
  }
  shop.pass(minutesMs)
  return failed
}

/** All that has left arrives, and its order comes to its end in its time. */
const finish = async (shop: TestShop, orderId: string) => {
  for (const { id: parcelId } of await ask(shop, find(parcels, { where: [], limit: 10 }))) {
    value(await recordDelivery(shop, byStaff(), { parcelId }))
  }
  for (let day = 0; day < 60; day += 10) {
    shop.pass(10 * daysMs)
    value(await advanceOrders(shop, { limit: 10 }))
  }
  return (await orderOf(shop, orderId))?.status
}

describe('an order whose money is held by a gateway that the shop has no more', () => {
  it('is offered to be given up, and neither to be shipped nor to be captured, which are refused', async () => {
    const { shop, orderId, without } = await openHeld()
    expect(await staffMay(shop, orderId)).toEqual(['ship', 'capture', 'edit', 'cancel', 'refund'])
    expect(await staffMay(without, orderId)).toEqual(['edit', 'cancel', 'refund'])
    await expectOffersToHold(without, (await orderOf(shop, orderId))!)
    const refusal = { type: 'GatewayUnknown', gatewayId: 'sandbox' }
    const refusals = [
      await captureOrder(without, byStaff(), { orderId }),
      await captureAndShip(without, byStaff(), parcel(orderId)),
    ]
    for (const refused of refusals) expect(refused._unsafeUnwrapErr()).toEqual(refusal)
    expect((await orderOf(shop, orderId))?.status).toBe('paid')
  })

  it('ships what was taken before', async () => {
    const { shop, orderId, without } = await openHeld()
    value(await captureOrder(shop, byStaff(), { orderId, lines: kettle }))
    expect(await staffMay(without, orderId)).toContain('ship')
    expect(await staffMay(without, orderId)).not.toContain('capture')
    expect(value(await captureAndShip(without, byStaff(), { ...parcel(orderId), lines: kettle })).status).toBe(
      'partlyShipped',
    )
    expect(await staffMay(without, orderId)).not.toContain('ship')
    await expectOffersToHold(without, (await orderOf(shop, orderId))!)
  })

  it('is named by every turn once that has been so for three days, and no more when the gateway is back', async () => {
    const { shop, paymentId, without } = await openHeld()
    const lacking = { id: paymentId, reason: 'GatewayUnknown' }
    const named = { id: paymentId, reason: 'PaymentUnheard' }
    expect(await passDays(without, 3)).toEqual([[lacking], [lacking], [lacking]])
    expect(await unheard(shop)).toEqual([paymentId])
    expect(await passDays(without, 1)).toEqual([[lacking, named]])
    for (let again = 0; again < 2; again += 1) expect(await turn(without)).toEqual([named])
    shop.pass(daysMs)
    expect(await turn(shop)).toEqual([])
    expect(await unheard(shop)).toEqual([])
  })

  it('is at its end where staff say that nothing was taken: all of it is free again', async () => {
    const { shop, orderId, paymentId, without } = await openHeld()
    await passDays(without, 1)
    const early = await decidePayment(without, byStaff(), unpaid(paymentId))
    expect(early._unsafeUnwrapErr().type).toBe('PaymentNotUnheard')
    await passDays(without, 3)
    expect(await staffMay(without, orderId)).toContain('decidePayment')
    await expectOffersToHold(without, (await orderOf(shop, orderId))!)
    expect(value(await decidePayment(without, byStaff(), unpaid(paymentId)))).toMatchObject({
      ...{ orderStatus: 'cancelled', paymentStatus: 'closed' },
    })
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp')]).toEqual([100, 100])
    expect(await passDays(without, 2)).toEqual([[], []])
    expect(await staffMay(without, orderId)).toEqual([])
    await expectBooksToAgree(shop)
  })

  it('leaves where staff say that it was taken there', async () => {
    const { shop, orderId, paymentId, without } = await openHeld()
    await passDays(without, 4)
    expect(value(await decidePayment(without, byStaff(), paid(paymentId)))).toMatchObject({
      ...{ orderStatus: 'paid', paymentStatus: 'captured' },
    })
    expect(value(await captureAndShip(without, byStaff(), parcel(orderId))).status).toBe('shipped')
    expect(await finish(without, orderId)).toBe('completed')
    expect(balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:sandbox')).toBe(19_600)
    await expectBooksToAgree(shop)
  })

  it('leaves with what is left of it, where a part was given up before and the rest was taken there', async () => {
    const { shop, orderId, paymentId, without } = await openHeld()
    await edit(without, 'ann', { orderId, lines: [{ lineId: 'lamp-2', quantity: 0 }] })
    await passDays(without, 4)
    expect(value(await decidePayment(without, byStaff(), paid(paymentId))).paymentStatus).toBe('captured')
    expect(value(await captureAndShip(without, byStaff(), parcel(orderId))).status).toBe('shipped')
    expect(await finish(without, orderId)).toBe('completed')
    expect(balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:sandbox')).toBe(13_700)
    await expectBooksToAgree(shop)
  })

  it('keeps what has left of it; what has not is taken out where staff say that nothing more was taken', async () => {
    const { shop, orderId, paymentId, without } = await openHeld()
    value(await captureAndShip(shop, byStaff(), { ...parcel(orderId), lines: kettle }))
    await passDays(without, 4)
    expect(value(await decidePayment(without, byStaff(), unpaid(paymentId)))).toMatchObject({
      ...{ orderStatus: 'shipped', paymentStatus: 'captured' },
    })
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp')]).toEqual([99, 100])
    expect(await finish(without, orderId)).toBe('completed')
    expect(balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:sandbox')).toBe(13_700)
    await expectBooksToAgree(shop)
  })

  it('is given up where what was taken before pays for no piece: that is sent back by hand', async () => {
    const { shop, orderId, paymentId, without } = await openHeld()
    value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 5_000 }))
    await passDays(without, 4)
    expect(value(await decidePayment(without, byStaff(), unpaid(paymentId)))).toMatchObject({
      ...{ orderStatus: 'paid', paymentStatus: 'captured' },
    })
    expect(await staffMay(without, orderId)).toEqual(['edit', 'cancel', 'refund'])
    value(await cancelOrder(without, byStaff(), { orderId }))
    const refundId = (await booksOf(shop)).refunds[0]?.id ?? ''
    value(await payRefundByHand(without, byStaff(), { refundId }))
    expect((await orderOf(shop, orderId))?.status).toBe('cancelled')
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp')]).toEqual([100, 100])
    await expectBooksToAgree(shop)
  })

  it('leaves whole where staff say that the rest was taken there, too', async () => {
    const { shop, orderId, paymentId, without } = await openHeld()
    value(await captureAndShip(shop, byStaff(), { ...parcel(orderId), lines: kettle }))
    await passDays(without, 4)
    expect(value(await decidePayment(without, byStaff(), paid(paymentId))).paymentStatus).toBe('captured')
    expect(value(await captureAndShip(without, byStaff(), parcel(orderId, 'SF2'))).status).toBe('shipped')
    expect(await finish(without, orderId)).toBe('completed')
    expect(balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:sandbox')).toBe(19_600)
    await expectBooksToAgree(shop)
  })

  it('is given up at once; that its hold has ended staff say after three days', async () => {
    const { shop, orderId, paymentId, without } = await openHeld()
    expect(value(await cancelOrder(without, byStaff(), { orderId })).status).toBe('cancelled')
    expect([await freeOf(shop, 'kettle'), await freeOf(shop, 'lamp')]).toEqual([100, 100])
    const turns = await passDays(without, 4)
    expect(turns.at(-1)).toContainEqual({ id: paymentId, reason: 'PaymentUnheard' })
    expect(await staffMay(without, orderId)).toEqual(['queryPayment', 'decidePayment'])
    expect(value(await decidePayment(without, byStaff(), unpaid(paymentId)))).toMatchObject({
      ...{ orderStatus: 'cancelled', paymentStatus: 'closed' },
    })
    expect(await passDays(without, 2)).toEqual([[], []])
    expect(await staffMay(without, orderId)).toEqual([])
    await expectBooksToAgree(shop)
  })
})
