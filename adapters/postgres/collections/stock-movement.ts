import { stockMovements } from 'shopwright'
import type { LogTable } from '../log-table.js'

/** Movements of stock. */
export const stockMovementTable: LogTable = {
  log: stockMovements,
  table: 'stock_movement',
  indexed: [],
  indexes: { moved: '(shop, sku, at, id)' },
}
