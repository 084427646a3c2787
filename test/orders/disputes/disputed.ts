import { errAsync } from 'neverthrow'
import { expect } from 'vitest'
import type { OpenedDispute } from '../../../adapters/gateways/sandbox/index.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { daysMs } from '../../../src/shared/instant.js'
import { booksOf } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** Ann's order of two kettles, 258.00 and 8.00 carriage, paid. */
export const openPaid = async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', orderId)
  const lineId = value(await orderPage(shop, by('ann'), { orderId })).lines[0]?.lineId ?? ''
  await deliver(shop)
  return { shop, orderId, paymentId, lineId }
}

export const deliver = async (shop: TestShop) => {
  const outcomes = []
  for (const signed of await shop.gateway.takeNotifications()) {
    outcomes.push(value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed })).outcome)
  }
  return outcomes
}

/** A payer goes to the bank, and the shop hears of it. */
export const dispute = async (shop: TestShop, paymentId: string, opened: OpenedDispute = {}) => {
  const disputeRef = shop.gateway.dispute(paymentId, opened) ?? ''
  await deliver(shop)
  return { disputeRef, disputeId: `sandbox:${disputeRef}` }
}

export const decideAt = async (
  shop: TestShop,
  disputeRef: string,
  status: 'won' | 'lost',
  lostMinor: number | null = null,
) => {
  shop.pass(daysMs)
  expect(shop.gateway.moveDispute(disputeRef, { status, lostMinor })).toBe(true)
  return deliver(shop)
}

/** A shop whose machine stops after its first commit: what it would send stays where it is. */
export const cutOff = (shop: TestShop): TestShop => {
  let commits = 0
  const commitOnce: typeof shop.storage.commit = (prepared) => {
    commits += 1
    return commits === 1 ? shop.storage.commit(prepared) : errAsync({ type: 'StorageUnavailable', detail: 'stopped' })
  }
  return { ...shop, storage: { ...shop.storage, commit: commitOnce } }
}

/** The money of so many kettles is to go back, and has not been sent. */
export const owe = async (shop: TestShop, orderId: string, lineId: string, quantity = 1) =>
  value(await refundOrder(cutOff(shop), byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId, quantity }] }))

export const refundsOf = async (shop: TestShop) =>
  (await booksOf(shop)).refunds.map(({ id, state }) => [id, state.status] as const)
export const ledgerOf = async (shop: TestShop) => (await booksOf(shop)).ledger
export const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state
