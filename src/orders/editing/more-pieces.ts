import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { ItemUnavailable, PersonLimitExceeded } from '../../cart/cart.js'
import { askPurchases, countPurchase, type Purchases, purchases, remainingOf } from '../../cart/purchases.js'
import type { Product } from '../../catalog/product.js'
import { products } from '../../catalog/product.schema.js'
import { askStock, partStock, type StockFacts } from '../../catalog/stock-source.js'
import type { WantedLine } from '../../inventory/allocate-lines.js'
import type { InventoryPorts } from '../../inventory/ports.js'
import type { LineQuantity, ReservedLine } from '../../inventory/reservation.js'
import { stockCounters } from '../../inventory/stock.js'
import type { CounterFamily, StoredDataInvalid } from '../../shared/collection.js'
import { type Change, type DecidedChange, expectRow } from '../../shared/commit.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Asked, counters, rows, type Stored } from '../../shared/read-plan.js'
import { sumQuantity } from '../order-pieces.js'
import type { OrderDetails, OrderRow } from '../order-row.js'
import { boughtPieces } from '../placing/purchase-limits.js'
import { warehousesOf } from '../placing/quoted-gifts.js'

/** What more pieces of an order are taken of, as it was read. */
export type MoreRead = StockFacts & {
  readonly goods: readonly Stored<Product>[]
  readonly bought: Purchases
}

/** The same, and where stock may be taken. */
export type More = { readonly read: MoreRead; readonly warehouses: readonly string[] }

/** Asks, beside an order, for what more pieces of its lines would be taken of. */
export const askMore = (ports: InventoryPorts): { readonly [Name in keyof MoreRead]: Asked<MoreRead[Name]> } => {
  const stock = { family: stockCounters, warehouses: warehousesOf(ports) }
  return {
    ...askStock(stock, { from: 'reservation', path: 'lines.*.sku' }),
    ...askStock(stock, { from: 'reservation', path: 'lines.*.parts.*.sku' }, partStock),
    goods: rows(products, { from: 'order', path: 'lines.*.productId' }),
    bought: counters(purchases, { from: 'order', path: 'details.purchaseIds.*' }),
  }
}

/** Counters as changes of the same commit leave them: what is given up in it may be taken again. */
export const countersAfter = (
  changes: readonly DecidedChange[],
  { name }: CounterFamily,
  before: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> => {
  const after = new Map(before)
  for (const change of changes) {
    if (change.kind !== 'adjust' || change.counter !== name) continue
    after.set(change.id, (after.get(change.id) ?? 0) + change.by)
  }
  return after
}

/** Pieces of lines, kits as they were when the order was placed. */
export const wantedMore = (
  { lines }: OrderRow,
  added: readonly LineQuantity[],
  rows: readonly ReservedLine[],
): readonly WantedLine[] =>
  added.map(({ lineId, quantity }) => {
    const parts = rows.find((each) => each.lineId === lineId)?.parts
    const sku = lines.find((line) => line.lineId === lineId)?.sku ?? ''
    return parts === undefined ? { lineId, sku, quantity } : { lineId, sku, parts, quantity }
  })

/**
 * Reads what the buyer of an order has bought of goods that were limited only after it was placed; of those that were before,
 * the plan of a change has asked.
 *
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const withBought = <Read extends MoreRead>(
  ports: CorePorts,
  order: OrderRow,
  added: readonly LineQuantity[],
  { read, at }: { readonly read: Read; readonly at: Instant },
): ResultAsync<Read, StorageUnavailable | StoredDataInvalid> => {
  const productIds = order.lines
    .filter(({ lineId }) => added.some((each) => each.lineId === lineId))
    .map(({ productId }) => productId)
    .filter((productId) => !order.details.limitedProductIds.includes(productId))
    .filter((productId) => read.goods.some(({ id, state }) => id === productId && state.perPersonLimit !== null))
  if (productIds.length === 0) return okAsync(read)
  const plan = { bought: askPurchases(order.accountId, productIds) }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan }).map(({ bought }) => ({
    ...read,
    bought: new Map([...read.bought, ...bought]),
  }))
}

/** What counts toward what one person may buy, and what the order notes of it. */
export type Counted = {
  readonly changes: readonly Change[]
  readonly details: Pick<OrderDetails, 'limitedProductIds' | 'purchaseIds'>
}

/**
 * Pieces are sold as long as their goods are, and counted toward what one person may buy. With the first pieces that are
 * added of goods limited since it was placed, an order counts all its pieces of them.
 *
 * @param change.removed - pieces that are taken out in the same change
 * @errors ItemUnavailable, PersonLimitExceeded
 */
export const countMore = (
  order: OrderRow,
  { added, removed = [] }: { readonly added: readonly LineQuantity[]; readonly removed?: readonly LineQuantity[] },
  { goods, bought }: Pick<MoreRead, 'goods' | 'bought'>,
): Result<Counted, ItemUnavailable | PersonLimitExceeded> => {
  const { accountId, lines, details } = order
  const byProduct = new Map<string, number>()
  for (const { lineId, quantity } of added) {
    const line = lines.find((each) => each.lineId === lineId)
    const product = goods.find(({ id }) => id === line?.productId)?.state
    const { productId = '', sku = '' } = line ?? {}
    if (product?.status !== 'active' || !product.variants.some((variant) => variant.sku === sku)) {
      return err({ type: 'ItemUnavailable', productId, sku })
    }
    byProduct.set(productId, (byProduct.get(productId) ?? 0) + quantity)
  }
  const changes: Change[] = []
  const noted: { readonly productId: string; readonly id: string }[] = []
  for (const [productId, more] of byProduct) {
    const stored = goods.find(({ id }) => id === productId)
    if (stored === undefined) continue
    const isCounted = details.limitedProductIds.includes(productId)
    const isNew = !isCounted && stored.state.perPersonLimit !== null
    const ofProduct = lines.filter((line) => !line.gift && line.productId === productId).map(({ lineId }) => lineId)
    const piecesIn = (pieces: readonly LineQuantity[]): number =>
      sumQuantity(pieces.filter(({ lineId }) => ofProduct.includes(lineId)))
    const quantity = more + (isNew ? piecesIn(boughtPieces(order)) - piecesIn(removed) : 0)
    const remaining = remainingOf(stored.state, accountId, bought)
    if (remaining !== null && quantity > remaining) {
      return err({ type: 'PersonLimitExceeded', productId, requested: quantity, remaining })
    }
    changes.push(expectRow(products, stored))
    // Of a product that is limited no more they are counted without an end, as they are counted back when they are free.
    const limit = stored.state.perPersonLimit ?? -purchases.minimum
    if (!isCounted && !isNew) continue
    const count = countPurchase({ productId, ownerId: accountId, quantity, limit })
    changes.push(count)
    if (isNew && count.kind === 'adjust') noted.push({ productId, id: count.id })
  }
  const { limitedProductIds, purchaseIds } = details
  return ok({
    changes,
    details:
      noted.length === 0
        ? { limitedProductIds, ...(purchaseIds === undefined ? {} : { purchaseIds }) }
        : {
            limitedProductIds: [...limitedProductIds, ...noted.map(({ productId }) => productId)],
            purchaseIds: [...(purchaseIds ?? []), ...noted.map(({ id }) => id)],
          },
  })
}
