import { basketCounts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** In how many orders products were together. */
export const basketCountTable: CollectionTable = { collection: basketCounts, table: 'basket_count', indexed: [] }
