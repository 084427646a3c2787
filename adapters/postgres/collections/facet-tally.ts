import { facetTallies } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** How often shoppers filtered by each facet. */
export const facetTallyTable: CounterTable = { family: facetTallies, table: 'facet_tally' }
