import { refunds } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Refunds. */
export const refundTable: CollectionTable = {
  collection: refunds,
  table: 'refund',
  indexes: {
    // Those that are not at their end: few, however many there were.
    unfinished:
      "(shop, requested_at, id) where status in ('requested', 'submitted', 'pending', 'unknown', 'failed', 'manualPayout', 'held')",
  },
  checks: { whole: 'amount_minor >= 1' },
}
