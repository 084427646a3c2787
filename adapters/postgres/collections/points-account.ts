import { pointsAccounts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'
import { noItem } from '../ddl.js'

/** Points of members. */
export const pointsAccountTable: CollectionTable = {
  collection: pointsAccounts,
  table: 'points_account',
  // The account is the id.
  indexed: [],
  // Of most accounts nothing is about to end; what moves their points writes no index.
  indexes: {
    due: '(shop, next_due_at, id) where next_due_at is not null',
    unnoticed: '(shop, next_unnoticed_at, id) where next_unnoticed_at is not null',
  },
  checks: { not_negative: 'balance >= 0 and debt >= 0', lots: noItem('lots', '@.points < 0') },
}
