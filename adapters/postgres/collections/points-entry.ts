import { pointsEntries } from 'shopwright'
import type { LogTable } from '../log-table.js'

/** The points ledger. */
export const pointsEntryTable: LogTable = {
  log: pointsEntries,
  table: 'points_entry',
  indexed: [],
  indexes: {
    told: '(shop, account_id, at, id)',
    because: '(shop, account_id, reference, id)',
  },
}
