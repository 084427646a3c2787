import { payeeBalances } from 'shopwright'
import type { CounterTable } from '../counter-table.js'

/** The balances of payees. */
export const payeeBalanceTable: CounterTable = { family: payeeBalances, table: 'payee_balance' }
