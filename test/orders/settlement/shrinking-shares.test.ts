import { expect, it } from 'vitest'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { settlements } from '../../../src/payments/settlement.schema.js'
import { find } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, value } from '../open-shop.js'

// 59 : 115 : 78 in hundredths of a percent: the partner's, the seller's, the platform's.
const terms = {
  afterWorkingDays: 0,
  rates: [{ merchantId: null, platformBasisPoints: 3_095, partners: [{ payee: 'affiliate', basisPoints: 2_341 }] }],
}

it('scenario 17: what an order leaves its three parties shrinks for each of them with every cent that goes back, to nothing', async () => {
  const shop = await openShop()
  const { policyId: _, ...policy } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), { ...policy, settlement: terms }))
  await fillCart(shop, 'ann', [['mug', 1]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  value(await releaseShares(shop, { limit: 10 }))
  const back = async (amountMinor: number, withShipping = false) =>
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor, withShipping }))
  const parts = async (): Promise<Readonly<Record<string, number>>> => {
    const [settlement] = await ask(shop, find(settlements, { where: [], limit: 2 }))
    const shares = settlement?.state.shares.map(({ payee, earnedMinor }) => [payee, earnedMinor] as const) ?? []
    return { ...Object.fromEntries(shares), platform: settlement?.state.commissionMinor ?? Number.NaN }
  }
  await back(2_700 - 198)
  let before = await parts()
  expect(before).toEqual({ affiliate: 46, self: 91, platform: 61 })
  for (let left = 197; left >= 0; left -= 1) {
    await back(1)
    const after = await parts()
    expect(Object.values(after).reduce((sum, minor) => sum + minor, 0)).toBe(left)
    for (const [party, minor] of Object.entries(after)) expect(minor).toBeLessThanOrEqual(before[party] ?? 0)
    before = after
  }
  expect(before).toEqual({ affiliate: 0, self: 0, platform: 0 })
  const { ledger } = await booksOf(shop)
  for (const account of ['commission', 'payable:self', 'payable:affiliate', `escrow:${orderId}`] as const) {
    expect([account, balanceOf(ledger, account)]).toEqual([account, 0])
  }
  await expectBooksToAgree(shop)
})
