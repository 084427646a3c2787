import { secondFactors } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** What people show a second time who they are by. */
export const secondFactorTable: CollectionTable = { collection: secondFactors, table: 'second_factor' }
