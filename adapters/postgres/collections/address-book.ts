import { addressBooks } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Addresses that customers keep. */
export const addressBookTable: CollectionTable = { collection: addressBooks, table: 'address_book' }
