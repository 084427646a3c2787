import { okAsync } from 'neverthrow'
import { expect, it } from 'vitest'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { splitShares } from '../../../src/orders/settlement/split-shares.js'
import { hoursMs } from '../../../src/shared/instant.js'
import { expectBooksToAgree } from '../books-of.js'
import { send } from '../on-delivery/on-delivery-shop.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const open = async () => {
  const shop = await openShop({ splits: { payees: { self: 'acct-self' } } })
  const { policyId: _, ...policy } = defaultShopPolicy
  const rates = [{ merchantId: null, platformBasisPoints: 500, partners: [] }]
  value(await savePolicy(shop, byStaff(), { ...policy, settlement: { afterWorkingDays: 0, rates } }))
  const { splits, ...undividing } = shop.gateway
  if (splits === undefined) throw new Error('no splits')
  const unheard = { ...splits, finish: () => okAsync({ kind: 'unknown', cause: 'timeout' } as const) }
  return {
    shop,
    without: [
      { ...shop, gateways: {} },
      { ...shop, gateways: { sandbox: undividing } },
    ] satisfies readonly TestShop[],
    silent: { ...shop, gateways: { sandbox: { ...shop.gateway, splits: unheard } } } satisfies TestShop,
  }
}

it.each(['released', 'decided', 'told'] as const)(
  'a payment that a gateway is to divide waits for it where the shop lacks it for a turn (once its shares are %s)',
  async (stage) => {
    const { shop, without, silent } = await open()
    await fillCart(shop, 'ann', [['kettle', 2]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    await send(shop, orderId)
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    value(await completeOrder(shop, byStaff(), { orderId }))
    value(await releaseShares(stage === 'released' ? { ...shop, gateways: {} } : shop, { limit: 10 }))
    if (stage === 'told') value(await splitShares(silent, { limit: 10 }))
    for (const [times, lacking] of without.entries()) {
      shop.pass(hoursMs)
      const { failed } = value(await splitShares(lacking, { limit: 10 }))
      expect(failed).toEqual(times === 0 ? [{ id: orderId, reason: 'GatewayUnknown' }] : [])
    }
    shop.pass(hoursMs)
    expect(value(await splitShares(shop, { limit: 10 })).failed).toEqual([])
    expect(shop.gateway.books().splitsOver).toHaveLength(1)
    const self = value(await showPayee(shop, byStaff(), { payee: 'self', currency: 'CNY' }))
    expect(self).toMatchObject({ availableMinor: 0, paidOutMinor: 25_270 })
    await expectBooksToAgree(shop)
  },
)
