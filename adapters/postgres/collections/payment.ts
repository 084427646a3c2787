import { payments } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Attempts to pay. */
export const paymentTable: CollectionTable = {
  collection: payments,
  table: 'payment',
  indexed: ['merchantId', 'accountId', 'startedAt'],
  indexes: {
    tried: '(shop, order_id, started_at, id)',
    open: '(shop, query_at, id) where query_at is not null',
  },
  checks: {
    refundable:
      'refund_reserved_minor >= 0 and refunded_minor >= 0 and refund_reserved_minor + refunded_minor <= coalesce(captured_minor, 0)',
  },
}
