import { taxBooks } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Taxes. */
export const taxBookTable: CollectionTable = { collection: taxBooks, table: 'tax_book', reliedUpon: true }
