import { placeCounters, stockCounters } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Free pieces by SKU and warehouse. */
export const stockTable: CounterTable = { family: stockCounters, table: 'stock' }

/** Pieces in every other place, by SKU, warehouse and place. */
export const stockPlaceTable: CounterTable = { family: placeCounters, table: 'stock_place' }
