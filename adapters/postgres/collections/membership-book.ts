import { membershipBooks } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Terms of the programme. */
export const membershipBookTable: CollectionTable = { collection: membershipBooks, table: 'membership_book' }
