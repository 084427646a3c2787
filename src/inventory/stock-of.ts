import { ok, type ResultAsync } from 'neverthrow'
import { counters } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { InventoryPorts } from './ports.js'
import { defaultWarehouse, stockCounters, stockId } from './stock.js'
import type { StockOfInput } from './stock-inputs.js'
import { parseStockOf } from './stock-of.schema.js'

/** Pieces that may still be promised, by SKU, in the order asked; null where the shop never had the SKU. */
export type StockAnswer = { readonly lines: readonly { readonly sku: string; readonly available: number | null }[] }

/**
 * Says how many pieces of each SKU are free.
 *
 * @errors QueryError
 */
export const stockOf = (
  ports: InventoryPorts,
  context: QueryContext,
  input: unknown,
): ResultAsync<StockAnswer, QueryError> =>
  runQuery(ports, context, input, {
    action: 'inventory.stockOf',
    parse: parseStockOf,
    plan: ({ input }) => ({
      free: counters(
        stockCounters,
        input.skus.flatMap((sku) => placesOf(ports, input).map((warehouse) => stockId(sku, warehouse))),
      ),
    }),
    answer: ({ free }, { input }) =>
      ok({
        lines: input.skus.map((sku) => {
          const counts = placesOf(ports, input).flatMap((warehouse) => free.get(stockId(sku, warehouse)) ?? [])
          return { sku, available: counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0) }
        }),
      }),
  })

const placesOf = ({ warehouses = [defaultWarehouse] }: InventoryPorts, { warehouse }: StockOfInput) =>
  warehouse === undefined ? warehouses : [warehouse]
