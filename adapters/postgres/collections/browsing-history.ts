import { browsingHistories } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** What customers looked at and for. */
export const browsingHistoryTable: CollectionTable = {
  collection: browsingHistories,
  table: 'browsing_history',
  indexed: ['endsAt'],
}
