import { ok, type ResultAsync } from 'neverthrow'
import { skuSpace } from '../catalog/product.js'
import { products } from '../catalog/product.schema.js'
import { askPartStock, stockOf as stockOfItem } from '../catalog/stock-source.js'
import { claims, counters, rows } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { InventoryPorts } from './ports.js'
import { defaultWarehouse, stockCounters, stockId } from './stock.js'
import type { StockOfInput } from './stock-inputs.js'
import { parseStockOf } from './stock-of.schema.js'

/** Pieces that may still be promised, by SKU, in the order asked; null where the shop never had the SKU. */
export type StockAnswer = { readonly lines: readonly { readonly sku: string; readonly available: number | null }[] }

/**
 * Says how many pieces of each SKU are free; of a kit, how many can be made of its parts.
 *
 * @errors QueryError
 */
export const stockOf = (
  ports: InventoryPorts,
  context: QueryContext,
  input: StockOfInput,
): ResultAsync<StockAnswer, QueryError> =>
  runQuery(ports, context, input, {
    action: 'inventory.stockOf',
    parse: parseStockOf,
    plan: ({ input }) => ({
      free: counters(
        stockCounters,
        input.skus.flatMap((sku) => placesOf(ports, input).map((warehouse) => stockId(sku, warehouse))),
      ),
      owners: claims(skuSpace, input.skus),
      products: rows(products, { from: 'owners', path: '' }),
      ...askPartStock(sourceOf(ports, input), 'products'),
    }),
    answer: ({ free, products: owners, ...facts }, { input }) => {
      const kits = new Map(
        owners.flatMap(({ state }) =>
          state.variants.flatMap((variant) => (variant.parts === undefined ? [] : [[variant.sku, variant] as const])),
        ),
      )
      return ok({
        lines: input.skus.map((sku) => {
          const kit = kits.get(sku)
          if (kit !== undefined) return { sku, available: stockOfItem(sourceOf(ports, input), facts, kit) }
          const counts = placesOf(ports, input).flatMap((warehouse) => free.get(stockId(sku, warehouse)) ?? [])
          return { sku, available: counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0) }
        }),
      })
    },
  })

const sourceOf = (ports: InventoryPorts, input: StockOfInput) => ({
  family: stockCounters,
  warehouses: placesOf(ports, input),
})

const placesOf = ({ warehouses = [defaultWarehouse] }: InventoryPorts, { warehouse }: StockOfInput) =>
  warehouse === undefined ? warehouses : [warehouse]
