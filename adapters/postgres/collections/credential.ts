import { credentials } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Password hashes. */
export const credentialTable: CollectionTable = { collection: credentials, table: 'credential' }
