import { expect, it } from 'vitest'
import { acceptHeldMoney } from '../../../src/orders/suspense/accept-held-money.js'
import { returnHeldMoney } from '../../../src/orders/suspense/return-held-money.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { secondsMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import { decideAt, deliver, dispute, refundsOf } from './disputed.js'

/** Ann owes 137.00 for a kettle, and 150.00 came. */
const openBeyond = async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'otherAmount', minor: 15_000 })
  const { paymentId } = await pay(shop, 'ann', orderId)
  await deliver(shop)
  return { shop, orderId, paymentId }
}

const sent = (shop: TestShop) => shop.gateway.books().refunds.filter(({ status }) => status === 'succeeded')

it('a lost dispute of all that came, beyond what was asked too, leaves nothing to be sent back or accepted', async () => {
  const { shop, paymentId } = await openBeyond()
  const { disputeRef } = await dispute(shop, paymentId)
  await decideAt(shop, disputeRef, 'lost')
  expect(await returnHeldMoney(shop, byStaff(), { paymentId })).toMatchObject({ error: { type: 'NoMoneyHeld' } })
  expect(await acceptHeldMoney(shop, byStaff(), { paymentId })).toMatchObject({ error: { type: 'NoMoneyHeld' } })
  expect(sent(shop)).toEqual([])
  expect(balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:sandbox')).toBe(0)
  await expectBooksToAgree(shop)
})

it('what came beyond and came back to the shop is not sent again where a dispute has taken all of it', async () => {
  const { shop, paymentId } = await openBeyond()
  const { returned } = value(await acceptHeldMoney(shop, byStaff(), { paymentId }))
  await deliver(shop)
  expect(sent(shop)).toMatchObject([{ amountMinor: 1_300 }])
  shop.pass(secondsMs)
  expect(shop.gateway.failRefund(returned?.refundId ?? '', 'InstrumentInvalid')).toBe(true)
  const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 15_000 })
  await decideAt(shop, disputeRef, 'lost')
  value(await settleRefunds(shop, { limit: 10 }))
  expect(await refundsOf(shop)).toEqual([[`held_${paymentId}`, 'chargedBack']])
  expect(await returnHeldMoney(shop, byStaff(), { paymentId })).toMatchObject({ error: { type: 'MoneyPaysOrder' } })
  expect(sent(shop)).toEqual([])
  const { ledger } = await booksOf(shop)
  expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
  // The order is paid for, and what pays it is the loss.
  expect(balanceOf(ledger, 'chargebackLoss')).toBe(13_700)
  expect(balanceOf(ledger, 'suspense:sandbox')).toBe(0)
  await expectBooksToAgree(shop)
})
