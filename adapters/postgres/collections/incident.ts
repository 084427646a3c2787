import { incidents } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Leaks of personal data, on record. */
export const incidentTable: CollectionTable = { collection: incidents, table: 'incident' }
