import { coupons } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Coupons. */
export const couponTable: CollectionTable = {
  collection: coupons,
  table: 'coupon',
  indexed: [],
  indexes: {
    held: '(shop, holder_id, claimed_at, id)',
    ending: '(shop, status, valid_to, id)',
    waiting: '(shop, status, claimable_to, id) where claimable_to is not null',
  },
}
