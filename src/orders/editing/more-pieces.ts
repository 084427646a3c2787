import { err, ok, type Result } from 'neverthrow'
import type { ItemUnavailable, PersonLimitExceeded } from '../../cart/cart.js'
import { countPurchase, type Purchases, purchases, remainingOf } from '../../cart/purchases.js'
import type { Product } from '../../catalog/product.js'
import { products } from '../../catalog/product.schema.js'
import { askStock, partStock, type StockFacts } from '../../catalog/stock-source.js'
import type { WantedLine } from '../../inventory/allocate-lines.js'
import type { InventoryPorts } from '../../inventory/ports.js'
import type { LineQuantity, ReservedLine } from '../../inventory/reservation.js'
import { stockCounters } from '../../inventory/stock.js'
import type { CounterFamily } from '../../shared/collection.js'
import { type Change, type DecidedChange, expectRow } from '../../shared/commit.js'
import { type Asked, counters, rows, type Stored } from '../../shared/read-plan.js'
import type { OrderRow } from '../order-row.js'
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

/** Pieces are sold as long as their goods are, and counted toward what one person may buy. */
export const countMore = (
  { accountId, lines, details }: OrderRow,
  added: readonly LineQuantity[],
  { goods, bought }: Pick<MoreRead, 'goods' | 'bought'>,
): Result<readonly Change[], ItemUnavailable | PersonLimitExceeded> => {
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
  for (const [productId, quantity] of byProduct) {
    const stored = goods.find(({ id }) => id === productId)
    if (stored === undefined) continue
    const remaining = remainingOf(stored.state, accountId, bought)
    if (remaining !== null && quantity > remaining) {
      return err({ type: 'PersonLimitExceeded', productId, requested: quantity, remaining })
    }
    changes.push(expectRow(products, stored))
    // Of a product that is limited no more they are counted without an end, as they are counted back when they are free.
    const limit = stored.state.perPersonLimit ?? -purchases.minimum
    const isCounted = details.limitedProductIds.includes(productId)
    if (isCounted) changes.push(countPurchase({ productId, ownerId: accountId, quantity, limit }))
  }
  return ok(changes)
}
