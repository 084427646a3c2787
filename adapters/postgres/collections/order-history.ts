import { orderHistory } from 'shopwright'
import type { LogTable } from '../log-table.js'

/** What happened to orders. */
export const orderHistoryTable: LogTable = {
  log: orderHistory,
  table: 'order_history',
  indexed: ['accountId'],
  indexes: { order: '(shop, order_id, at, id)' },
}
