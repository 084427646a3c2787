import { carts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Carts. */
export const cartTable: CollectionTable = {
  collection: carts,
  table: 'cart',
  indexed: [],
  indexes: { quiet: '(shop, owner_kind, quiet_since, id) where quiet_since is not null' },
  lists: {
    lines: { table: 'cart_line', checks: { whole: 'quantity >= 1' } },
    later: { table: 'cart_later_line', checks: { whole: 'quantity >= 1' } },
  },
}
