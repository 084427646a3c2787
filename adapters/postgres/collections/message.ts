import { messages } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Messages to persons. */
export const messageTable: CollectionTable = { collection: messages, table: 'message' }
