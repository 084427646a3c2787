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
    reminding: '(shop, status, remind_at, id) where remind_at is not null',
    of_offer: '(shop, offer_id, issued_at, id)',
    of_campaign: '(shop, campaign_id, issued_at, id) where campaign_id is not null',
    of_batch: '(shop, batch_id, issued_at, id) where batch_id is not null',
  },
}
