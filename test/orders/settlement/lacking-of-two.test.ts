import { expect, it } from 'vitest'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { giveUpSplit } from '../../../src/orders/settlement/give-up-split.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { splitShares } from '../../../src/orders/settlement/split-shares.js'
import { daysMs } from '../../../src/shared/instant.js'
import { send } from '../on-delivery/on-delivery-shop.js'
import { by, byStaff, fillCart, openShop, place, type TestShop, value } from '../open-shop.js'

it('of two gateways that are to divide an order the one that is there does, once the other is given up', async () => {
  const splits = { payees: { self: 'acct-self' } }
  const opened = await openShop({ splits })
  const keys = [{ keyId: 'w', secret: 'another secret' }] as const
  const wallet = createSandboxGateway({ gatewayId: 'wallet', now: opened.clock.now, keys, splits })
  const shop: TestShop = { ...opened, gateways: { ...opened.gateways, wallet } }
  const { policyId: _, ...policy } = defaultShopPolicy
  const rates = [{ merchantId: null, platformBasisPoints: 500, partners: [] }]
  value(await savePolicy(shop, byStaff(), { ...policy, settlement: { afterWorkingDays: 0, rates } }))
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  const payers = [
    { accountId: 'ann', part: { by: 'amount', amountMinor: 10_000 } },
    { accountId: 'bob', part: { by: 'share', share: 1 } },
  ] as const
  value(await sharePayment(shop, by('ann'), { orderId, payers }))
  value(await payShare(shop, by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
  value(await payShare(shop, by('bob'), { orderId, gatewayId: 'wallet', method: 'alipay' }))
  await send(shop, orderId)
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  value(await releaseShares(shop, { limit: 10 }))

  const turn = async (at: TestShop) => value(await splitShares(at, { limit: 10 })).failed
  const standing = async () => value(await showPayee(shop, byStaff(), { payee: 'self', currency: 'CNY' }))
  expect(await turn(opened)).toEqual([{ id: orderId, reason: 'GatewayUnknown' }])
  expect(shop.gateway.books().splits).toEqual([])
  value(await giveUpSplit(opened, byStaff(), { orderId, note: 'The account there was closed.' }))
  expect(await turn(opened)).toEqual([])
  expect(shop.gateway.books().splits).toMatchObject([{ amountMinor: 10_000 }])
  // What the one keeps is not kept for the other.
  expect(shop.gateway.books().splitsOver).toHaveLength(1)
  expect(await standing()).toMatchObject({ availableMinor: 15_270, paidOutMinor: 10_000 })
  shop.pass(daysMs)
  expect(await turn(shop)).toEqual([])
  expect(wallet.books().splits).toEqual([])
  expect(wallet.books().splitsOver).toHaveLength(1)
  expect(await standing()).toMatchObject({ availableMinor: 15_270, paidOutMinor: 10_000 })
})
