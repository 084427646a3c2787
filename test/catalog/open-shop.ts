import { createSealer } from '../../adapters/runtime/index.js'
import { defaultAccountsPolicy } from '../../src/accounts/accounts-policy.js'
import { cartAccess } from '../../src/cart/access.js'
import type { CartPorts } from '../../src/cart/ports.js'
import { catalogAccess } from '../../src/catalog/access.js'
import type { HistoryPorts } from '../../src/catalog/history/read-history.js'
import type { CatalogPorts } from '../../src/catalog/ports.js'
import type { ProductContent } from '../../src/catalog/product.js'
import { createCatalogShelf } from '../../src/catalog/search/catalog-shelf.js'
import { stockCounters } from '../../src/inventory/stock.js'
import { adjust, prepareCommit } from '../../src/shared/commit.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'

/** Ports of the catalog and the cart over an empty storage. */
export const openShop = async (): Promise<TestPorts & CatalogPorts & CartPorts & HistoryPorts> => ({
  ...createTestPorts(await openStorage(), { ...catalogAccess, ...cartAccess }),
  shelf: createCatalogShelf(),
  sealer: createSealer({ current: { keyId: 'k1', key: new Uint8Array(32).fill(7) } }),
  accountsPolicy: defaultAccountsPolicy,
  stock: { family: stockCounters, warehouses: ['main'] },
})

export const staff = { actor: { kind: 'staff', staffId: 's1', roles: [] } } as const

let keys = 0

/** A command of the shop's staff, under a key of its own. */
export const byStaff = () => {
  keys += 1
  return { ...staff, key: `k${keys}` }
}

/** A command of a customer, under a key of its own. */
export const byCustomer = (accountId: string) => {
  keys += 1
  return { actor: { kind: 'customer', accountId }, key: `k${keys}` } as const
}

/** A command of a guest, under a key of its own. */
export const byGuest = (guestId: string) => {
  keys += 1
  return { actor: { kind: 'guest', guestId }, key: `k${keys}` } as const
}

/** A product that lacks nothing, apart from what is said otherwise. */
export const content = (changed: Partial<ProductContent> = {}): ProductContent => ({
  title: { en: 'Kettle', 'zh-CN': '电水壶' },
  description: { en: '', 'zh-CN': '' },
  brand: 'Orrin',
  homeCategoryIds: ['cat_home'],
  variants: [
    {
      sku: 'KET-1',
      options: {},
      listPrice: { minor: 12_900, currency: 'CNY' },
      weightGrams: 900,
      taxClass: 'standard',
      discountable: true,
    },
  ],
  attributes: {},
  media: [],
  perPersonLimit: null,
  ...changed,
})

/** A category at the door. */
export const category = (
  categoryId: string,
  parentId: string | null = null,
  requiredAttributes: readonly string[] = [],
) => ({
  categoryId,
  parentId,
  name: { en: categoryId, 'zh-CN': '' },
  slug: categoryId,
  position: 0,
  requiredAttributes,
})

/** Puts pieces on stock. */
export const receive = async (ports: TestPorts, sku: string, quantity: number): Promise<void> => {
  const changes = [adjust(stockCounters, { id: `${sku}@main`, by: quantity })]
  const commit = prepareCommit({ shop: ports.shop, at: ports.clock.now(), changes })
  const done = await commit.asyncAndThen((prepared) => ports.storage.commit(prepared))
  if (done.isErr()) throw new Error(done.error.type)
}
