import { settlements } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** How completed orders are shared. */
export const settlementTable: CollectionTable = {
  collection: settlements,
  table: 'settlement',
  indexed: ['openPayeeIds', 'owingPayeeIds'],
  indexes: {
    waiting: '(shop, check_at, id) where check_at is not null',
    splitting: '(shop, split_at, id) where split_at is not null',
    lacking: '(shop, lacking_since, id) where lacking_since is not null',
    // Those of which somebody has something to get, or owes: few, however many there were.
    uneven: '(shop, released_at, id) where uneven_shares >= 1',
  },
}
