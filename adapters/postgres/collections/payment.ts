import { payments } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Attempts to pay. */
export const paymentTable: CollectionTable = {
  collection: payments,
  table: 'payment',
  indexed: ['merchantId', 'accountId', 'startedAt'],
  indexes: {
    paid: '(shop, payer_account_id, id) where payer_account_id is not null',
    tried: '(shop, order_id, started_at, id)',
    open: '(shop, query_at, id) where query_at is not null',
    waiting: '(shop, payer_account_id, id) where waits_for_others',
    held: '(shop, started_at, id) where to_decide',
    unheard: '(shop, unheard_since, id) where unheard_since is not null',
    through: '(shop, gateway_id, started_at, id)',
    silent: '(shop, started_at, id) where unheard_since is not null',
  },
  checks: {
    refundable:
      // Of money that does not fit what was asked only the state knows how much it is.
      "refund_reserved_minor >= 0 and refunded_minor >= 0 and (status = 'integrityHold' or refund_reserved_minor + refunded_minor <= coalesce(captured_minor, 0))",
  },
}
