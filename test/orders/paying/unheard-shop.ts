import { okAsync } from 'neverthrow'
import { expect } from 'vitest'
import { followWord } from '../../../src/orders/disputes/follow-word.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { recordPayment } from '../../../src/orders/paying/record-outcome.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { closeUnpaidOrders } from '../../../src/orders/sweep-orders.js'
import type { Payment } from '../../../src/payments/payment.js'
import type { PaymentGateway } from '../../../src/payments/ports.js'
import type { PaymentSnapshot } from '../../../src/payments/snapshot.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { eventsOf } from '../history-laws.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const lost = () => okAsync({ kind: 'unknown', cause: 'timeout' } as const)

/** A shop whose gateway answers nothing. */
export const silent = (shop: TestShop): TestShop => {
  const quiet: PaymentGateway = { ...shop.gateway, query: lost, close: lost, capture: lost }
  return { ...shop, gateways: { sandbox: quiet } }
}
/** A shop that has its gateway no more. */
export const gone = (shop: TestShop): TestShop => ({ ...shop, gateways: {} })

export const paid = (paymentId: string, reference = 'STMT-0310.1') =>
  ({ paymentId, paid: true, reference, note: 'In the statement of the day.' }) as const
export const unpaid = (paymentId: string) => ({ paymentId, paid: false, note: 'Not in any statement.' }) as const

/** An order of 137.00 that nobody has paid. */
export const openWith = async (terms: Partial<ShopPolicy> = {}) => {
  const shop = await openShop()
  const { policyId: _, ...policy } = { ...defaultShopPolicy, ...terms }
  value(await savePolicy(shop, byStaff(), policy))
  await fillCart(shop, 'ann', [['kettle', 1]])
  return { shop, orderId: (await place(shop, 'ann')).orderId }
}

/** An order of 137.00 whose charge was not answered, at a gateway that is gone since; its time to pay is over. */
export const openLost = async (terms: Partial<ShopPolicy> = {}) => {
  const { shop, orderId } = await openWith(terms)
  shop.gateway.script({ kind: 'timeout', charged: false })
  const { paymentId } = await pay(shop, 'ann', orderId)
  shop.pass(daysMs)
  value(await closeUnpaidOrders(gone(shop), { limit: 10 }))
  return { shop, orderId, paymentId, closingAt: shop.clock.now() }
}

/** Lets pass what nothing may be heard for before staff decide. */
export const threeDays = (shop: TestShop) => shop.pass(3 * daysMs + minutesMs)

/** The same, of which nothing was heard for three days. */
export const openUnheard = async (terms: Partial<ShopPolicy> = {}) => {
  const lostOne = await openLost(terms)
  threeDays(lostOne.shop)
  return lostOne
}

/** An order whose 137.00 are held, to be taken as it leaves. */
export const openHeld = async () => {
  const { shop, orderId } = await openWith({ capture: 'onShipment' })
  return { shop, orderId, paymentId: (await pay(shop, 'ann', orderId)).paymentId }
}

/** How it leaves. */
export const post = (orderId: string) => ({ orderId, carrier: 'sf-express', trackingNumber: 'SF1' })

/** The same, of which the taking was asked for and never answered, for three days: the gateway got nothing of it. */
export const openCapturing = async () => {
  const held = await openHeld()
  const asked = await captureAndShip(silent(held.shop), byStaff(), post(held.orderId))
  expect(asked._unsafeUnwrapErr().type).toBe('CaptureUnderway')
  threeDays(held.shop)
  return held
}

export const paymentOf = async (shop: TestShop) => (await booksOf(shop)).payments[0]?.state
export const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state
export const refundsOf = async (shop: TestShop) => (await booksOf(shop)).refunds.map(({ state }) => state)
export const staffMay = async (shop: TestShop, orderId: string) =>
  value(await orderPage(shop, byStaff(), { orderId })).nextActions

/** Lets follow what gateways said, at least once: what is told twice happens once. */
export const hear = async (shop: TestShop) => {
  for (const event of [...(await eventsOf(shop)), ...(await eventsOf(shop))]) {
    if (followWord.listensTo.includes(`${event.collection}/${event.type}`)) value(await followWord.react(shop, event))
  }
}

/** What the gateway says of its own accord once it is back. */
export const tell = async (shop: TestShop, paymentId: string, word: Partial<PaymentSnapshot>) => {
  const saying = ({ amountMinor, currency, merchantAccount }: Payment, at: number): PaymentSnapshot => ({
    ...{ kind: 'payment', attemptRef: paymentId, orderRef: null, gatewayRef: null, merchantAccount },
    ...{ status: 'failed', total: { minor: amountMinor, currency }, authorisedMinor: 0, capturedMinor: 0 },
    ...{ feeMinor: null, failure: null, at, ...word },
  })
  value(
    await recordPayment(shop, paymentId, (payment, at) => [{ type: 'RecordSnapshot', snapshot: saying(payment, at) }]),
  )
  await hear(shop)
}

export const allTaken = { status: 'captured', capturedMinor: 13_700 } as const

/** What stands where it is nobody's, and that the books agree. */
export const expectAtRest = async (shop: TestShop, standing: Readonly<Record<string, number>> = {}) => {
  const { ledger } = await booksOf(shop)
  for (const account of ['gatewayClearing:sandbox', 'suspense:sandbox', 'chargebackLoss', 'bank'] as const) {
    expect([account, balanceOf(ledger, account)]).toEqual([account, standing[account] ?? 0])
  }
  await expectBooksToAgree(shop)
}
