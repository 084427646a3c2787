import { priceListBooks } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Price lists. */
export const priceListBookTable: CollectionTable = {
  collection: priceListBooks,
  table: 'price_list_book',
  reliedUpon: true,
}
