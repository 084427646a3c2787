import { okAsync } from 'neverthrow'
import { createBookShelf, createTurns } from 'shopwright'
import { createKeyedDigest } from '../../adapters/runtime/index.js'
import { createCatalogShelf } from '../../src/catalog/search/catalog-shelf.js'
import { savePolicy } from '../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type ShopPolicy } from '../../src/orders/policy/shop-policy.js'
import { createBillOf } from './history-bill.js'
import type { History } from './history-scene.js'
import { courier } from './on-delivery/on-delivery-shop.js'
import { byStaff, couponOffer, giftOffer, givePoints, openShop, value } from './open-shop.js'
import { sellApart } from './placing/open-mall.js'

const settlement = {
  afterWorkingDays: 0,
  rates: [{ merchantId: null, platformBasisPoints: 500, partners: [{ payee: 'affiliate', basisPoints: 200 }] }],
}

const reevaluated = { ...defaultShopPolicy.returns, refundPolicy: 'reevaluate' as const }

/** Terms under which a history may run. */
export const terms: readonly Partial<ShopPolicy>[] = [
  { settlement, cashOnDelivery: { openOrders: 3 } },
  { settlement, capture: 'onShipment' },
  { lateSuccess: 'reinstateIfStock', cashOnDelivery: { openOrders: 2 } },
  { capture: 'onShipment', cashOnDelivery: { openOrders: 5 } },
  { capture: 'onShipment', lateSuccess: 'reinstateIfStock' },
  { settlement, severalMerchants: 'apart', cashOnDelivery: { openOrders: 5 } },
  { settlement, severalMerchants: 'apart', lateSuccess: 'reinstateIfStock', returns: reevaluated },
]

const accountsOf = (...payees: readonly string[]) =>
  Object.fromEntries(payees.map((payee) => [payee, `account-of-${payee}`]))

/** A shop whose own clock can be set wrong, while the gateway's goes on. */
export const openHistory = async (given: Partial<ShopPolicy>, people: number): Promise<History> => {
  const shop = await openShop({
    stock: { kettle: 40, lamp: 40, mug: 40 },
    offers: [{ ...couponOffer, limits: { uses: 1_000 } }, giftOffer],
    splits: { payees: accountsOf('self', 'lights', 'potter', 'affiliate'), mostBasisPoints: 6_000 },
    feeRateBasisPoints: 60,
  })
  const { policyId: _, ...policy } = { ...defaultShopPolicy, ...given }
  value(await savePolicy(shop, byStaff(), policy))
  if (given.severalMerchants === 'apart') await sellApart(shop)
  let offMs = 0
  const { now } = shop.clock
  const buyers = Array.from({ length: people }, (_, index) => `buyer-${index}`)
  for (const buyer of buyers) await givePoints(shop, buyer, 5_000)
  const machine = {
    ...shop,
    gateways: { ...shop.gateways, courier },
    clock: { now: () => now() + offMs },
    digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
    payouts: { send: () => okAsync({ kind: 'ok' as const, value: { payoutRef: null } }) },
  }
  return {
    shop: machine,
    other: { ...machine, books: createBookShelf(), turns: createTurns(), shelf: createCatalogShelf() },
    buyers,
    jump: (ms) => {
      offMs += ms
    },
    worldNow: now,
    openedAt: now(),
    bill: createBillOf(shop.gateway),
    untold: [],
    last: undefined,
  }
}
