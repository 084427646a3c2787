import { importRuns } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Imports and how far they have come. */
export const importRunTable: CollectionTable = { collection: importRuns, table: 'import_run' }
