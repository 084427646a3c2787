import { operations } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Command keys. */
export const operationTable: CollectionTable = { collection: operations, table: 'operation', indexed: [] }
