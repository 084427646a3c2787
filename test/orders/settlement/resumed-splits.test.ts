import { expect, it } from 'vitest'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { splitShares } from '../../../src/orders/settlement/split-shares.js'
import { settlePayouts } from '../../../src/orders/settlement/tell-payout.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { decideAt, dispute, owe } from '../disputes/disputed.js'
import { send } from '../on-delivery/on-delivery-shop.js'
import { by, byStaff, fillCart, openShop, pay, place, value } from '../open-shop.js'

it('a refund that a dispute kept back for days waits, once it may leave, for what a payee is to give back', async () => {
  const shop = await openShop({ splits: { payees: { self: 'acct-self' } } })
  const { policyId: _, ...policy } = defaultShopPolicy
  const rates = [{ merchantId: null, platformBasisPoints: 500, partners: [] }]
  value(await savePolicy(shop, byStaff(), { ...policy, settlement: { afterWorkingDays: 0, rates } }))
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = await pay(shop, 'ann', orderId)
  await send(shop, orderId)
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  value(await releaseShares(shop, { limit: 10 }))
  value(await splitShares(shop, { limit: 10 }))
  await owe(shop, orderId, 'kettle-1')
  const { disputeRef } = await dispute(shop, paymentId, { amountMinor: 1_000 })
  const refund = async () => (await booksOf(shop)).refunds[0]?.state.status
  expect(await refund()).toBe('held')
  shop.pass(3 * daysMs)
  // The payee's money is long under way: lost answers.
  shop.gateway.scriptSplit(...Array.from({ length: 8 }, () => ({ kind: 'timeout', moved: false }) as const))
  await decideAt(shop, disputeRef, 'won')
  value(await settleRefunds(shop, { limit: 10 }))
  expect(await refund()).toBe('requested')
  shop.pass(hoursMs)
  for (let turn = 0; turn < 8; turn += 1) {
    value(await settlePayouts(shop, { limit: 10 }))
    shop.pass(hoursMs)
  }
  value(await settleRefunds(shop, { limit: 10 }))
  expect(await refund()).toBe('succeeded')
  expect(shop.gateway.books().splits[0]?.returnedMinor).toBeGreaterThan(0)
  await expectBooksToAgree(shop)
})
