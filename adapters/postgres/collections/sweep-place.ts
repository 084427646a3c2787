import { sweepPlaces } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Where sweeps go on. */
export const sweepPlaceTable: CollectionTable = { collection: sweepPlaces, table: 'sweep_place' }
