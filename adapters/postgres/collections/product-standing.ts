import { productStandings } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Products whose counts have moved. */
export const productStandingTable: CollectionTable = {
  collection: productStandings,
  table: 'product_standing',
  indexed: ['dueAt'],
}
