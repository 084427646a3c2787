import { products } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Products. */
export const productTable: CollectionTable = { collection: products, table: 'product' }
