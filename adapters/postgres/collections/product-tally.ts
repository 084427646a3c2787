import { productTallies } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Reviews by their stars and pieces sold, of each product. */
export const productTallyTable: CounterTable = { family: productTallies, table: 'product_tally' }
