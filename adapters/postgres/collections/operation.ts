import { operations } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Command keys; the upkeep forgets those of long ago. */
export const operationTable: CollectionTable = { collection: operations, table: 'operation', indexed: ['at'] }
