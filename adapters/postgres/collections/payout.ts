import { payouts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Payouts to payees. */
export const payoutTable: CollectionTable = {
  collection: payouts,
  table: 'payout',
  indexed: ['submittedAt'],
  indexes: {
    received: '(shop, payee, submitted_at, id)',
    waiting: '(shop, tell_at, id) where tell_at is not null',
    returning: '(shop, return_at, id) where return_at is not null',
    unreturned: '(shop, returning_since, id) where returning_since is not null',
    unheard: "(shop, submitted_at, id) where status = 'submitted'",
    unclear: '(shop, unclear_since, id) where unclear_since is not null',
  },
}
