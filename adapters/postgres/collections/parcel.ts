import { parcels } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Parcels. */
export const parcelTable: CollectionTable = { collection: parcels, table: 'parcel' }
