import { expect, it } from 'vitest'
import { mayPayWhole, paysWhole } from '../../../src/orders/money/pays-whole.js'
import type { Payment, PaymentEvent } from '../../../src/payments/payment.js'
import { paymentMachine } from '../../../src/payments/payment-machine.js'
import type { PaymentState } from '../../../src/payments/payment-steps.js'
import { booksOf } from '../books-of.js'
import { fillCart, openShop, pay, place } from '../open-shop.js'

const after = (payment: Payment, ...events: readonly PaymentEvent[]): Payment => {
  const state = events.reduce<PaymentState>(paymentMachine.evolve, payment)
  if (state.status === 'absent') throw new Error('no payment')
  return state
}

it('an attempt may come to pay an order that asks for exactly as much, of the buyer, and is not to end', async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'pending' })
  await pay(shop, 'ann', orderId)
  const { orders, payments } = await booksOf(shop)
  const [order, payment] = [orders[0]?.state, payments[0]?.state]
  if (order === undefined || payment === undefined) throw new Error('no order, or no attempt')
  expect(mayPayWhole(order, payment)).toBe(true)
  expect(mayPayWhole(order, { ...payment, amountMinor: payment.amountMinor - 1 })).toBe(false)
  // What somebody else, or whoever had the link, was asked for as their part pays no whole, be it as much by now.
  for (const payerAccountId of ['bob', null]) expect(mayPayWhole(order, { ...payment, payerAccountId })).toBe(false)
  const at = shop.clock.now()
  const closing = after(payment, { type: 'PaymentCloseRequested', reason: 'replacedByAnother', at })
  expect(mayPayWhole(order, closing)).toBe(false)
  // It pays once all of it is there.
  const captured = (minor: number): PaymentEvent => {
    return { type: 'PaymentCaptured', known: { ...payment.known, captured: { minor, at } }, addedMinor: minor }
  }
  expect(paysWhole(order, payment)).toBe(false)
  expect(paysWhole(order, after(payment, captured(13_699)))).toBe(false)
  expect(paysWhole(order, after(payment, captured(13_700)))).toBe(true)
  const back: PaymentEvent = { type: 'RefundReserved', refundId: 'r', amountMinor: 1 }
  expect(paysWhole(order, after(payment, captured(13_700), back))).toBe(false)
})
