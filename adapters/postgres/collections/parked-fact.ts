import { parkedFacts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** What gateways told of and nothing here is known of. */
export const parkedFactTable: CollectionTable = {
  collection: parkedFacts,
  table: 'parked_fact',
  indexes: { seen: '(shop, status, at, id)' },
}
