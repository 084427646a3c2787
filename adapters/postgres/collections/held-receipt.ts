import { heldReceipts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Money of lines of statements that fits nothing that was asked for. */
export const heldReceiptTable: CollectionTable = {
  collection: heldReceipts,
  table: 'held_receipt',
  indexed: ['recordedAt', 'paymentId', 'orderId', 'accountId'],
  indexes: { waiting: "(shop, recorded_at, id) where status in ('held', 'owedBack')" },
}
