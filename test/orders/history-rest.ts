import type { Order } from '../../src/orders/order.js'
import { captureAndShip } from '../../src/orders/parcels/ship-order.js'
import { payRefundByHand } from '../../src/orders/refunds/rescue-refund.js'
import { recordReceipt } from '../../src/orders/suspense/record-receipt.js'
import { returnHeldMoney } from '../../src/orders/suspense/return-held-money.js'
import { payouts } from '../../src/payments/payout.schema.js'
import { daysMs, hoursMs } from '../../src/shared/instant.js'
import { find } from '../../src/shared/read-plan.js'
import { ask, booksOf } from './books-of.js'
import { hear, sweepAll } from './history-act.js'
import { decideAll } from './history-finish.js'
import { askedOf } from './history-parcels.js'
import type { History } from './history-scene.js'
import { byStaff, type TestShop } from './open-shop.js'

/**
 * Lets everything that is under way come to its end: the payer decides, the gateway tells, the sweeps go round, staff
 * decide what waits for them, and parcels leave and arrive.
 */
export const comeToRest = async (history: History): Promise<void> => {
  const { shop } = history
  history.jump(history.worldNow() - shop.clock.now())
  for (let turn = 0; turn < 16; turn += 1) {
    for (const { id } of (await booksOf(shop)).refunds) shop.gateway.settleRefund(id)
    for (const { disputeRef, status } of shop.gateway.books().disputes) {
      const isOpen = status !== 'won' && status !== 'lost'
      if (turn === 0 && isOpen)
        shop.gateway.moveDispute(disputeRef, { status: disputeRef.endsWith('1') ? 'lost' : 'won' })
    }
    history.bill.look()
    await hear(history, shop, { newestFirst: false, twice: false })
    await sweepAll(shop)
    for (const { state } of (await booksOf(shop)).orders) await bringHome(shop, state, turn)
    if (turn >= 2) await decideAll(shop, turn)
    for (const { id, state } of (await booksOf(shop)).payments) {
      if (state.status === 'integrityHold') await returnHeldMoney(shop, byStaff(), { paymentId: id })
    }
    for (const { id, state } of (await booksOf(shop)).refunds) {
      const byHand = state.status === 'failed' || (state.gatewayId === 'courier' && state.status === 'pending')
      if (byHand) await payRefundByHand(shop, byStaff(), { refundId: id })
    }
    history.bill.look()
    shop.pass(turn < 6 ? 2 * hoursMs : 4 * daysMs)
  }
  // What was laid up for the gateway to fail at is used up one try at a time.
  const open = { where: [], limit: 1_000 } as const
  const isWaiting = async () => (await ask(shop, find(payouts, open))).some(({ state }) => state.status === 'submitted')
  for (let turn = 0; turn < 200 && (await isWaiting()); turn += 1) {
    await sweepAll(shop)
    history.bill.look()
    shop.pass(hoursMs)
  }
}

/** Sends off what is to be paid on delivery, and brings what it is to bring. */
const bringHome = async (shop: TestShop, order: Order, turn: number): Promise<void> => {
  if (!('paidAt' in order) || order.onDelivery === undefined || order.onDelivery.dueMinor === 0) return
  const { orderId, paymentId } = order
  if (paymentId === null) return
  await captureAndShip(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: `REST${turn}` })
  const amountMinor = await askedOf(shop, orderId)
  const reference = `REST.${turn}.${orderId.slice(0, 20)}`
  await recordReceipt(shop, byStaff(), { paymentId, amountMinor, currency: 'CNY', reference })
}
