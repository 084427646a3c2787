import { ok, type ResultAsync } from 'neverthrow'
import type { CorePorts } from '../shared/ports.js'
import { counters } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { defaultWarehouse, stockCounters, stockId } from './stock.js'
import { parseStockOf } from './stock-of.schema.js'

/** Pieces that may still be promised, by SKU, in the order asked; null where the shop never had the SKU. */
export type StockAnswer = { readonly lines: readonly { readonly sku: string; readonly available: number | null }[] }

/**
 * Says how many pieces of each SKU are free.
 *
 * @errors QueryError
 */
export const stockOf = (
  ports: CorePorts,
  context: QueryContext,
  input: unknown,
): ResultAsync<StockAnswer, QueryError> =>
  runQuery(ports, context, input, {
    action: 'inventory.stockOf',
    parse: parseStockOf,
    plan: ({ input }) => ({
      free: counters(
        stockCounters,
        input.skus.map((sku) => stockId(sku, input.warehouse ?? defaultWarehouse)),
      ),
    }),
    answer: ({ free }, { input }) =>
      ok({
        lines: input.skus.map((sku) => ({
          sku,
          available: free.get(stockId(sku, input.warehouse ?? defaultWarehouse)) ?? null,
        })),
      }),
  })
