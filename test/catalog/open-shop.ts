import { createSealer } from '../../adapters/runtime/index.js'
import { defaultAccountsPolicy } from '../../src/accounts/accounts-policy.js'
import { cartAccess } from '../../src/cart/access.js'
import type { CartPorts } from '../../src/cart/ports.js'
import { catalogAccess } from '../../src/catalog/access.js'
import type { HistoryPorts } from '../../src/catalog/history/read-history.js'
import type { CatalogPorts } from '../../src/catalog/ports.js'
import { createCatalogShelf } from '../../src/catalog/search/catalog-shelf.js'
import { stockCounters } from '../../src/inventory/stock.js'
import { adjust, prepareCommit } from '../../src/shared/commit.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'

export { byCustomer, byGuest, byStaff, category, content, staff } from './product-content.js'

/** Ports of the catalog and the cart over an empty storage. */
export const openShop = async (): Promise<TestPorts & CatalogPorts & CartPorts & HistoryPorts> => ({
  ...createTestPorts(await openStorage(), { ...catalogAccess, ...cartAccess }),
  shelf: createCatalogShelf(),
  sealer: createSealer({ current: { keyId: 'k1', key: new Uint8Array(32).fill(7) } }),
  accountsPolicy: defaultAccountsPolicy,
  stock: { family: stockCounters, warehouses: ['main'] },
})

/** Puts pieces on stock. */
export const receive = async (ports: TestPorts, sku: string, quantity: number): Promise<void> => {
  const changes = [adjust(stockCounters, { id: `${sku}@main`, by: quantity })]
  const commit = prepareCommit({ shop: ports.shop, at: ports.clock.now(), changes })
  const done = await commit.asyncAndThen((prepared) => ports.storage.commit(prepared))
  if (done.isErr()) throw new Error(done.error.type)
}
