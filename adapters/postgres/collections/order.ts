import { orders } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Orders with their lines and refunds. */
export const orderTable: CollectionTable = {
  collection: orders,
  table: 'order',
  indexed: ['orderNumber', 'placedAt'],
  indexes: {
    bought: '(shop, account_id, placed_at, id)',
    sold: '(shop, merchant_id, placed_at, id) where merchant_id is not null',
    standing: '(shop, status, placed_at, id)',
    closing: '(shop, close_at, id) where close_at is not null',
    held: '(shop, hold_until, id) where hold_until is not null',
    lost: '(shop, make_good_by, id) where make_good_by is not null',
    forgetting: '(shop, forget_at, id) where forget_at is not null',
    collecting: '(shop, complete_at, id) where complete_at is not null',
    late: '(shop, late_since, id) where late_since is not null',
    advancing: '(shop, advance_at, id) where advance_at is not null',
  },
  checks: {
    not_negative:
      'goods_minor >= 0 and shipping_minor >= 0 and tax_minor >= 0 and points_minor >= 0 and payable_minor >= 0',
  },
  lists: {
    lines: {
      table: 'order_line',
      checks: {
        whole: 'quantity >= 1 and paid_minor >= 0',
        moved: 'signed_quantity >= 0 and signed_quantity <= shipped_quantity and shipped_quantity <= quantity',
        refunded: 'refunded_quantity >= 0 and refunded_quantity <= quantity',
      },
    },
    refunds: { table: 'order_refund', checks: { not_negative: 'cash_minor >= 0 and points_minor >= 0' } },
  },
}
