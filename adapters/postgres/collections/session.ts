import { sessions } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Sessions. */
export const sessionTable: CollectionTable = { collection: sessions, table: 'session' }
