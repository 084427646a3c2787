import { levelEntries } from 'shopwright'
import type { LogTable } from '../log-table.js'

/** What counts toward levels. */
export const levelEntryTable: LogTable = { log: levelEntries, table: 'level_entry' }
