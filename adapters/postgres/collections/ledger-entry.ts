import { ledgerEntries } from 'shopwright'
import type { LogTable } from '../log-table.js'

/** The ledger. */
export const ledgerEntryTable: LogTable = { log: ledgerEntries, table: 'ledger_entry' }
