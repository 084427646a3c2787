import { payments } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Attempts to pay. */
export const paymentTable: CollectionTable = {
  collection: payments,
  table: 'payment',
  checks: {
    refundable:
      'refund_reserved_minor >= 0 and refunded_minor >= 0 and refund_reserved_minor + refunded_minor <= coalesce(captured_minor, 0)',
  },
}
