import { shippingBooks } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Carriage. */
export const shippingBookTable: CollectionTable = {
  collection: shippingBooks,
  table: 'shipping_book',
  reliedUpon: true,
}
