import { formerContacts } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** What accounts were reached at before, for as long as a change of it may be disowned. */
export const formerContactsTable: CollectionTable = { collection: formerContacts, table: 'former_contacts' }
