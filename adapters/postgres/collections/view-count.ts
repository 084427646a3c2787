import { viewCounts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** How many people looked at which products together. */
export const viewCountTable: CollectionTable = { collection: viewCounts, table: 'view_count', indexed: [] }
