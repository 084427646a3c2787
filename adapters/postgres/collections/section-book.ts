import { sectionBooks } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Sections of the shop. */
export const sectionBookTable: CollectionTable = { collection: sectionBooks, table: 'section_book' }
