import { keptBooks } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Revisions of books that orders were priced by. */
export const keptBookTable: CollectionTable = { collection: keptBooks, table: 'kept_book' }
