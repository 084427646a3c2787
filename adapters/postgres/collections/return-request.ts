import { returnRequests } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Returns. */
export const returnRequestTable: CollectionTable = {
  collection: returnRequests,
  table: 'return_request',
  indexes: {
    unanswered: "(shop, requested_at, id) where status = 'requested'",
    here: "(shop, received_at, id) where status = 'received'",
    owed: "(shop, refund_by, id) where status = 'inspected'",
  },
}
