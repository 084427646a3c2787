import { reviews } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** What buyers say of what they bought. */
export const reviewTable: CollectionTable = {
  collection: reviews,
  table: 'review',
  indexed: [],
  indexes: {
    of_product: '(shop, product_id, status, posted_at, id)',
    ranked: '(shop, product_id, status, helpful_score, id)',
    written: '(shop, account_id, posted_at, id)',
    of_merchant: '(shop, merchant_id, posted_at, id)',
  },
  checks: { stars: 'rating between 1 and 5' },
}
