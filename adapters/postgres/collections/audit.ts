import { auditLog } from 'shopwright'
import type { LogTable } from '../log-table.js'

/** The audit log. */
export const auditTable: LogTable = { log: auditLog, table: 'audit' }
