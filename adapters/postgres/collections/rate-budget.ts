import { rateBudgets } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** Codes that addresses may still be sent. */
export const rateBudgetTable: CounterTable = { family: rateBudgets, table: 'rate_budget' }
