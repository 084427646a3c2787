import { carts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'
import { noItem } from '../ddl.js'

/** Carts. */
export const cartTable: CollectionTable = {
  collection: carts,
  table: 'cart',
  indexed: [],
  indexes: { quiet: '(shop, owner_kind, quiet_since, id) where quiet_since is not null' },
  checks: { lines: noItem('lines', '@.quantity < 1'), later: noItem('later', '@.quantity < 1') },
}
