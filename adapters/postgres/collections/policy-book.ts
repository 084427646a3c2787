import { policyBooks } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Terms of the shop. */
export const policyBookTable: CollectionTable = { collection: policyBooks, table: 'policy_book', reliedUpon: true }
