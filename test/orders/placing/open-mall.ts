import { products } from '../../../src/catalog/product.schema.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { put } from '../../../src/shared/commit.js'
import { rows } from '../../../src/shared/read-plan.js'
import { ask } from '../books-of.js'
import { byStaff, commit, openShop, type TestShop, value } from '../open-shop.js'

export const settlement = { afterWorkingDays: 2, rates: [{ merchantId: null, platformBasisPoints: 500, partners: [] }] }

/** Kettles are the shop's own, lamps of `lights` and mugs of `potter`; each sells apart. */
export const openMall = async (options: Parameters<typeof openShop>[0] = {}, terms: Partial<ShopPolicy> = {}) => {
  const shop = await openShop(options)
  const { policyId: _, ...policy } = { ...defaultShopPolicy, severalMerchants: 'apart' as const, settlement, ...terms }
  value(await savePolicy(shop, byStaff(), policy))
  await sellApart(shop)
  return shop
}

/** Gives lamps to `lights` and mugs to `potter`. */
export const sellApart = async (shop: TestShop): Promise<void> => {
  const stored = await ask(shop, rows(products, ['p-lamp', 'p-mug']))
  await commit(
    shop,
    stored.map(({ id, version, state }) =>
      put(products, { id, version, state: { ...state, merchantId: id === 'p-lamp' ? 'lights' : 'potter' } }),
    ),
  )
}
