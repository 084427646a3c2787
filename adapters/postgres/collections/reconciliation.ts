import { reconciliations } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** What the bills of gateways came to. */
export const reconciliationTable: CollectionTable = {
  collection: reconciliations,
  table: 'reconciliation',
  indexed: ['day'],
}
