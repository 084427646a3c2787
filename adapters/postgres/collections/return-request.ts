import { returnRequests } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Returns. */
export const returnRequestTable: CollectionTable = { collection: returnRequests, table: 'return_request' }
