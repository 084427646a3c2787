import { consentLog } from 'shopwright'
import type { LogTable } from '../log-table.js'

/** Consents given and withdrawn. */
export const consentTable: LogTable = { log: consentLog, table: 'consent' }
