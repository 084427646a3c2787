import { viewBatches } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** What was looked at and is to be counted. */
export const viewBatchTable: CollectionTable = { collection: viewBatches, table: 'view_batch', indexed: ['dueAt'] }
