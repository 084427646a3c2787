import { auditSeals } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** Seals of the audit log. */
export const auditSealTable: CollectionTable = { collection: auditSeals, table: 'audit_seal' }
