import { okAsync } from 'neverthrow'
import { expect, it } from 'vitest'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { decidePayout, listUnclearPayouts } from '../../../src/orders/settlement/decide-payout.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { splitShares } from '../../../src/orders/settlement/split-shares.js'
import { settlePayouts } from '../../../src/orders/settlement/tell-payout.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { expectBooksToAgree } from '../books-of.js'
import { send } from '../on-delivery/on-delivery-shop.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const openUnreturned = async () => {
  const opened = await openShop({ splits: { payees: { self: 'acct-self' } } })
  const { splits } = opened.gateway
  if (splits === undefined) throw new Error('no splits')
  const takeBack = () => okAsync({ kind: 'unknown', cause: 'timeout' } as const)
  const shop: TestShop = {
    ...opened,
    gateways: { sandbox: { ...opened.gateway, splits: { ...splits, takeBack } } },
  }
  const { policyId: _, ...policy } = defaultShopPolicy
  const rates = [{ merchantId: null, platformBasisPoints: 500, partners: [] }]
  value(await savePolicy(shop, byStaff(), { ...policy, settlement: { afterWorkingDays: 0, rates } }))
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  await send(shop, orderId)
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  value(await releaseShares(shop, { limit: 10 }))
  value(await splitShares(shop, { limit: 10 }))
  const lines = [{ lineId: 'kettle-1', quantity: 1 }]
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines }))
  return { opened, shop }
}

const owedMinor = async (shop: TestShop) =>
  value(await showPayee(shop, byStaff(), { payee: 'self', currency: 'CNY' })).owedMinor

it.each([true, false])(
  'what was to come back of a split is listed and named once nobody has said for three days whether it did, and staff say so (%s)',
  async (moved) => {
    const { opened, shop } = await openUnreturned()
    const unheard = async () => value(await listUnclearPayouts(shop, byStaff(), { unheard: true })).payouts
    const [{ payoutId } = { payoutId: '' }] = await unheard()
    const turn = async () => {
      value(await settleRefunds(shop, { limit: 10 }))
      return value(await settlePayouts(shop, { limit: 10 })).failed
    }
    shop.pass(2 * daysMs)
    expect(await turn()).toEqual([])
    const early = (await decidePayout(shop, byStaff(), { payoutId, moved }))._unsafeUnwrapErr()
    expect(early).toEqual({ type: 'PayoutNotUnclear', payoutId, status: 'paid', decidableAt: expect.any(Number) })
    shop.pass(daysMs + hoursMs)
    for (let again = 0; again < 2; again += 1) {
      expect(await turn()).toEqual([{ id: payoutId, reason: 'PayoutOverdue' }])
    }
    const owed = await owedMinor(shop)
    expect(owed).toBeGreaterThan(0)
    value(await decidePayout(shop, byStaff(), { payoutId, moved }))
    expect(await owedMinor(shop)).toBe(moved ? 0 : owed)
    expect(await unheard()).toEqual([])
    shop.pass(daysMs)
    expect(await turn()).toEqual([])
    expect(opened.gateway.books().refunds.map(({ status }) => status)).toEqual(['succeeded'])
    if (!moved) await expectBooksToAgree(shop)
  },
)
