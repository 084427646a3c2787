import { accounts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Accounts. */
export const accountTable: CollectionTable = { collection: accounts, table: 'account' }
