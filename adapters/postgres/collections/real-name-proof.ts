import { realNameProofs } from 'shopwright'
import type { CollectionTable } from '../collection-table.js'

/** What the shop keeps of proofs of real names. */
export const realNameProofTable: CollectionTable = { collection: realNameProofs, table: 'real_name_proof' }
