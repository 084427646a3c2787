import { queryTallies } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** How many people searched for a text, by its digest. */
export const queryTallyTable: CounterTable = { family: queryTallies, table: 'query_tally' }
