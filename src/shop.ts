import { accountsWithin } from './accounts/bind-accounts.js'
import { type CatalogShelf, createCatalogShelf, createSealedShelf } from './catalog/search/catalog-shelf.js'
import type { TransactionalStorage } from './shared/storage.js'
import { bindShop, type Shop } from './shop-binding.js'
import type { ShopPorts } from './shop-ports.js'

/** A shop inside a transaction of its host: the questions, and the commands of one commit that ask nobody outside. */
export type ShopWithin = ReturnType<typeof verbsWithin>

/** Where the host opens transactions of its own that a shop can be part of. */
export type HostTransactions<Transaction> = {
  /**
   * The shop inside a transaction that the host has opened: what it writes stands when the host commits, and is gone
   * when the host rolls back.
   *
   * A refused command writes nothing and leaves the transaction usable. Each command is tried once: where others were
   * in its way the answer is `Busy`, and the host may send it again or roll back. Listeners are told nothing; the relay
   * delivers what happened after the host has committed.
   *
   * @param transaction - a client with an open transaction, at READ COMMITTED; on the memory storage, what `begin` gave
   */
  readonly within: (transaction: Transaction) => ShopWithin
}

/**
 * Binds the workflows of every module to a shop's ports.
 */
export function createShop<Transaction>(
  ports: ShopPorts & { readonly storage: TransactionalStorage<Transaction> },
): Shop & HostTransactions<Transaction>
export function createShop(ports: ShopPorts): Shop
export function createShop<Transaction>(
  ports: ShopPorts & { readonly storage: Partial<TransactionalStorage<Transaction>> },
): Shop | (Shop & HostTransactions<Transaction>) {
  const shop = bindShop(ports, { attempts: ports.attempts ?? 16, tells: true, shelf: shelfFor(ports) })
  const { within } = ports.storage
  if (within === undefined) return shop
  // Books are read anew inside, and the index goes its own way: what the host may yet take back must not be kept for others.
  const inside = (transaction: Transaction): Shop =>
    bindShop(
      { ...ports, storage: within(transaction) },
      {
        attempts: 1,
        tells: false,
        shelf: shop.ports.shelf.fork(),
      },
    )
  return { ...shop, within: (transaction) => verbsWithin(inside(transaction)) }
}

const shelfFor = ({ catalogIndex }: ShopPorts): CatalogShelf =>
  catalogIndex === undefined ? createCatalogShelf() : createSealedShelf(catalogIndex)

const pick = <Verbs extends object, Name extends keyof Verbs>(verbs: Verbs, names: readonly Name[]) =>
  // Only what was named is there, which the library's type of `fromEntries` cannot say.
  Object.fromEntries(names.map((name) => [name, verbs[name]])) as Pick<Verbs, Name>

// Left out: what asks a gateway; what needs several commits; what has to stand whatever the host does with its
// transaction, such as a guess at a password or a code. Each is stated, with its reason, by test/shop/within.test.ts.
const verbsWithin = ({
  notify,
  accounts,
  catalog,
  inventory,
  promotions,
  membership,
  pricing,
  cart,
  ...shop
}: Shop) => ({
  notify,
  accounts: pick(accounts, accountsWithin),
  catalog: {
    ...pick(catalog, ['saveProduct', 'publishProduct', 'archiveProduct', 'product', 'goods']),
    ...pick(catalog, [
      'listCategories',
      'listProducts',
      'searchProducts',
      'suggest',
      'publishSections',
      'listSections',
      'section',
    ]),
  },
  inventory,
  promotions,
  membership,
  pricing,
  cart,
  payments: pick(shop.payments, [
    'list',
    'attempts',
    'refunds',
    'held',
    'receipts',
    'ledger',
    'disputes',
    'reconciliations',
  ]),
  orders: {
    ...pick(shop.orders, ['preview', 'previewEdit', 'place', 'page', 'list', 'confirmReceipt', 'complete']),
    ...pick(shop.orders, ['saveAddress', 'setDefaultAddress', 'removeAddress', 'myAddresses']),
    ...pick(shop.orders, [
      'recordReceipt',
      'holdReceipt',
      'returnReceipt',
      'returnHeldByHand',
      'payRefundByHand',
      'decideRefund',
      'decideDispute',
      'decidePayment',
      'missingBills',
      'parkedFacts',
      'resolveParkedFact',
      'paymentAlerts',
      'prepareEvidence',
      'resolvePaymentAlert',
      'replayPrice',
      'payee',
      'payees',
    ]),
    ...pick(shop.orders, [
      'recordGatewayPayout',
      'resolveFindings',
      'reopenFindings',
      'decidePayout',
      'giveUpSplit',
      'unclearPayouts',
    ]),
    ...pick(shop.orders, ['reportPayment', 'releaseHold', 'sharePayment', 'share']),
    ...pick(shop.orders, [
      'ship',
      'correctParcel',
      'recordScan',
      'recordDelivery',
      'recordLoss',
      'recordParcelReturn',
      'reship',
      'policy',
      'savePolicy',
    ]),
  },
  aftersales: {
    ...pick(shop.aftersales, ['previewReturn', 'requestReturn', 'cancelReturn', 'returnPage', 'list']),
    ...pick(shop.aftersales, ['approveReturn', 'refuseReturn', 'receiveReturn']),
  },
  reviews: shop.reviews,
  history: shop.history,
  storefront: shop.storefront,
})
