import { reconciliations } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** What the bills of gateways came to. */
export const reconciliationTable: CollectionTable = {
  collection: reconciliations,
  table: 'reconciliation',
  indexed: ['day'],
  indexes: {
    open: '(shop, open_since, id) where open_since is not null',
    through: '(shop, gateway_id, day, id)',
  },
}
