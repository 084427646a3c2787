import { categories } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Categories. */
export const categoryTable: CollectionTable = { collection: categories, table: 'category' }
