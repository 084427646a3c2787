import { linkedIdentities } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** By whom else people are vouched for. */
export const linkedIdentitiesTable: CollectionTable = { collection: linkedIdentities, table: 'linked_identities' }
