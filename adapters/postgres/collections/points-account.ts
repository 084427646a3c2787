import { pointsAccounts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Points of members. */
export const pointsAccountTable: CollectionTable = {
  collection: pointsAccounts,
  table: 'points_account',
  // The account is the id.
  indexed: ['nextDueAt', 'nextUnnoticedAt'],
  checks: { not_negative: 'balance >= 0 and debt >= 0' },
  lists: { lots: { table: 'points_lot', checks: { not_negative: 'points >= 0' } } },
}
