import { expect, it } from 'vitest'
import { addLine } from '../../../src/cart/add-line.js'
import { pointsAccounts } from '../../../src/membership/points-account.collection.schema.js'
import type { ClawBackPolicy } from '../../../src/membership/points-account.js'
import { pointsPage } from '../../../src/membership/points-page.js'
import { pointsSweep } from '../../../src/membership/points-sweep.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { defaultShopPolicy, shopPolicyId } from '../../../src/orders/policy/shop-policy.js'
import { policyBooks } from '../../../src/orders/policy/shop-policy.schema.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, givePoints, openShop, pay, place, value } from '../open-shop.js'

/** Two kettles earn 258 points, 200 of which pay for another order; then one kettle, and its 129 points, go back. */
const returnOne = async (clawBack: ClawBackPolicy) => {
  const shop = await openShop()
  const { points } = defaultShopPolicy
  if (points === null) throw new Error('no points')
  const state = { ...defaultShopPolicy, points: { ...points, clawBack } }
  await commit(shop, [put(policyBooks, { id: shopPolicyId, version: 0, state })])
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  value(await addLine(shop, by('ann'), { productId: 'p-lamp', sku: 'lamp', quantity: 1 }))
  await pay(shop, 'ann', (await place(shop, 'ann', { points: 200 })).orderId)
  const lines = [{ lineId: 'kettle-1', quantity: 1 }]
  const refund = value(await refundOrder(shop, byStaff(), { orderId, reason: 'returned', lines }))
  const page = value(await pointsPage(shop, by('ann'), { limit: 1 }))
  return { cash: refund.cashMinor, shortfall: refund.shortfall, available: page.available, debt: page.debt }
}

it('owes what is spent, keeps it from the money, or lets it go, as the terms of the shop say', async () => {
  // 58 points are left of 258; 71 of the 129 cannot be taken, worth 0.71.
  expect(await returnOne('debt')).toEqual({ cash: 12_900, shortfall: undefined, available: 0, debt: 71 })
  const deducted = { points: 71, deductedMinor: 71 }
  expect(await returnOne('deductCash')).toEqual({ cash: 12_829, shortfall: deducted, available: 0, debt: 0 })
  const letGo = { points: 71, deductedMinor: 0 }
  expect(await returnOne('withinBalance')).toEqual({ cash: 12_900, shortfall: letGo, available: 0, debt: 0 })
  const kept = { points: 129, deductedMinor: 0 }
  expect(await returnOne('pendingOnly')).toEqual({ cash: 12_900, shortfall: kept, available: 58, debt: 0 })
})

it('gives points back that were spent years ago, when the account itself has forgotten the order', async () => {
  const shop = await openShop()
  await givePoints(shop, 'ann', 500)
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann', { points: 200 })
  await pay(shop, 'ann', orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  shop.pass(1_000 * daysMs)
  // What ends by itself is swept, and with it what the account remembers of long ago.
  expect(value(await pointsSweep(shop, { limit: 10 })).done).toBe(1)
  const lines = [{ lineId: 'kettle-1', quantity: 1 }]
  const refund = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines }))
  expect(refund.points).toBe(200)
  // The 127 points that the order had earned have ended unspent, and are owed out of the 200.
  const page = value(await pointsPage(shop, by('ann'), { limit: 1 }))
  expect({ available: page.available, debt: page.debt }).toEqual({ available: 73, debt: 0 })
})

it('says of points of a buyer who has left neither that an order brought them nor that it gave them back', async () => {
  const shop = await openShop()
  await givePoints(shop, 'ann', 500)
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann', { points: 200 })
  await pay(shop, 'ann', orderId)
  const [account] = (await booksOf(shop)).points
  const closed = { status: 'closed', accountId: 'ann', closedAt: shop.clock.now() } as const
  await commit(shop, [put(pointsAccounts, { id: 'ann', version: account?.version ?? 0, state: closed })])
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  const back = (quantity: number) =>
    ({ orderId, reason: 'returned', lines: [{ lineId: 'kettle-1', quantity }] }) as const
  // One of the two before the order is complete, and the other after.
  value(await refundOrder(shop, byStaff(), back(1)))
  value(await completeOrder(shop, byStaff(), { orderId }))
  value(await refundOrder(shop, byStaff(), back(1)))
  const { ledger } = await booksOf(shop)
  const about = ledger.map(({ body }) => body).filter(({ kind }) => kind.startsWith('points'))
  expect(about.map(({ kind }) => kind).sort()).toEqual(['pointsForfeited', 'pointsForfeited', 'pointsTendered'])
  expect([balanceOf(ledger, 'pointsLiability'), balanceOf(ledger, 'pointsExpense')]).toEqual([200, -200])
  await expectBooksToAgree(shop)
})
