import { paymentWatches } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Attempts to pay, by buyer. */
export const paymentWatchTable: CollectionTable = { collection: paymentWatches, table: 'payment_watch' }
