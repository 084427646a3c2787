import { stockCounters } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Free pieces by SKU and warehouse. */
export const stockTable: CounterTable = { family: stockCounters, table: 'stock' }
