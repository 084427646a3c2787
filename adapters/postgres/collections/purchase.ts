import { purchases } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Pieces that persons have bought of limited products, below zero. */
export const purchaseTable: CounterTable = { family: purchases, table: 'purchase' }
