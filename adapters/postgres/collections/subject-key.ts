import { subjectKeys } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Keys of persons. */
export const subjectKeyTable: CollectionTable = { collection: subjectKeys, table: 'subject_key', indexed: [] }
