import { refunds } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Refunds. */
export const refundTable: CollectionTable = {
  collection: refunds,
  table: 'refund',
  checks: { whole: 'amount_minor >= 1' },
}
