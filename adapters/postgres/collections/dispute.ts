import { disputes } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Money that payers want back past the shop. */
export const disputeTable: CollectionTable = {
  collection: disputes,
  table: 'dispute',
  indexed: ['accountId', 'orderIds', 'merchantIds'],
  indexes: {
    paid: '(shop, payer_account_id, id) where payer_account_id is not null',
    opened: '(shop, opened_at, id)',
    reminded: '(shop, remind_at, id) where remind_at is not null',
    open: '(shop, query_at, id) where query_at is not null',
    unheard: '(shop, unheard_since, id) where unheard_since is not null',
    silent: '(shop, opened_at, id) where unheard_since is not null',
  },
  checks: { whole: 'amount_minor >= 1' },
}
