import { offerBooks } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Offers. */
export const offerBookTable: CollectionTable = { collection: offerBooks, table: 'offer_book', reliedUpon: true }
